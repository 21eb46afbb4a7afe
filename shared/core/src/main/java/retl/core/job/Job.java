package retl.core.job;

import java.time.Duration;
import java.time.Instant;

/**
 * A job's address: all that travels. What is to be done stands in the store, under these two ids.
 *
 * @param workspace the workspace that it belongs to; the worker looks nowhere else
 * @param id of a preview ({@code prv_…}), a check of a key ({@code kch_…}) or a validation ({@code
 *     val_…})
 */
public record Job(String workspace, String id) {
  /** The longest that a write takes, with its retries. */
  private static final Duration WRITE = Duration.ofSeconds(3);

  /**
   * True when a write that begins now could be there after the deadline, when readers may have been
   * told already that the worker is lost. What is over must stay so.
   */
  public static boolean isLate(Instant now, Instant deadline) {
    return now.isAfter(deadline.minus(WRITE));
  }
}
