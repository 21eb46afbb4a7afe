package retl.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@code POST} with an idempotency key. It is written in the same transaction as
 * the effect, so that a repeat is answered alike and never has a second effect.
 *
 * @param once which request it answers
 * @param status the HTTP status of the answer
 * @param headers the headers that a repeat needs again
 * @param body the JSON of the answer
 */
public record Receipt(Once once, int status, Map<String, String> headers, String body) {
  public Receipt {
    headers = Map.copyOf(headers);
  }

  /**
   * One request that must have one effect.
   *
   * @param route the method and path template that it came by
   * @param key the client's own word for it
   * @param bodyHash tells another body under the same key
   */
  public record Once(String route, String key, String bodyHash) {}

  /** Makes the receipt of what was just made. */
  public interface Writer<T> {

    /** The request; null when the client sent no idempotency key. */
    @Nullable Once once();

    /** Its receipt; null when the client sent no idempotency key. */
    @Nullable Receipt receiptOf(T made);

    /** For a request without an idempotency key. */
    static <T> Writer<T> none() {
      return new Writer<>() {
        @Override
        public @Nullable Once once() {
          return null;
        }

        @Override
        public @Nullable Receipt receiptOf(T made) {
          return null;
        }
      };
    }
  }

  /** Finds the receipts of earlier requests. */
  public interface Store {
    /**
     * What is known of this key on this route; null when nothing is, or when it is older than a
     * day.
     */
    @Nullable Kept find(Caller caller, Once once);
  }

  /** What is known of a key: its body, and the answer unless the first request has not ended. */
  public record Kept(String bodyHash, @Nullable Receipt receipt) {}
}
