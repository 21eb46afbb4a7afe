package retl.warehouse.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Runs that the real gate lets through: limits, budgets, notices, errors and their positions. */
@ExtendWith(TestServer.Shared.class)
class PostgresPreviewTest {
  private static final String CUT = "…";

  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresPreviewTest(TestServer server) {
    this.server = server;
  }

  @BeforeAll
  static void makeTables(TestServer server) throws SQLException {
    server.run(
        "CREATE TABLE closed_table (a int)",
        "CREATE FUNCTION says(text) RETURNS int LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE WARNING '%', $1; RETURN 1; END $$",
        "CREATE ROLE odd LOGIN PASSWORD '" + TestServer.PASSWORD + "'",
        "ALTER ROLE odd SET bytea_output = 'escape'",
        "ALTER ROLE odd SET IntervalStyle = 'iso_8601'",
        "ALTER ROLE odd SET TimeZone = 'Asia/Kolkata'",
        "ALTER ROLE odd SET DateStyle = 'SQL, DMY'",
        "ALTER ROLE odd SET extra_float_digits = 0",
        "ALTER ROLE odd SET default_transaction_read_only = off");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1, 1, true", "10, 9, 9, true", "10, 10, 10, false", "10, 11, 10, false",
    "50, 50, 50, false", "51, 50, 50, true", "1000, 1000, 1000, false", "1001, 1000, 1000, true",
    "0, 50, 0, false"
  })
  void saysWhetherThereWereMoreRows(int rows, int limit, int kept, boolean limited) {
    Outcome.Rows outcome = run("SELECT generate_series(1, " + rows + ")", limit);

    assertThat(outcome.rows()).hasSize(kept);
    assertThat(outcome.result().rowCount()).isEqualTo(kept);
    assertThat(outcome.result().limited()).isEqualTo(limited);
  }

  @Test
  void saysWhichGuardsHeld() {
    assertThat(run("SELECT 1", 1).result().guards()).containsExactly(Guard.values());
  }

  @Test
  void describesForALimitOfZero() {
    Outcome.Rows outcome =
        run("SELECT 1 / (i - i) AS a, 'x' AS b FROM generate_series(1, 9) AS g(i)", 0);

    assertThat(outcome.rows()).isEmpty();
    assertThat(outcome.result().limited()).isFalse();
    assertThat(outcome.result().columns()).extracting(Column::name).containsExactly("a", "b");
  }

  /** A table has 1,600 at most, a result 1,664, and a name 63 bytes. */
  @Test
  void itsMostColumnsAreNotTooMany() throws SQLException {
    server.run(
        "CREATE TABLE widest (" + columns(1_600) + ")",
        "CREATE TABLE rest (" + columns(64) + ")",
        "GRANT SELECT ON widest, rest TO " + TestServer.READER);

    Outcome.Rows outcome = run("SELECT * FROM widest, rest", 1);

    assertThat(outcome.result().columns()).hasSize(1_664);
    assertThat(outcome.result().columnsSize()).isLessThan(Preview.Result.MAX_COLUMNS_SIZE);
  }

  private static String columns(int count) {
    return IntStream.range(0, count)
        .mapToObj("a%062d timestamp with time zone"::formatted)
        .collect(Collectors.joining(", "));
  }

  @Test
  void printsValuesTheSameWhateverTheRoleIsSetTo() {
    Outcome.Rows outcome =
        TestServer.rows(
            warehouses.run(
                TestServer.login(server.settings("odd", "postgres"), TestServer.secret()),
                accepted(
                    "SELECT '\\x00ff'::bytea, '1 day'::interval, 0.1::float8 + 0.2::float8,"
                        + " '2024-01-02 03:04:05+02'::timestamptz, '2024-01-02'::date"),
                new Preview.Wanted.Rows(1),
                TestServer.soon(),
                () -> false));

    assertThat(outcome.rows())
        .containsExactly(
            "[\"AP8=\",\"1 day\",0.30000000000000004,\"2024-01-02T01:04:05Z\",\"2024-01-02\"]");
  }

  @ParameterizedTest
  @CsvSource({
    // character, how often it fits into 8192 bytes
    "a, 8192",
    "é, 4096",
    "€, 2730",
    "😀, 2048"
  })
  void cutsALongTextAtACharacter(String character, int fits) {
    assertThat(run("SELECT repeat('" + character + "', " + fits + ")", 1).rows())
        .containsExactly("[\"" + character.repeat(fits) + "\"]");

    Outcome.Rows cut = run("SELECT repeat('" + character + "', " + (fits + 1) + ")", 1);
    assertThat(cut.rows()).containsExactly("[\"" + character.repeat(fits) + CUT + "\"]");
    assertThat(cut.result().truncatedCells()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to_json(repeat('€', 8192))",
        "to_jsonb(repeat('€', 8192))",
        "array_agg(repeat('€', 100)) FROM generate_series(1, 100)",
        "to_json(repeat('€', 8192))::jsonb"
      })
  void letsALongStructureStandAsItsCutText(String expression) {
    Outcome.Rows cut = run("SELECT " + expression, 1);

    assertThat(cut.result().truncatedCells()).isEqualTo(1);
    String row = cut.rows().getFirst();
    assertThat(row).startsWith("[\"").endsWith(CUT + "\"]");
    String cell = row.substring(2, row.length() - 3).replace("\\\"", "\"");
    assertThat(cell.getBytes(UTF_8).length).isBetween(8190, 8192);
  }

  @Test
  void cutsTheRestOfAHugeRow() {
    String columns =
        IntStream.range(0, 200)
            .mapToObj(i -> "repeat('x', 8000) AS c" + i)
            .collect(Collectors.joining(", "));

    Outcome.Rows outcome = run("SELECT " + columns, 1);

    assertThat(outcome.rows().getFirst().length()).isBetween(1024 * 1024, 1100 * 1024);
    assertThat(outcome.result().truncatedCells()).isEqualTo(200 - 1024 * 1024 / 8000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "€"})
  void keepsNoMoreThanSixteenMebibytes(String character) {
    Outcome.Rows outcome =
        run(
            "SELECT "
                + IntStream.range(0, 20)
                    .mapToObj(i -> "repeat('" + character + "', 2700) AS c" + i)
                    .collect(Collectors.joining(", "))
                + " FROM generate_series(1, 1000)",
            1000);

    long bytes = outcome.rows().stream().mapToLong(row -> row.getBytes(UTF_8).length).sum();
    int rowBytes = outcome.rows().getFirst().getBytes(UTF_8).length;
    assertThat(bytes).isBetween(16L * 1024 * 1024 - rowBytes, 16L * 1024 * 1024);
    assertThat(outcome.result().limited()).isTrue();
    assertThat(outcome.result().rowCount()).isEqualTo(outcome.rows().size());
    assertThat(outcome.result().notices())
        .containsExactly(
            "The rows are large: only the first " + outcome.rows().size() + " were kept.");
  }

  @Test
  void readsCellsOfAMegabyte() {
    Outcome.Rows outcome = run("SELECT repeat('x', 1000000) FROM generate_series(1, 50)", 50);

    assertThat(outcome.result().truncatedCells()).isEqualTo(50);
  }

  @Test
  void refusesCellsThatNoWorkerCanHold() {
    assertThat(fail("SELECT repeat('x', 100000000)").code()).isEqualTo("result_too_large");
  }

  @Test
  void passesTheWarehousesNoticesOn() {
    assertThat(run("SELECT says('careful: ' || repeat('x', 1000))", 1).result().notices())
        .singleElement()
        .satisfies(notice -> assertThat(notice).startsWith("careful: x").hasSize(501));
    assertThat(run("SELECT says('n') FROM generate_series(1, 100)", 1000).result().notices())
        .hasSize(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT FROM WHERE                        | syntax_error",
        "SELECT * FROM nowhere                    | unknown_table",
        "SELECT nothing                           | unknown_column",
        "SELECT missing_function(1)               | unknown_function",
        "SELECT * FROM no_schema.t                | unknown_table",
        "SELECT * FROM closed_table               | permission_denied",
        "SELECT 1 / 0                             | data_error",
        "SELECT 'x'::int                          | data_error",
        "SELECT '{'::json                         | data_error",
        "SELECT 1 + ARRAY[1]                      | unknown_function",
        "SELECT (SELECT 1 UNION ALL SELECT 2)     | query_failed"
      })
  void namesWhatFailed(String sql, String code) {
    Preview.Failure failure = fail(sql);

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).isNotBlank().doesNotContain("org.postgresql");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // text with \n for a line break; what the error is at
        "SELECT bad FROM pg_class                       | bad",
        "SELECT '😀😀', bad FROM pg_class               | bad",
        "SELECT '😀' AS \"é😀\",\\n  bad\\nFROM pg_class | bad",
        "-- 😀 all\\r\\n/* 😀 */ SELECT 1,\\r\\n\\tbad -- end | bad",
        "SELECT bad -- 😀 trailing                      | bad",
        "SELECT bad ;                                   | bad",
        "SELECT bad; -- 😀 comment                      | bad",
        "\\n\\n  SELECT 1 FROM nowhere ; ;               | nowhere",
        "SELECT 1 FROMM pg_class x                      | pg_class",
        "WITH a AS (SELECT 1) SELECT * FROM a WHERE bad | bad"
      })
  void placesAnErrorInTheTextAsItWasSent(String escaped, String at) {
    String sql = escaped.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    int offset = sql.indexOf(at);
    String before = sql.substring(0, offset);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = offset - before.lastIndexOf('\n');

    assertThat(fail(sql).at()).isEqualTo(new Preview.Place(line, column, offset));
  }

  private Outcome.Rows run(String sql, int limit) {
    return TestServer.rows(preview(accepted(sql), limit));
  }

  private Preview.Failure fail(String sql) {
    return TestServer.failure(preview(accepted(sql), 50));
  }

  private Outcome preview(AcceptedQuery query, int limit) {
    return warehouses.run(
        TestServer.login(server.reader(), TestServer.secret()),
        query,
        new Preview.Wanted.Rows(limit),
        TestServer.soon(),
        () -> false);
  }

  private static AcceptedQuery accepted(String sql) {
    return Query.accepted(sql, Warehouse.POSTGRES);
  }
}
