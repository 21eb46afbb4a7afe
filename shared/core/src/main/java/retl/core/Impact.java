package retl.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Column;

/**
 * What a change of a model does to those who use it.
 *
 * @param columnsKnown false when nobody has run the query that the model will have; then nothing is
 *     said of columns and mappings
 * @param brokenMappings what would no longer find its column, or not as it was
 * @param reason why the next sync must be a full one; null when it need not be
 */
public record Impact(
    boolean columnsKnown,
    ColumnChanges columns,
    List<BrokenMapping> brokenMappings,
    NextSync nextSync,
    @Nullable String reason) {

  public Impact {
    brokenMappings = List.copyOf(brokenMappings);
  }

  /** True when the change is made only by those who accept it. */
  public boolean isBreaking() {
    return !brokenMappings.isEmpty();
  }

  /** Which rows the next sync sends. */
  public enum NextSync {
    /** What changed since the last one. */
    INCREMENTAL,
    /** All: there is nothing to compare with. */
    FULL;

    /** The word in the API: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A mapping that would break.
   *
   * @param connectionId null for the model's own primary key
   * @param field what the column is mapped to; {@code primaryKey} for the model's own
   * @param reason a stable snake_case word
   */
  public record BrokenMapping(
      @Nullable String connectionId, String field, String column, String reason) {}

  /** A column whose type in JSON is another one. */
  public record TypeChange(String name, Column.Type from, Column.Type to) {}

  /** How the columns of two queries differ. Columns of one name are told apart by their order. */
  public record ColumnChanges(
      List<Column> added, List<Column> removed, List<TypeChange> typeChanged) {
    /** No difference. */
    public static final ColumnChanges NONE = new ColumnChanges(List.of(), List.of(), List.of());

    public ColumnChanges {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      typeChanged = List.copyOf(typeChanged);
    }

    public boolean isEmpty() {
      return added.isEmpty() && removed.isEmpty() && typeChanged.isEmpty();
    }

    /** The differences, in the order of the columns. */
    public static ColumnChanges between(List<Column> before, List<Column> after) {
      Map<String, List<Column>> old = new LinkedHashMap<>();
      before.forEach(each -> old.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each));
      List<Column> added = new ArrayList<>();
      List<TypeChange> typeChanged = new ArrayList<>();
      for (Column column : after) {
        List<Column> same = old.getOrDefault(column.name(), List.of());
        if (same.isEmpty()) {
          added.add(column);
        } else {
          Column was = same.removeFirst();
          if (was.type() != column.type()) {
            typeChanged.add(new TypeChange(column.name(), was.type(), column.type()));
          }
        }
      }
      List<Column> removed = old.values().stream().flatMap(List::stream).toList();
      return new ColumnChanges(added, removed, typeChanged);
    }
  }
}
