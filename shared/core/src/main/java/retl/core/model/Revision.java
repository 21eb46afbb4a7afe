package retl.core.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.Impact.BrokenMapping;
import retl.core.model.Model.Verified;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/**
 * A saved configuration of a model. It never changes.
 *
 * @param number from 1; without gaps
 * @param columns of the preview that verified it; null when none did
 * @param verified null when it was saved without a preview
 * @param changed the names of the fields that it changed
 * @param restoredFrom the revision that it made current again; null when it did not
 * @param acceptedBreaks the mappings that its author knew it would break
 */
public record Revision(
    int number,
    String name,
    @Nullable String description,
    String credentialId,
    Warehouse warehouse,
    String sql,
    @Nullable List<String> primaryKey,
    @Nullable List<Column> columns,
    @Nullable Verified verified,
    List<String> changed,
    @Nullable Integer restoredFrom,
    List<BrokenMapping> acceptedBreaks,
    Instant savedAt,
    String savedBy) {

  public Revision {
    primaryKey = primaryKey == null ? null : List.copyOf(primaryKey);
    columns = columns == null ? null : List.copyOf(columns);
    changed = List.copyOf(changed);
    acceptedBreaks = List.copyOf(acceptedBreaks);
  }

  /** The newest revision of a model. */
  public static Revision of(
      Model model,
      List<String> changed,
      @Nullable Integer restoredFrom,
      List<BrokenMapping> acceptedBreaks) {
    return new Revision(
        model.revision(),
        model.name(),
        model.description(),
        model.credentialId(),
        model.warehouse(),
        model.sql(),
        model.primaryKey(),
        model.verified() == null ? null : model.columns(),
        model.verified(),
        changed,
        restoredFrom,
        acceptedBreaks,
        model.updatedAt(),
        model.updatedBy());
  }
}
