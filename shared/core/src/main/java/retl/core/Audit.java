package retl.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That something was changed, by whom and when; written in the same transaction as the change. It
 * never holds a value: not a secret, not a query.
 *
 * @param action noun and verb, such as {@code model.created}
 * @param resource the id of what was changed
 * @param fields the names of the fields that were set or changed
 */
public record Audit(
    String id,
    Instant at,
    String actor,
    String action,
    String resource,
    List<String> fields,
    String requestId) {

  public Audit {
    fields = List.copyOf(fields);
  }

  /** The audit of what this caller does now. */
  public static Audit of(
      Caller caller, Ids ids, Instant at, String action, String resource, List<String> fields) {
    return new Audit(
        ids.next("aud"), at, caller.actor(), action, resource, fields, caller.requestId());
  }

  /** Finds what was written. */
  public interface Store {
    /**
     * What was done in the caller's workspace, the newest first.
     *
     * @param resource the id of what was changed; null for everything
     */
    Page<Audit> list(Caller caller, @Nullable String resource, Page.Request page);
  }
}
