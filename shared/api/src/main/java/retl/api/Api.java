package retl.api;

import java.time.Clock;
import retl.core.Receipt;

/**
 * What every API function needs beside its service.
 *
 * @param receipts the answers to earlier requests with an idempotency key
 */
public record Api(Cursors cursors, Receipt.Store receipts) {

  /**
   * For functions that only answer what they know by themselves: no list, and nothing to repeat.
   */
  public static final Api WITHOUT_STORES =
      new Api(
          new Cursors(
              (purpose, algorithm) -> {
                throw new IllegalStateException("This function has no lists.");
              },
              Clock.systemUTC()),
          (caller, once) -> null);
}
