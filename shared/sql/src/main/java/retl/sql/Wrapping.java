package retl.sql;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The texts that go around a query. Each begins and ends with a line break beside the query, so
 * that a comment at its end cannot reach the wrapper and positions shift by whole lines.
 *
 * @param prefix before the query, ends with a line feed
 * @param suffix behind it, begins with a line feed
 */
record Wrapping(String prefix, String suffix) {

  /** At most {@code limit} rows. */
  static Wrapping limited(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("A limit below 0: " + limit);
    }
    return new Wrapping("SELECT * FROM (\n", "\n) AS q LIMIT " + limit);
  }

  /** One row with the number of rows. */
  static Wrapping counted() {
    return new Wrapping("SELECT COUNT(*) AS row_count FROM (\n", "\n) AS q");
  }

  /** One row with the number of rows, of different complete keys, and of rows without one. */
  static Wrapping audited(List<String> columns) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("A key without columns");
    }
    List<String> keys = columns.stream().map(Wrapping::quote).toList();
    String noNull = missing(keys.size(), "0", "1");
    String nullRows = missing(keys.size(), "n", "0");
    String named =
        IntStream.range(0, keys.size())
            .mapToObj(i -> "q." + keys.get(i) + " AS k" + i)
            .collect(Collectors.joining(", "));
    String grouped = keys.stream().map(key -> "q." + key).collect(Collectors.joining(", "));
    return new Wrapping(
        "SELECT COALESCE(SUM(n), 0) AS row_count, COALESCE(SUM("
            + noNull
            + "), 0) AS distinct_keys, COALESCE(SUM("
            + nullRows
            + "), 0) AS null_keys FROM (SELECT "
            + named
            + ", COUNT(*) AS n FROM (\n",
        "\n) AS q GROUP BY " + grouped + ") AS k");
  }

  private static String missing(int keys, String then, String otherwise) {
    return IntStream.range(0, keys)
        .mapToObj(i -> "k" + i + " IS NULL")
        .collect(
            Collectors.joining(
                " OR ", "CASE WHEN ", " THEN " + then + " ELSE " + otherwise + " END"));
  }

  private static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
