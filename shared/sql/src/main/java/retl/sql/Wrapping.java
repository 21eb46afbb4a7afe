package retl.sql;

import java.util.List;
import java.util.function.IntFunction;
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

  /**
   * The number of rows, of different complete keys, and of rows without one, beside the keys of the
   * most rows. The groups have a name because they are read twice: a window over all of them would
   * be the work of a single node.
   */
  static Wrapping audited(List<String> columns, int duplicates) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("A key without columns");
    }
    int count = columns.size();
    List<String> keys = columns.stream().map(Wrapping::quote).toList();
    String isIncomplete = each(count, " OR ", i -> "k" + i + " IS NULL");
    return new Wrapping(
        "WITH retl_key_groups AS (SELECT "
            + each(count, ", ", i -> "q." + keys.get(i) + " AS k" + i)
            + ", COUNT(*) AS n FROM (\n",
        "\n) AS q GROUP BY "
            + each(count, ", ", i -> "q." + keys.get(i))
            + ") SELECT t.row_count, t.distinct_keys, t.null_keys, d.copies, "
            + each(count, ", ", i -> "d.k" + i + " AS " + keys.get(i))
            + " FROM (SELECT COALESCE(SUM(n), 0) AS row_count,"
            + " COALESCE(SUM(CASE WHEN "
            + isIncomplete
            + " THEN 0 ELSE 1 END), 0) AS distinct_keys,"
            + " COALESCE(SUM(CASE WHEN "
            + isIncomplete
            + " THEN n ELSE 0 END), 0) AS null_keys FROM retl_key_groups) AS t"
            + " LEFT JOIN (SELECT n AS copies, "
            + each(count, ", ", i -> "k" + i)
            + " FROM retl_key_groups WHERE n > 1 AND NOT ("
            + isIncomplete
            + ") ORDER BY n DESC LIMIT "
            + duplicates
            + ") AS d ON 1 = 1 ORDER BY d.copies DESC");
  }

  private static String each(int count, String between, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(between));
  }

  private static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
