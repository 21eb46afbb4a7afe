package retl.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.query.OutputColumn;
import retl.core.query.SourceColumn;

/**
 * Something that a query selects from: what it is called there, and its columns.
 *
 * @param name folded; null when it has none
 */
record Relation(@Nullable String name, List<OutputColumn> columns) {
  /** Columns of which nothing is known. */
  static final List<OutputColumn> UNKNOWN = List.of(new OutputColumn.Star(null));

  /**
   * What a column is made of; null when it is not known whether it is a column of this relation.
   */
  record Trace(Set<SourceColumn> sources, boolean complete) {}

  /** Whether every column is known by name. */
  boolean isKnown() {
    return columns.stream().allMatch(column -> column instanceof OutputColumn.Named);
  }

  /** The column that surely is one of this relation; null when none is. */
  @Nullable Trace named(String column) {
    for (OutputColumn candidate : columns) {
      if (candidate instanceof OutputColumn.Named named && column.equals(named.name())) {
        return new Trace(Set.copyOf(named.sources()), named.complete());
      }
    }
    return null;
  }

  /** The column as one of the table whose columns are all here; null when there is no such one. */
  @Nullable Trace starred(String column) {
    List<OutputColumn> stars =
        columns.stream().filter(c -> c instanceof OutputColumn.Star).toList();
    if (stars.size() == 1
        && stars.getFirst() instanceof OutputColumn.Star(var table)
        && table != null) {
      return new Trace(Set.of(new SourceColumn(table, column)), true);
    }
    return null;
  }

  /** The same columns under other names, as far as there are names. */
  Relation renamed(@Nullable String newName, List<String> columnNames) {
    if (columnNames.isEmpty()) {
      return new Relation(newName, columns);
    }
    List<OutputColumn> renamed = new ArrayList<>();
    for (int i = 0; i < columnNames.size(); i++) {
      renamed.add(
          isKnown() && i < columns.size()
              ? rename((OutputColumn.Named) columns.get(i), columnNames.get(i))
              : new OutputColumn.Named(columnNames.get(i), List.of(), false));
    }
    if (isKnown() && columns.size() > columnNames.size()) {
      renamed.addAll(columns.subList(columnNames.size(), columns.size()));
    }
    return new Relation(newName, renamed);
  }

  private static OutputColumn rename(OutputColumn.Named column, String name) {
    return new OutputColumn.Named(name, column.sources(), column.complete());
  }

  boolean isCalled(String qualifier) {
    return Objects.equals(name, qualifier);
  }
}
