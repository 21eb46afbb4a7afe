package retl.core.validation;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the named checks of a validation.
 *
 * @param code why it failed, a stable snake_case word; null unless it failed
 * @param message the same for a person; never the driver's text from before the login
 * @param remedy what mends it; null when there is nothing to run or to do
 * @param durationMs null until it ended, and when it was skipped
 */
public record Check(
    Name name,
    Status status,
    @Nullable String code,
    @Nullable String message,
    @Nullable Remedy remedy,
    @Nullable Long durationMs) {

  /** What the warehouse says to credentials that it does not let in. */
  private static final Set<String> REFUSALS =
      Set.of(
          "authentication_failed",
          "authentication_method",
          "access_denied",
          "unknown_database",
          "database_access_denied",
          "user_locked",
          "role_denied",
          "role_needed",
          "role_closed",
          "role_unprotected",
          "iam_denied",
          "unknown_cluster",
          "unknown_workgroup",
          "host_not_allowed",
          "network_policy",
          "warehouse_access_denied");

  /** Whatever else a check fails of after the login is an answer of the warehouse. */
  private static final Set<String> NO_ANSWERS =
      Set.of(
          "connection_lost",
          "connection_failed",
          "timed_out",
          "too_many_connections",
          "warehouse_unavailable",
          "warehouse_overloaded",
          "internal_error",
          "worker_lost",
          "not_started");

  /**
   * True when it failed because the warehouse answered no, false when it may pass the next time by
   * itself.
   */
  boolean isRefusal() {
    return name == Name.CONNECTION
        ? REFUSALS.contains(String.valueOf(code))
        : !NO_ANSWERS.contains(String.valueOf(code));
  }

  /** The checks, in the order in which they run. */
  public enum Name {
    CONNECTION("connection", "Verifying Connection"),
    LIST_SCHEMAS("listSchemas", "Able to List Schema"),
    STATE_SCHEMA("stateSchema", "Able to Access RudderStack Schema"),
    /** Only where a query is given; it says nothing of the credentials themselves. */
    QUERY_TABLES("queryTables", "Able to Read the Tables of the Query");

    /** The checks of credentials by themselves. */
    public static final List<Name> OF_CREDENTIALS = List.of(CONNECTION, LIST_SCHEMAS, STATE_SCHEMA);

    private final String wireName;
    private final String title;

    Name(String wireName, String title) {
      this.wireName = wireName;
      this.title = title;
    }

    /** The name in the API. */
    public String wireName() {
      return wireName;
    }

    /** The name for people, as RudderStack writes it where it has the check. */
    public String title() {
      return title;
    }
  }

  /** How far a check is. */
  public enum Status {
    PENDING,
    RUNNING,
    PASSED,
    FAILED,
    SKIPPED;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What mends a failed check.
   *
   * @param text what to do, and as whom
   * @param sql the exact statements, with the credential's own names, quoted for its warehouse
   */
  public record Remedy(String text, List<String> sql) {
    public Remedy {
      sql = List.copyOf(sql);
    }
  }

  static Check waiting(Name name, Status status) {
    return new Check(name, status, null, null, null, null);
  }
}
