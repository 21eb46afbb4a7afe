package retl.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import retl.core.warehouse.Warehouse;

/** The corpora of a folder. */
final class Corpora {
  private Corpora() {}

  /**
   * A text to judge.
   *
   * @param origin where it comes from
   */
  record Text(String origin, Warehouse dialect, String sql) {}

  /** The queries of {@code sql/legit.jsonl}. */
  static List<Text> legit(Path folder) throws IOException {
    List<Text> texts = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("sql/legit.jsonl"))) {
      Map<String, Object> row = JSON.std.mapFrom(line);
      texts.add(
          new Text(field(row, "source"), warehouse(field(row, "dialect")), field(row, "sql")));
    }
    return texts;
  }

  /** The rows of {@code sql/attacks.tsv} that a gate must refuse. */
  static List<Text> attacks(Path folder) throws IOException {
    List<Text> texts = new ArrayList<>();
    List<String> lines = Files.readAllLines(folder.resolve("sql/attacks.tsv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] row = line.split("\t", -1);
      if (row[4].equals("gate")) {
        texts.add(new Text(row[3], warehouse(row[0]), (String) JSON.std.anyFrom(row[1])));
      }
    }
    return texts;
  }

  private static String field(Map<String, Object> row, String name) {
    return Objects.requireNonNull(row.get(name), name).toString();
  }

  private static Warehouse warehouse(String name) {
    return Warehouse.of(name).orElseThrow();
  }
}
