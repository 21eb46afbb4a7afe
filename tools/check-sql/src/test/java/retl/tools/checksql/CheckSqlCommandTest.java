package retl.tools.checksql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckSqlCommandTest {
  @TempDir Path folder;

  private record Run(int exit, String out, String err) {}

  private static Run run(byte[] in, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new CheckSqlCommand(new ByteArrayInputStream(in)))
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

  @Test
  void saysWhichFileItCannotRead() throws IOException {
    Path latin = folder.resolve("latin.sql");
    Files.write(latin, new byte[] {'S', (byte) 0xe9});
    String missing = folder.resolve("missing.sql").toString();

    Run run = run("", "--dialect", "postgres", latin.toString(), missing);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactly(
            latin + ":1:1: unreadable: The text is not UTF-8.",
            missing + ":1:1: unreadable: The file cannot be read.");
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

  @Test
  void answersLinesThatItCannotRead() {
    Run run =
        run(
            "no json\n[1]\n{\"id\": 1}\n{\"id\": 2, \"sql\": \"x\", \"dialect\": \"oracle\"}\n",
            "--dialect",
            "postgres",
            "--json");

    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"id\":null", "\"malformed_json\""),
            line -> assertThat(line).contains("\"id\":null", "\"malformed_json\""),
            line -> assertThat(line).contains("\"id\":1", "\"missing\""),
            line -> assertThat(line).contains("\"id\":2", "\"invalid\""));
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
