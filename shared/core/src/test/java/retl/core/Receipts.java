package retl.core;

import java.util.Map;
import java.util.function.Function;

/** Receipts for a request with an idempotency key. */
public final class Receipts {
  /** The request. */
  public static final Receipt.Once ONCE = new Receipt.Once("POST /things", "key-1", "hash-1");

  private Receipts() {}

  /** Makes receipts whose body is this text of what was made. */
  public static <T> Receipt.Writer<T> writer(Function<T, String> body) {
    return new Receipt.Writer<>() {
      @Override
      public Receipt.Once once() {
        return ONCE;
      }

      @Override
      public Receipt receiptOf(T made) {
        return new Receipt(ONCE, 201, Map.of("Location", "/things/1"), body.apply(made));
      }
    };
  }
}
