package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.snowflake.SnowflakeStub.Answer;

/** Runs by the real driver: results in one piece and in several, errors, time. */
class SnowflakePreviewTest {
  private static final String QUERY = "select n from numbers";

  private final SnowflakeStub stub = SnowflakeStub.withTls();
  private final Account account = new Account(stub);

  @AfterEach
  void stop() {
    stub.close();
  }

  @ParameterizedTest
  @CsvSource({"9, 9, false", "10, 10, false", "11, 10, true"})
  void saysWhetherThereWereMoreRows(int rows, int kept, boolean limited) {
    stub.rows("LIMIT 11", List.of(column("n", "text")), numbers(rows));

    Outcome.Rows outcome = Account.rows(account.preview(QUERY, 10));

    assertThat(outcome.rows()).hasSize(kept);
    assertThat(outcome.result().limited()).isEqualTo(limited);
  }

  @Test
  void readsNoMoreThanWasAskedForEvenWhenTheServerSendsMore() {
    stub.rows("LIMIT 11", List.of(column("n", "text")), numbers(5000));

    assertThat(Account.rows(account.preview(QUERY, 10)).rows()).hasSize(10);
    assertThat(Account.rows(account.preview(QUERY, 10)).result().guards())
        .containsExactly(Guard.STATEMENT_GATE, Guard.SINGLE_STATEMENT, Guard.SERVER_TIMEOUT);
  }

  @Test
  void sendsOneStatementOfLimitedTime() {
    stub.rows("LIMIT 11", List.of(column("n", "text")), numbers(1));
    account.preview(Account.accepted(QUERY + "; -- all"), 10, Duration.ofSeconds(33));

    assertThat(stub.statements())
        .containsExactly("SELECT * FROM (\n" + QUERY + "\n) AS q LIMIT 11");
    assertThat(stub.calls().getFirst().body())
        .containsEntry("data.SESSION_PARAMETERS.MULTI_STATEMENT_COUNT", "1")
        .hasEntrySatisfying(
            "data.SESSION_PARAMETERS.STATEMENT_TIMEOUT_IN_SECONDS",
            seconds -> assertThat(Integer.parseInt(seconds)).isBetween(20, 30));
  }

  @Test
  void waitsForAResultThatTakesItsTime() {
    stub.on("LIMIT 11", call -> SnowflakeStub.inProgress());
    stub.next("/queries/01b2-0001/result", call -> SnowflakeStub.inProgress());
    stub.next(
        "/queries/01b2-0001/result", call -> stub.result(List.of(column("n", "text")), numbers(2)));

    assertThat(Account.rows(account.preview(QUERY, 10)).rows())
        .containsExactly("[\"0\"]", "[\"1\"]");
  }

  @Test
  void fetchesTheRestOfALargeResultFromItsStore() {
    String chunks =
        ",\"chunkHeaders\":{\"x-key\":\"k\"},\"chunks\":["
            + chunk("one", 2)
            + ","
            + chunk("two", 1)
            + "]";
    stub.on("LIMIT 11", call -> stub.result(List.of(column("n", "text")), numbers(1), chunks));
    stub.next("/one", call -> new Answer(200, "[\"a\"],[\"b\"]"));
    stub.next("/two", call -> new Answer(200, "[\"é😀\"]"));

    assertThat(Account.rows(account.preview(QUERY, 10)).rows())
        .containsExactly("[\"0\"]", "[\"a\"]", "[\"b\"]", "[\"é😀\"]");
  }

  private static String chunk(String name, int rows) {
    return "{\"url\":\"https://bucket.s3.us-west-2.amazonaws.com/"
        + name
        + "\",\"rowCount\":"
        + rows
        + ",\"uncompressedSize\":100,\"compressedSize\":100}";
  }

  @Test
  void renewsASessionThatExpired() {
    Answer expired = SnowflakeStub.refusal(390112, "Session token expired.");
    stub.on(
        "LIMIT 11",
        call ->
            call.authorization().contains("renewed")
                ? stub.result(List.of(column("n", "text")), numbers(1))
                : expired);

    assertThat(Account.rows(account.preview(QUERY, 10)).rows()).containsExactly("[\"0\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1003   | 42000 | syntax_error",
        "904    | 42000 | unknown_column",
        "2003   | 02000 | unknown_table",
        "2140   | 42601 | unknown_function",
        "3001   | 42501 | permission_denied",
        "606    | 57P03 | warehouse_access_denied",
        "604    | 57014 | query_canceled",
        "630    | 57014 | timed_out",
        "100035 | 22007 | data_error",
        "100051 | 22012 | data_error",
        "8      | 0A000 | unsafe_query",
        "90073  | 57014 | warehouse_unavailable",
        "2262   | 22000 | query_failed"
      })
  void tellsWhatTheWarehouseSaidOfTheQuery(int number, String sqlState, String code) {
    stub.on("LIMIT 11", call -> SnowflakeStub.error(number, sqlState, "Words of the warehouse."));

    Preview.Failure failure = Account.failure(account.preview(QUERY, 10));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).isEqualTo("Words of the warehouse.");
    assertThat(failure.at()).isNull();
  }

  @Test
  void movesPositionsToWhereTheUserWroteThem() {
    String sql = "-- of the day\n\n  select n,\n    😀x from numbers;";
    // In what is sent, the query begins on the second line, without the comment before it.
    stub.on(
        "LIMIT 11",
        call ->
            SnowflakeStub.error(
                904,
                "42000",
                "SQL compilation error: error line 3 at position 5\ninvalid identifier 'X'"));

    Preview.Failure failure = Account.failure(account.preview(sql, 10));

    assertThat(failure.message())
        .isEqualTo("SQL compilation error: error line 4 at position 6\ninvalid identifier 'X'");
    assertThat(failure.at()).isEqualTo(new Preview.Place(4, 7, sql.indexOf("x from")));
  }

  /** What would be left without the gate: the server counts the statements. */
  @Test
  void tellsTheServerToRefuseASecondStatement() {
    stub.on(
        "LIMIT 11",
        call ->
            SnowflakeStub.error(
                8,
                "0A000",
                "Actual statement count 2 did not match the desired statement count 1."));

    Outcome outcome =
        account.preview(
            new Query("select 1) q; drop table t; select * from (select 1", Warehouse.SNOWFLAKE),
            10,
            Duration.ofSeconds(60));

    assertThat(Account.failure(outcome).code()).isEqualTo("unsafe_query");
  }

  private static List<List<String>> numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of(Integer.toString(i))).toList();
  }
}
