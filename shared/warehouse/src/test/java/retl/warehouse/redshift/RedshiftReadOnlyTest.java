package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazon.redshift.Driver;
import com.amazon.redshift.RedshiftProperty;
import com.amazon.redshift.core.BaseConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.AddressRules;
import retl.warehouse.Grants;
import retl.warehouse.Query;
import retl.warehouse.SocketGuard;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** What holds behind the gate: queries that it would refuse, run all the same, change nothing. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftReadOnlyTest {
  private static final Grants GRANTS = new Grants(RedshiftServer.READER, "_rudderstack");
  private static final String TRACES =
      """
      SELECT count(*) FROM r_traces
      UNION ALL SELECT CASE WHEN is_called THEN 1 ELSE 0 END FROM r_steps
      """;

  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftReadOnlyTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @BeforeAll
  static void makeFunctions(RedshiftServer redshift) throws SQLException {
    redshift
        .server()
        .run(
            "CREATE TABLE r_traces (a int)",
            "CREATE SEQUENCE r_steps",
            "GRANT INSERT, SELECT ON r_traces TO " + RedshiftServer.READER,
            "GRANT USAGE, UPDATE ON SEQUENCE r_steps TO " + RedshiftServer.READER,
            """
            CREATE FUNCTION r_leave_trace() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN INSERT INTO r_traces VALUES (1); RETURN 1; END $$
            """);
  }

  static Stream<String> writes() {
    return Stream.of(
        "SELECT r_leave_trace()",
        "SELECT set_config('transaction_read_only', 'off', false), r_leave_trace()",
        "SELECT nextval('r_steps')",
        "SELECT 1) AS q; COMMIT; INSERT INTO r_traces VALUES (1); SELECT * FROM (SELECT 1",
        "SELECT 1) AS q; ROLLBACK; INSERT INTO r_traces VALUES (1); SELECT * FROM (SELECT 1");
  }

  @ParameterizedTest
  @MethodSource("writes")
  void changesNothing(String sql) throws SQLException {
    List<String> before = redshift.server().ask(TRACES);

    TestServer.failure(preview(sql));

    assertThat(redshift.server().ask(TRACES)).isEqualTo(before);
  }

  /** The control: through the same driver, without what the session does before a query. */
  @ParameterizedTest
  @CsvSource({"SELECT r_leave_trace()", "SELECT nextval('r_steps')"})
  void wouldChangeSomethingInAnotherTransaction(String sql) throws Exception {
    redshift.server().run("TRUNCATE r_traces", "SELECT setval('r_steps', 1, false)");
    List<String> before = redshift.server().ask(TRACES);

    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }

    assertThat(redshift.server().ask(TRACES)).isNotEqualTo(before);
  }

  /** One statement only is the first guard; this is what the second holds by itself. */
  @ParameterizedTest
  @CsvSource({"INSERT INTO r_traces VALUES (1), 25006", "SET TRANSACTION READ WRITE, 25001"})
  void runsQueriesInATransactionThatCannotBeOpened(String sql, String state) throws Exception {
    try (RedshiftSession session = new RedshiftSession(connect(), GRANTS);
        Statement statement = session.statement(1)) {
      assertThatThrownBy(() -> session.read(statement, sql, Duration.ofMinutes(1)))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1                     | true",
        "SELECT ';'                   | true",
        "SELECT 1 -- ;                | true",
        "SELECT 1; SELECT 2           | false",
        "SELECT * FROM (SELECT 1) q; COMMIT; SELECT (1) | false",
        "SELECT ';' ; SELECT ';'      | false"
      })
  void countsStatementsAsTheDriverDoes(String sql, boolean isOne) throws Exception {
    try (RedshiftSession session = new RedshiftSession(connect(), GRANTS)) {
      assertThat(session.isOneStatement(sql)).isEqualTo(isOne);
    }
  }

  /** A file of this name adds properties to ours; with this one no connection opens. */
  @Test
  void readsNoFileThatChangesItsProperties() throws Exception {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "rsjdbc.ini");
    Files.writeString(file, "[DRIVER]\ncompression=none of these\n");
    try {
      connect().close();

      Properties without =
          RedshiftConnector.properties(
              redshift.reader(), DatabaseLogin.of(redshift.reader(), TestServer.secret()));
      without.remove(RedshiftProperty.INI_FILE.getName());
      assertThatThrownBy(() -> connect(without)).isInstanceOf(SQLException.class);
    } finally {
      Files.delete(file);
    }
  }

  private BaseConnection connect() throws Exception {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), TestServer.soon());
    return RedshiftConnector.connect(
        redshift.reader(), DatabaseLogin.of(redshift.reader(), TestServer.secret()), guard);
  }

  private Connection connect(Properties properties) throws SQLException {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), TestServer.soon());
    String url = RedshiftConnector.url(redshift.reader());
    return guard.whileOpening(() -> new Driver().connect(url, properties));
  }

  private Outcome preview(String sql) {
    return warehouses.run(
        TestServer.login(redshift.reader(), TestServer.secret()),
        new Query(sql, Warehouse.REDSHIFT),
        new Preview.Wanted.Rows(10),
        TestServer.soon(),
        () -> false);
  }
}
