package retl.core.query;

import java.util.List;

/**
 * What a query reads and what it gives, as far as its text alone says.
 *
 * @param parsed whether the text could be read as a tree; without it the lists are empty and mean
 *     nothing
 * @param tables the tables and views it names, each once, in the order of their first mention; not
 *     the names that the query itself defines
 * @param columns its output columns, in order
 */
public record Lineage(boolean parsed, List<TableName> tables, List<OutputColumn> columns) {

  /** Of a query that could not be read as a tree. */
  public static final Lineage UNKNOWN = new Lineage(false, List.of(), List.of());

  public Lineage {
    tables = List.copyOf(tables);
    columns = List.copyOf(columns);
  }

  /** Whether the number and names of all output columns are known. */
  public boolean columnsKnown() {
    return parsed
        && columns.stream()
            .allMatch(column -> column instanceof OutputColumn.Named named && named.name() != null);
  }
}
