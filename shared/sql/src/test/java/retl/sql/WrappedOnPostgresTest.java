package retl.sql;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import retl.core.query.AcceptedQuery;
import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/** The wrapped queries, run by a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrappedOnPostgresTest {
  private final SqlGate gate = SqlGate.ofTokens();
  private PostgresServer server;
  private Connection connection;

  @BeforeAll
  void start() throws SQLException {
    server = new PostgresServer();
    connection = server.connect(new Properties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id int, \"a \"\"b\"\"\" text, n int)");
      statement.execute(
          "INSERT INTO t VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', 3), (2, 'x', 4), (NULL, 'x', 5)");
    }
  }

  @AfterAll
  void stop() throws SQLException {
    connection.close();
    server.close();
  }

  private AcceptedQuery accepted(String sql) {
    return switch (gate.judge(sql, Warehouse.POSTGRES)) {
      case Verdict.Accepted(var query) -> query;
      case Verdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  private List<String> run(RunnableQuery query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query.sql())) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          values.add(result.getString(i));
        }
        rows.add(String.join(" ", values));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t -- all",
        "SELECT id FROM t; -- all",
        "SELECT id, id FROM t /* twice */ ;;",
        "TABLE t",
        "(SELECT id FROM t) UNION ALL (SELECT 7)",
        "WITH a AS (SELECT 1) SELECT id FROM t, a",
        "VALUES (1), (2), (3)",
        "SELECT id FROM t ORDER BY id LIMIT 4",
        "SELECT '{\"a\": 1}'::jsonb ? 'a' FROM t",
      })
  void limitsAndDescribes(String sql) throws SQLException {
    assertThat(run(accepted(sql).preview(2))).hasSize(2);
    assertThat(run(accepted(sql).describe())).isEmpty();
  }

  @Test
  void counts() throws SQLException {
    assertThat(run(accepted("SELECT * FROM t").count())).containsExactly("5");
    assertThat(run(accepted("SELECT * FROM t WHERE false").count())).containsExactly("0");
  }

  static final List<Arguments> KEYS =
      List.of(
          Arguments.of(List.of("n"), List.of("5 4 1 null null")),
          Arguments.of(List.of("id"), List.of("5 2 1 2 1", "5 2 1 2 2")),
          Arguments.of(List.of("a \"b\""), List.of("5 2 0 4 x")),
          Arguments.of(List.of("id", "a \"b\""), List.of("5 3 1 2 2 x")),
          Arguments.of(List.of("n", "id"), List.of("5 3 2 null null null")));

  @ParameterizedTest(name = "{0}: {1}")
  @FieldSource("KEYS")
  void auditsKeys(List<String> columns, List<String> expected) throws SQLException {
    AcceptedQuery query = accepted("SELECT * FROM t -- key?");

    assertThat(run(query.keyAudit(columns, 10))).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void givesTheKeysOfTheMostRowsFirstAndNoMoreThanWereAskedFor() throws SQLException {
    AcceptedQuery query =
        accepted("SELECT i / i AS a, least(i, 3) AS \"Id\" FROM generate_series(1, 9) AS g(i)");

    assertThat(run(query.keyAudit(List.of("Id"), 10))).containsExactly("9 3 0 7 3");
    assertThat(
            run(
                accepted("SELECT i % 4 AS a FROM generate_series(1, 10) AS g(i)")
                    .keyAudit(List.of("a"), 3)))
        .hasSize(3)
        .startsWith("10 4 0 3 1")
        .allMatch(row -> row.startsWith("10 4 0 "));
  }

  @Test
  void auditsNoRows() throws SQLException {
    AcceptedQuery query = accepted("SELECT * FROM t WHERE false");

    assertThat(run(query.keyAudit(List.of("id"), 10))).containsExactly("0 0 0 null null");
  }

  /** A name of the wrapper's own hides nothing that the query reads. */
  @Test
  void auditsAQueryWithNamesOfItsOwn() throws SQLException {
    AcceptedQuery query =
        accepted(
            "WITH q AS (SELECT id AS n FROM t), k AS (SELECT n AS k0 FROM q) SELECT k0 FROM k");

    assertThat(run(query.keyAudit(List.of("k0"), 10)))
        .containsExactlyInAnyOrder("5 2 1 2 1", "5 2 1 2 2");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`-- c\nSELECT '😀',\n  nope FROM t` | nope",
        "`SELECT 1 FROM missing` | missing",
        "`SELECT 1 +` | ``",
        "`/* é */ SELECT 1 WHERE lower(1, 2) = 'x' -- c` | lower",
      })
  void pointsAtTheFaultInTheSource(String sql, String part) {
    AcceptedQuery query = accepted(sql);
    RunnableQuery runnable = query.preview(10);

    PSQLException error = catchThrowableOfType(PSQLException.class, () -> run(runnable));

    TextRange at =
        runnable.atCharacter(requireNonNull(error.getServerErrorMessage()).getPosition());
    assertThat(sql.substring(at.offset(), at.offset() + at.length())).isEqualTo(part);
  }
}
