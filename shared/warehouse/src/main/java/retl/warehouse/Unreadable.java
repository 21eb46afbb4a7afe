package retl.warehouse;

import java.util.List;
import java.util.stream.Collectors;
import retl.core.query.TableName;
import retl.core.validation.Check.Remedy;

/**
 * A table that a query names and the user cannot read.
 *
 * @param table as the query names it
 * @param grants the statements that open it; none when there is no such table
 */
public record Unreadable(TableName table, List<String> grants) {
  public Unreadable {
    grants = List.copyOf(grants);
  }

  /** What the check of a query's tables fails with. */
  static Fault fault(List<Unreadable> tables) {
    String missing =
        tables.stream()
            .filter(each -> each.grants.isEmpty())
            .map(each -> each.table.toString())
            .collect(Collectors.joining(", "));
    String closed =
        tables.stream()
            .filter(each -> !each.grants.isEmpty())
            .map(each -> each.table.toString())
            .collect(Collectors.joining(", "));
    if (closed.isEmpty()) {
      return new Fault(
          "unknown_table",
          "There is no such table, or none that the user sees: " + missing + ".",
          null);
    }
    String message = "The user may not read these tables: " + closed + ".";
    return new Fault(
        "table_access_denied",
        missing.isEmpty() ? message : message + " There are none of these names: " + missing + ".",
        new Remedy(
            "Run these as the owner of the tables:",
            tables.stream().flatMap(each -> each.grants.stream()).distinct().toList()));
  }
}
