package retl.core.credential;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Warehouse;

/**
 * Saved credentials, as everybody may see them: the secret is only named.
 *
 * @param secretVersion which version of the secret belongs to these settings, from 1
 * @param targetVersion counts, from 1, the changes after which a query may find something else
 * @param lastValidation how the newest finished validation ended; null before the first
 * @param version changes with every write; the resource's ETag
 */
public record Credential(
    String id,
    String name,
    Settings settings,
    List<String> secretFields,
    int secretVersion,
    int targetVersion,
    Status status,
    @Nullable LastValidation lastValidation,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    String updatedBy,
    long version) {

  public Credential {
    secretFields = List.copyOf(secretFields);
  }

  public Warehouse warehouse() {
    return settings.warehouse();
  }

  /** What is known of whether they work. */
  public enum Status {
    UNVALIDATED,
    VALID,
    FAILING;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The newest finished validation, in short.
   *
   * @param status {@code passed} or {@code failed}
   * @param code of the check that failed; null when all passed
   */
  public record LastValidation(
      String id, String status, @Nullable String code, Instant finishedAt) {}
}
