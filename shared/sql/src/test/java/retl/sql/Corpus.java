package retl.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Warehouse;

/** The rows of the text tables in the test resources. */
final class Corpus {
  private Corpus() {}

  /** A row of tricky.tsv: the text to run after what surrounds it fell away, or a refusal. */
  record Tricky(Warehouse dialect, String input, String expected, String note) {

    /** Whether the row allows that the text is refused. */
    boolean mayBeRefused() {
      return expected.contains("REFUSE") || note.contains("REFUSE");
    }

    /** The accepted text; null when the row wants a refusal. */
    @Nullable String text() {
      if (expected.contains("or S (")) {
        return "SELECT 1";
      }
      if (!expected.startsWith("\"")) {
        return null;
      }
      String text = unquote(expected.substring(0, expected.lastIndexOf('"') + 1));
      return text.replaceAll(" +\\((BOM dropped|or REFUSE).*", "");
    }

    @Override
    public String toString() {
      return dialect.wireName() + ": " + note + " " + shown(input);
    }
  }

  /** A row of attacks.tsv. */
  record Attack(Warehouse dialect, String payload, String why, String category, boolean forGate) {

    @Override
    public String toString() {
      return dialect.wireName() + ": " + why + " " + shown(payload);
    }
  }

  /**
   * A row of refused.tsv.
   *
   * @param part what the refusal points at
   */
  record Refused(Warehouse dialect, String input, String reason, String part) {

    @Override
    public String toString() {
      return dialect.wireName() + ": " + reason + " " + shown(input);
    }
  }

  /**
   * A row of accepted.tsv.
   *
   * @param text the query in the input
   */
  record Accepted(Warehouse dialect, String input, String text) {

    @Override
    public String toString() {
      return dialect.wireName() + ": " + shown(input);
    }
  }

  /**
   * A row of hostile.tsv or everyday.tsv, for one of its dialects; everyday texts have no reason.
   */
  record Text(Warehouse dialect, String input, String reason) {

    @Override
    public String toString() {
      return dialect.wireName() + ": " + shown(input);
    }
  }

  private static String shown(String input) {
    return input.substring(0, Math.min(80, input.length())).replaceAll("\\p{C}", " ");
  }

  static List<Refused> refused() {
    return rows("refused.tsv").stream()
        .map(row -> new Refused(warehouse(row[0]), unquote(row[1]), row[2], unquote(row[3])))
        .toList();
  }

  static List<Accepted> accepted() {
    return rows("accepted.tsv").stream()
        .map(row -> new Accepted(warehouse(row[0]), unquote(row[1]), unquote(row[2])))
        .toList();
  }

  /** Texts that must be refused, and why. */
  static List<Text> hostile() {
    return rows("hostile.tsv").stream()
        .flatMap(
            row -> warehouses(row[0]).map(dialect -> new Text(dialect, unquote(row[1]), row[2])))
        .toList();
  }

  /** Texts as people write them every day. */
  static List<Text> everyday() {
    return rows("everyday.tsv").stream()
        .map(row -> new Text(warehouse(row[0]), unquote(row[1]), ""))
        .toList();
  }

  private static Stream<Warehouse> warehouses(String wireNames) {
    return wireNames.equals("all")
        ? Arrays.stream(Warehouse.values())
        : Arrays.stream(wireNames.split(",", -1)).map(Corpus::warehouse);
  }

  static List<Tricky> tricky() {
    return rows("tricky.tsv").stream()
        .map(
            row ->
                new Tricky(
                    warehouse(row[0]), unquote(row[1]), row[2], row.length > 3 ? row[3] : ""))
        .toList();
  }

  static List<Attack> attacks() {
    return rows("attacks.tsv").stream()
        .map(
            row ->
                new Attack(
                    warehouse(row[0]), unquote(row[1]), row[2], row[3], row[4].equals("gate")))
        .toList();
  }

  /** A query that somebody wrote to be read by this dialect. */
  record Legit(String origin, Warehouse dialect, String sql) {}

  /** The queries of the corpus that may not be copied here. */
  static List<Legit> legit(Path folder) throws IOException {
    try (var lines = Files.lines(folder.resolve("sql/legit.jsonl"))) {
      return lines.map(Corpus::legit).toList();
    }
  }

  private static Legit legit(String json) {
    String[] quoted = json.split("\": \"|\", \"", 6);
    return new Legit(
        quoted[1],
        warehouse(quoted[3]),
        unquote("\"" + quoted[5].substring(0, quoted[5].length() - 1)));
  }

  private static List<String[]> rows(String resource) {
    var stream = Objects.requireNonNull(Corpus.class.getResourceAsStream(resource), resource);
    try (var reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      return reader.lines().skip(1).map(line -> line.split("\t", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Warehouse warehouse(String wireName) {
    return Warehouse.of(wireName).orElseThrow();
  }

  /** The text that a JSON string spells. */
  static String unquote(String json) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < json.length() - 1; i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = json.charAt(++i);
      switch (escaped) {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        case 'u' -> {
          text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append(escaped);
      }
    }
    return text.toString();
  }
}
