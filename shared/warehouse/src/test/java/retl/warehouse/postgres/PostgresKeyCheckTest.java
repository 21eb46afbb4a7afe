package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
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
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Checks of keys of queries that the real gate lets through, on a real server. */
@ExtendWith(TestServer.Shared.class)
class PostgresKeyCheckTest {
  private static final String ORDERS =
      "SELECT * FROM (VALUES (1, 'a'), (1, 'b'), (2, 'a'), (2, 'a'), (2, 'a'), (3, NULL), (3, NULL))"
          + " AS t(id, \"Part\") -- of all years";

  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresKeyCheckTest(TestServer server) {
    this.server = server;
  }

  @BeforeAll
  static void makeTables(TestServer server) throws SQLException {
    server.run(
        "CREATE TABLE key_traces (a int)",
        "GRANT ALL ON key_traces TO PUBLIC",
        "CREATE FUNCTION leave_key_trace() RETURNS int LANGUAGE sql AS"
            + " $$ INSERT INTO key_traces VALUES (1) RETURNING a $$");
  }

  private Outcome check(String sql, String... columns) {
    return warehouses.run(
        TestServer.login(server.reader(), TestServer.secret()),
        Query.accepted(sql, Warehouse.POSTGRES),
        new Preview.Wanted.Key("mdl_1", 1, List.of(columns)),
        TestServer.soon(),
        () -> false);
  }

  private Outcome.Rows counts(String sql, String... columns) {
    return TestServer.rows(check(sql, columns));
  }

  private static Preview.KeyCounts keys(Outcome.Rows outcome) {
    return Objects.requireNonNull(outcome.result().keys());
  }

  @Test
  void countsRowsKeysAndNulls() {
    Outcome.Rows one = counts(ORDERS, "id");
    Outcome.Rows both = counts(ORDERS, "Part", "id");

    assertThat(keys(one)).isEqualTo(new Preview.KeyCounts(7, 3, 0, List.of(3L, 2L, 2L)));
    assertThat(one.rows()).startsWith("[2]").containsExactlyInAnyOrder("[1]", "[2]", "[3]");
    assertThat(keys(both)).isEqualTo(new Preview.KeyCounts(7, 3, 2, List.of(3L)));
    assertThat(both.rows()).containsExactly("[\"a\",2]");
    assertThat(both.result().columns())
        .extracting(Column::name, column -> column.type().wireName())
        .containsExactly(tuple("Part", "string"), tuple("id", "int"));
    assertThat(both.result().guards()).containsExactly(Guard.values());
  }

  @Test
  void findsAKeyAndNoRows() {
    assertThat(keys(counts("SELECT g FROM generate_series(1, 5000) AS g", "g")))
        .isEqualTo(new Preview.KeyCounts(5000, 5000, 0, List.of()));
    assertThat(keys(counts("SELECT 1 AS a WHERE false", "a")))
        .isEqualTo(new Preview.KeyCounts(0, 0, 0, List.of()));
  }

  @Test
  void showsTenKeysOfTheMostRows() {
    Outcome.Rows outcome =
        counts(
            "SELECT least(g, 20) AS a FROM generate_series(1, 100) AS g, (VALUES (1), (2)) v", "a");

    assertThat(keys(outcome).copies()).startsWith(162L).hasSize(10);
    assertThat(keys(outcome).copies().subList(1, 10)).containsOnly(2L);
    assertThat(outcome.rows()).startsWith("[20]").hasSize(10);
  }

  @Test
  void printsKeysAsPreviewsDo() {
    Outcome.Rows outcome =
        counts(
            "SELECT 9007199254740993 AS a, 1.50 AS b, '{\"x\": 1}'::jsonb AS c,"
                + " '2024-01-02 03:04:05+02'::timestamptz AS d, ARRAY[1, NULL] AS e,"
                + " repeat('€', 5000) AS f FROM generate_series(1, 2)",
            "a",
            "b",
            "c",
            "d",
            "e",
            "f");

    assertThat(outcome.rows())
        .containsExactly(
            "[\"9007199254740993\",\"1.50\",{\"x\": 1},\"2024-01-02T01:04:05Z\",[1,null],\""
                + "€".repeat(2730)
                + "…\"]");
    assertThat(outcome.result().truncatedCells()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "Id",
        "ID",
        "a b",
        "a.b",
        "a\"b",
        "?column?",
        "é😀",
        "select",
        "q",
        "k0",
        "n"
      })
  void findsAColumnByItsNameAsItIsSpelled(String name) {
    String sql = "SELECT 1 AS \"" + name.replace("\"", "\"\"") + "\", 2 AS \"iD\"";

    assertThat(keys(counts(sql, name, "iD"))).isEqualTo(new Preview.KeyCounts(1, 1, 0, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'{}'::json          | json",
        "'<a/>'::xml         | xml",
        "point(1, 2)         | point"
      })
  void saysThatATypeCannotBeCompared(String expression, String type) {
    Preview.Failure failure =
        TestServer.failure(check("SELECT 1 AS id, " + expression + " AS k", "id", "k"));

    assertThat(failure.code()).isEqualTo("key_not_comparable");
    assertThat(failure.message()).contains(type);
    assertThat(failure.at()).isNull();
  }

  /** It was there when the model was verified. */
  @Test
  void saysWhichColumnIsGone() {
    Preview.Failure failure = TestServer.failure(check("SELECT 1 AS id2", "id"));

    assertThat(failure.code()).isEqualTo("unknown_column");
    assertThat(failure.message()).contains("id");
    assertThat(failure.at()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 AS id FROM gone | unknown_table | 20",
        "SELECT f(1) AS id | unknown_function | 7"
      })
  void placesAnErrorOfTheQueryWhereTheUserWroteIt(String sql, String code, int offset) {
    Preview.Failure failure = TestServer.failure(check(sql, "id"));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(Objects.requireNonNull(failure.at()).offset()).isEqualTo(offset);
  }

  @Test
  void changesNothing() throws SQLException {
    assertThat(TestServer.failure(check("SELECT leave_key_trace() AS id", "id")).code())
        .isEqualTo("read_only");

    assertThat(server.ask("SELECT a FROM key_traces")).isEmpty();
  }
}
