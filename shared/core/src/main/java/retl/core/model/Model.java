package retl.core.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/**
 * A named, saved query.
 *
 * @param sql as it was sent, byte for byte
 * @param primaryKey the columns that tell its rows apart; null when none was chosen
 * @param columns of the last preview that verified it; null when none ever did. While it is not
 *     verified they may be those of an earlier query: what is mapped was mapped to them
 * @param verified null while nobody has run exactly this query on exactly these credentials
 * @param revision counts saved configurations, from 1: whatever name, description, credentials,
 *     query, key, columns and being verified have been together
 * @param sourceCount how many sources use it
 * @param version changes with every write; the resource's ETag
 */
public record Model(
    String id,
    String name,
    @Nullable String description,
    String credentialId,
    Warehouse warehouse,
    String sql,
    @Nullable List<String> primaryKey,
    @Nullable List<Column> columns,
    @Nullable Verified verified,
    int revision,
    int sourceCount,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    String updatedBy,
    long version) {

  public Model {
    primaryKey = primaryKey == null ? null : List.copyOf(primaryKey);
    columns = columns == null ? null : List.copyOf(columns);
  }

  /** The same model as another revision. */
  Model atRevision(int number) {
    return new Model(
        id,
        name,
        description,
        credentialId,
        warehouse,
        sql,
        primaryKey,
        columns,
        verified,
        number,
        sourceCount,
        createdAt,
        createdBy,
        updatedAt,
        updatedBy,
        version);
  }

  /** The same model as it stands in a list. */
  public ModelSummary summary() {
    return new ModelSummary(
        id,
        name,
        description,
        credentialId,
        warehouse,
        primaryKey,
        verified,
        revision,
        sourceCount,
        createdAt,
        createdBy,
        updatedAt,
        updatedBy,
        version);
  }

  /**
   * Which completed preview showed that the query works, and when the model was saved with it.
   *
   * @param targetVersion of the credentials then; with another one it shows nothing
   */
  public record Verified(String previewId, Instant at, int targetVersion) {}
}
