package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.RogueServer;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Runs that the real gate lets through, by the real driver: limits, budgets, errors, positions. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftPreviewTest {
  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftPreviewTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @BeforeAll
  static void makeTables(RedshiftServer redshift) throws SQLException {
    redshift
        .server()
        .run(
            "CREATE TABLE r_closed (a int)",
            "CREATE FUNCTION r_says(text) RETURNS int LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE WARNING '%', $1; RETURN 1; END $$");
    redshift.server().createUserOfOldDriver("r_odd");
    redshift
        .server()
        .run(
            "ALTER ROLE r_odd SET TimeZone = 'Asia/Kolkata'",
            "ALTER ROLE r_odd SET DateStyle = 'SQL'");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1, 1, true", "10, 9, 9, true", "10, 10, 10, false", "10, 11, 10, false",
    "50, 50, 50, false", "51, 50, 50, true", "1000, 1000, 1000, false", "1001, 1000, 1000, true",
    "0, 50, 0, false"
  })
  void saysWhetherThereWereMoreRows(int rows, int limit, int kept, boolean limited) {
    Outcome.Rows outcome = run("SELECT g FROM generate_series(1, " + rows + ") AS g", limit);

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
        run("SELECT 1 / (i - i) AS a, 'x'::varchar AS b FROM generate_series(1, 9) AS g(i)", 0);

    assertThat(outcome.rows()).isEmpty();
    assertThat(outcome.result().columns()).extracting(Column::name).containsExactly("a", "b");
  }

  @Test
  void printsValuesTheSameWhateverTheUserIsSetTo() {
    Outcome.Rows outcome =
        TestServer.rows(
            warehouses.run(
                TestServer.login(redshift.settings("r_odd", "postgres"), TestServer.secret()),
                accepted("SELECT '2024-01-02 03:04:05+02'::timestamptz, '2024-01-02'::date"),
                new Preview.Wanted.Rows(1),
                TestServer.soon(),
                () -> false));

    assertThat(outcome.rows()).containsExactly("[\"2024-01-02T01:04:05Z\",\"2024-01-02\"]");
  }

  /** To close a statement that may still go on, the driver connects once more and cancels it. */
  @Test
  void needsOneConnectionThoughThereWereMoreRows() throws Exception {
    Shim shim = new Shim(redshift.server());
    AtomicInteger connections = new AtomicInteger();
    RogueServer.Script counting =
        (socket, self) -> {
          connections.incrementAndGet();
          shim.serve(socket, self);
        };
    try (RogueServer server = new RogueServer(counting)) {
      Outcome.Rows outcome =
          TestServer.rows(
              warehouses.run(
                  TestServer.login(
                      RedshiftServer.settings(
                          "localhost",
                          server.port(),
                          RedshiftServer.READER,
                          "postgres",
                          "verify-full"),
                      TestServer.secret()),
                  accepted("SELECT g FROM generate_series(1, 1000) AS g"),
                  new Preview.Wanted.Rows(50),
                  TestServer.soon(),
                  () -> false));

      assertThat(outcome.result().limited()).isTrue();
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void keepsNoMoreThanSixteenMebibytes() {
    Outcome.Rows outcome =
        run(
            "SELECT "
                + IntStream.range(0, 20)
                    .mapToObj(i -> "repeat('x', 2700) AS c" + i)
                    .collect(Collectors.joining(", "))
                + " FROM generate_series(1, 1000) AS g",
            1000);

    assertThat(outcome.result().limited()).isTrue();
    assertThat(outcome.result().rowCount()).isEqualTo(outcome.rows().size()).isBetween(300, 320);
  }

  @Test
  void refusesCellsThatNoWorkerCanHold() {
    assertThat(fail("SELECT repeat('x', 100000000)").code()).isEqualTo("result_too_large");
  }

  @Test
  void passesTheWarehousesNoticesOn() {
    assertThat(run("SELECT r_says('careful')", 1).result().notices()).containsExactly("careful");
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
        "SELECT * FROM r_closed                   | permission_denied",
        "SELECT 1 / 0                             | data_error",
        "SELECT 'x'::int                          | data_error",
        "SELECT (SELECT 1 UNION ALL SELECT 2)     | query_failed"
      })
  void namesWhatFailed(String sql, String code) {
    Preview.Failure failure = fail(sql);

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).isNotBlank().doesNotContain("amazon.redshift");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT bad FROM pg_class                             | bad",
        "SELECT '😀' AS \"é😀\",\\n  bad\\nFROM pg_class      | bad",
        "-- 😀 all\\r\\n/* 😀 */ SELECT 1,\\r\\n\\tbad -- end | bad",
        "\\n\\n  SELECT 1 FROM nowhere ; ;                     | nowhere"
      })
  void placesAnErrorInTheTextAsItWasSent(String escaped, String at) {
    String sql = escaped.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    int offset = sql.indexOf(at);
    String before = sql.substring(0, offset);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();

    assertThat(fail(sql).at())
        .isEqualTo(new Preview.Place(line, offset - before.lastIndexOf('\n'), offset));
  }

  private Outcome.Rows run(String sql, int limit) {
    return TestServer.rows(preview(accepted(sql), limit));
  }

  private Preview.Failure fail(String sql) {
    return TestServer.failure(preview(accepted(sql), 50));
  }

  private Outcome preview(AcceptedQuery query, int limit) {
    return warehouses.run(
        TestServer.login(redshift.reader(), TestServer.secret()),
        query,
        new Preview.Wanted.Rows(limit),
        TestServer.soon(),
        () -> false);
  }

  private static AcceptedQuery accepted(String sql) {
    return Query.accepted(sql, Warehouse.REDSHIFT);
  }
}
