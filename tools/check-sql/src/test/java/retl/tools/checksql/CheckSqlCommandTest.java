package retl.tools.checksql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CheckSqlCommandTest {
  @TempDir Path folder;

  private record Run(int exit, String out, String err) {}

  private static Run run(byte[] in, String... args) {
    return run(new ByteArrayInputStream(in), args);
  }

  private static Run run(InputStream in, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new CheckSqlCommand(in))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Run(exit, out.toString(), err.toString());
  }

  private static Run run(String in, String... args) {
    return run(in.getBytes(UTF_8), args);
  }

  private String file(String name, String sql) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, sql).toString();
  }

  @Test
  void isQuietAboutFineFiles() throws IOException {
    String fine = file("fine.sql", "SELECT 1; -- c");

    assertThat(run("", "--dialect", "postgres", fine)).isEqualTo(new Run(0, "", ""));
  }

  @Test
  void printsALineThatEditorsUnderstand() throws IOException {
    String bad = file("bad.sql", "-- users\nSELECT *\nFROM t; DROP TABLE t");

    Run run = run("", "--dialect", "postgres", bad);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .startsWith(bad + ":3:9: second_statement: A second statement begins here.")
        .hasLineCount(1);
  }

  @Test
  void looksForQueriesBelowAFolder() throws IOException {
    file("models/b.sql", "DELETE FROM t");
    file("models/a/c.SQL", "");
    file("models/readme.md", "no query");

    Run run = run("", "--dialect", "snowflake", folder.resolve("models").toString());

    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("c.SQL:1:1: empty: "),
            line -> assertThat(line).contains("b.sql:1:1: statement_not_allowed: "));
  }

  /** Bytes of a file, and the line that is printed about it; empty when it is fine. */
  static Stream<Arguments> files() {
    return Stream.of(
        arguments("a byte order mark", bytes("\ufeffSELECT 1"), ""),
        arguments("one before a problem", bytes("\ufeffSELECT 1;\nx"), ":2:1: second_statement: A"),
        arguments("UTF-16", "SELECT 1".getBytes(UTF_16), ":1:1: unreadable: The text is not"),
        arguments("Latin-1", "SELECT 1\n, 'é'".getBytes(ISO_8859_1), ":2:4: unreadable: The text"),
        arguments("half a character", new byte[] {'1', (byte) 0xc3}, ":1:2: unreadable: The text"),
        arguments("the longest", bytes("SELECT 1" + " ".repeat(64 * 1024 - 8)), ""),
        arguments("with a mark", bytes("\ufeffSELECT 1" + " ".repeat(64 * 1024 - 8)), ""),
        arguments("longer", bytes("SELECT 1" + " ".repeat(64 * 1024 - 7)), ":1:65537: too_long: "),
        arguments("cut in a character", bytes("é".repeat(64 * 1024)), ":1:32769: too_long: The"),
        arguments("much longer", bytes("SELECT 1\n".repeat(1 << 20)), ":7282:8: too_long: The"),
        arguments("empty", bytes(""), ":1:1: empty: There is no query here."),
        arguments("zeros", new byte[100], ":1:1: control_character: The control character U+0000"),
        arguments("a quoted line break", bytes("\"a\nb\" 1"), ":1:1: not_a_query: A query begins"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void saysOneLineAboutEachFile(String name, byte[] bytes, String line) throws IOException {
    Path file = Files.write(folder.resolve("query.sql"), bytes);

    for (Run run :
        List.of(
            run("", "--dialect", "postgres", file.toString()),
            run(bytes, "--dialect", "postgres"))) {
      assertThat(run.err()).isEmpty();
      if (line.isEmpty()) {
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEmpty();
      } else {
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains(line).hasLineCount(1);
      }
    }
  }

  @Test
  void saysWhichFileItCannotRead() throws IOException {
    String missing = folder.resolve("missing.sql").toString();
    String below = file("file.sql", "SELECT 1") + "/x.sql";
    String bad = file("bad.sql", "DROP TABLE t");

    Run run = run("", "--dialect", "postgres", missing, below, bad);
    Run json = run("", "--dialect", "postgres", "--json", missing, below, bad);

    assertThat(run.err() + json.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(json.exit()).isEqualTo(1);
    assertThat(run.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line).isEqualTo(missing + ":1:1: unreadable: The file cannot be read."),
            line ->
                assertThat(line).isEqualTo(below + ":1:1: unreadable: The file cannot be read."),
            line -> assertThat(line).startsWith(bad + ":1:1: statement_not_allowed: "));
    assertThat(json.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains(missing, "\"unreadable\"", "\"line\":1"),
            line -> assertThat(line).contains(below, "\"unreadable\""),
            line -> assertThat(line).contains(bad, "\"statement_not_allowed\""));
  }

  @Test
  void saysSoWhenItsInputFails() throws IOException {
    InputStream failing = InputStream.nullInputStream();
    failing.close();

    Run run = run(failing, "--dialect", "postgres");
    Run json = run(failing, "--dialect", "postgres", "--json");

    assertThat(run)
        .isEqualTo(new Run(1, "<stdin>:1:1: unreadable: The input cannot be read.\n", ""));
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out()).contains("\"unreadable\"", "The input cannot be read.").hasLineCount(1);
  }

  @Test
  void readsOneQueryFromItsInput() {
    assertThat(run("SELECT 1", "--dialect", "redshift").exit()).isZero();
    assertThat(run("SELECT (", "--dialect", "redshift").out())
        .startsWith("<stdin>:1:8: unbalanced_bracket: ");
  }

  @Test
  void answersJsonLinesInOrder() {
    Run run =
        run(
            """
            {"id": 7, "sql": "SELECT a FROM db.s.t JOIN u ON true"}
            {"id": "x", "sql": "SELECT 1;\\nSELECT 2"}

            {"id": "y", "sql": "SELECT $v", "dialect": "snowflake"}
            """,
            "--dialect",
            "postgres",
            "--json");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out().lines().map(line -> line.replaceAll("\"micros\":\\d+", "\"micros\":0")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"id\":7,\"verdict\":\"accepted\",\"code\":null,\"message\":null,\"line\":null,"
                            + "\"column\":null,\"offset\":null,\"parsed\":true,\"tables\":[\"db.s.t\",\"u\"],"
                            + "\"micros\":0}"),
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"id\":\"x\",\"verdict\":\"refused\",\"code\":\"second_statement\",\"message\":\"A second")
                    .endsWith(
                        "\"line\":2,\"column\":1,\"offset\":10,\"parsed\":false,\"tables\":[],\"micros\":0}"),
            line -> assertThat(line).contains("\"session_variable\""));
  }

  /** A line, and what its answer contains. */
  static Stream<Arguments> lines() {
    String longest = "\\u0020".repeat(64 * 1024 - 8);
    return Stream.of(
        arguments("no json", "\"id\":null,*\"malformed_json\""),
        arguments("[1]", "\"id\":null,*\"malformed_json\""),
        arguments("null", "\"malformed_json\""),
        arguments("{\"id\": 1, \"sql\": \"SELECT 1\"} x", "\"malformed_json\""),
        arguments("{\"id\": 1, \"sql\": \"SELECT 1\"} {}", "\"malformed_json\""),
        arguments("{\"id\": 1, \"sql\": \"SELECT 1\"", "\"malformed_json\""),
        arguments("{\"sql\": \"SELECT 1\", \"sql\": \"SELECT 2\"}", "\"malformed_json\""),
        arguments("[".repeat(100_000), "\"malformed_json\""),
        arguments("{\"id\": 1}", "\"id\":1,*\"missing\""),
        arguments("{\"id\": 1, \"sql\": null}", "\"id\":1,*\"missing\""),
        arguments("{\"id\": 1, \"sql\": 5}", "\"missing\""),
        arguments("{\"id\": 2, \"sql\": \"x\", \"dialect\": \"oracle\"}", "\"id\":2,*\"invalid\""),
        arguments("{\"id\": 2, \"sql\": \"x\", \"dialect\": 7}", "\"id\":2,*\"invalid\""),
        arguments("{\"id\": [1], \"sql\": \"SELECT 1\"}", "\"id\":[1],*\"accepted\""),
        arguments("\ufeff{\"id\": 3, \"sql\": \"SELECT 1\"}\r", "\"id\":3,*\"accepted\""),
        arguments("{\"id\": \"é\", \"sql\": \"SELECT 1\"}", "\"id\":\"\\u00E9\",*\"accepted\""),
        arguments("{\"id\": 4, \"sql\": \"SELECT 1" + longest + "\"}", "\"id\":4,*\"accepted\""),
        arguments("{\"id\": 4, \"sql\": \"SELECT 1" + longest + " \"}", "\"id\":4,*\"too_long\""),
        arguments("{\"sql\": \"" + "x".repeat(1 << 20) + "\"}", "\"id\":null,*\"too_long\""));
  }

  /** The lines around it are answered as if it were not there. */
  @ParameterizedTest
  @MethodSource("lines")
  void answersEachLineWithOneLine(String line, String answer) {
    String fine = "{\"id\": 0, \"sql\": \"SELECT 1\"}\n";

    Run run = run(fine + line + "\n" + fine, "--dialect", "postgres", "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(answer.contains("accepted") ? 0 : 1);
    assertThat(run.out().lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("{\"id\":0,\"verdict\":\"accepted\""),
            second -> assertThat(second).contains(answer.split("\\*", -1)),
            third -> assertThat(third).startsWith("{\"id\":0,\"verdict\":\"accepted\""));
  }

  @Test
  void answersLinesThatAreNotUtf8() {
    Run run =
        run(
            "{\"id\": 1, \"sql\": \"SELECT 'é'\"}\n".getBytes(ISO_8859_1),
            "--dialect",
            "postgres",
            "--json");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("\"unreadable\"").hasLineCount(1);
  }

  @Test
  void answersFilesAsJsonToo() throws IOException {
    String fine = file("fine.sql", "SELECT 1");

    Run run = run("", "--dialect", "postgres", "--json", fine);

    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith("{\"id\":\"" + fine + "\",\"verdict\":\"accepted\"");
  }

  @Test
  void explainsAWrongCall() {
    Run run = run("", "--dialect", "oracle");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("'oracle' is none of snowflake, redshift and postgres");
    assertThat(run("").exit()).isEqualTo(2);
  }
}
