package retl.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Impact;
import retl.core.Impact.BrokenMapping;
import retl.core.Impact.ColumnChanges;
import retl.core.warehouse.Column;

/** Judges what a change of a model does to those who use it. */
final class Impacts {
  private final Mappings mappings;

  Impacts(Mappings mappings) {
    this.mappings = mappings;
  }

  /**
   * The impact of a change.
   *
   * @param keyIsGiven whether the caller chose the key that the model will have; else it counts as
   *     mapped
   */
  Impact of(String workspace, Model before, Model after, boolean keyIsGiven) {
    boolean isKnown = after.verified() != null;
    List<Column> old = columns(before);
    List<Column> now = isKnown ? columns(after) : old;
    ColumnChanges changes = ColumnChanges.between(old, now);
    List<BrokenMapping> broken =
        changes.isEmpty() ? List.of() : broken(workspace, before, keyIsGiven, old, now);
    String reason = reasonForFullSync(before, after, changes);
    return new Impact(
        isKnown,
        changes,
        broken,
        reason == null ? Impact.NextSync.INCREMENTAL : Impact.NextSync.FULL,
        reason);
  }

  private static List<Column> columns(Model model) {
    return Objects.requireNonNullElse(model.columns(), List.of());
  }

  private List<BrokenMapping> broken(
      String workspace, Model before, boolean keyIsGiven, List<Column> old, List<Column> now) {
    List<BrokenMapping> broken = new ArrayList<>();
    if (!keyIsGiven) {
      for (String column : Objects.requireNonNullElse(before.primaryKey(), List.<String>of())) {
        whyBroken(column, old, now)
            .ifPresent(why -> broken.add(new BrokenMapping(null, "primaryKey", column, why)));
      }
    }
    for (Mappings.Mapping mapping : mappings.of(workspace, before.id())) {
      whyBroken(mapping.column(), old, now)
          .ifPresent(
              why ->
                  broken.add(
                      new BrokenMapping(
                          mapping.connectionId(), mapping.field(), mapping.column(), why)));
    }
    return broken;
  }

  // What was broken before is not broken by this change.
  private static Optional<String> whyBroken(String name, List<Column> old, List<Column> now) {
    List<Column> before = named(name, old);
    List<Column> after = named(name, now);
    if (before.size() != 1) {
      return Optional.empty();
    }
    if (after.isEmpty()) {
      return Optional.of("column_removed");
    }
    if (after.size() > 1) {
      return Optional.of("column_ambiguous");
    }
    return before.getFirst().type() == after.getFirst().type()
        ? Optional.empty()
        : Optional.of("column_type_changed");
  }

  private static List<Column> named(String name, List<Column> columns) {
    return columns.stream().filter(column -> column.name().equals(name)).toList();
  }

  // An incremental sync compares rows with those of the last one, by their keys.
  private static @Nullable String reasonForFullSync(
      Model before, Model after, ColumnChanges changes) {
    if (!after.credentialId().equals(before.credentialId())) {
      return "credentials_changed";
    }
    if (!after.sql().equals(before.sql())) {
      return "query_changed";
    }
    if (!Objects.equals(after.primaryKey(), before.primaryKey())) {
      return "primary_key_changed";
    }
    if (!changes.isEmpty()) {
      return "columns_changed";
    }
    return before.verified() == null ? "not_verified" : null;
  }
}
