package retl.core.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Warehouse;

/**
 * A model in a list: everything but its query and its columns. The fields are those of {@link
 * Model}.
 */
public record ModelSummary(
    String id,
    String name,
    @Nullable String description,
    String credentialId,
    Warehouse warehouse,
    @Nullable List<String> primaryKey,
    Model.@Nullable Verified verified,
    int revision,
    int sourceCount,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    String updatedBy,
    long version) {

  public ModelSummary {
    primaryKey = primaryKey == null ? null : List.copyOf(primaryKey);
  }
}
