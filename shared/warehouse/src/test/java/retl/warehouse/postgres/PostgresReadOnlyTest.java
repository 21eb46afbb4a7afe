package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.AddressRules;
import retl.warehouse.Query;
import retl.warehouse.SocketGuard;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** What holds behind the gate: queries that it would refuse, run all the same, change nothing. */
@ExtendWith(TestServer.Shared.class)
class PostgresReadOnlyTest {
  private static final String TRACES =
      """
      SELECT count(*) FROM traces
      UNION ALL SELECT CASE WHEN is_called THEN 1 ELSE 0 END FROM steps
      UNION ALL SELECT count(*) FROM pg_largeobject_metadata
      """;

  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresReadOnlyTest(TestServer server) {
    this.server = server;
  }

  @BeforeAll
  static void makeFunctions(TestServer server) throws SQLException {
    server.run(
        "CREATE TABLE traces (a int)",
        "CREATE SEQUENCE steps",
        "GRANT INSERT, SELECT ON traces TO reader",
        "GRANT USAGE, UPDATE ON SEQUENCE steps TO reader",
        """
        CREATE FUNCTION leave_trace() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO traces VALUES (1); RETURN 1; END $$
        """,
        """
        CREATE FUNCTION set_and_leave_trace(name text) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN PERFORM set_config(name, 'off', false); INSERT INTO traces VALUES (1); RETURN 1; END
        $$
        """);
  }

  static Stream<String> writes() {
    return Stream.of(
        "SELECT leave_trace()",
        "SELECT set_and_leave_trace('transaction_read_only')",
        "SELECT set_and_leave_trace('default_transaction_read_only')",
        "SELECT set_config('transaction_read_only', 'off', false), leave_trace()",
        "SELECT set_config('default_transaction_read_only', 'off', false), leave_trace()",
        "SELECT nextval('steps')",
        "SELECT setval('steps', 7)",
        "SELECT lo_create(0)",
        "SELECT 1) AS q; COMMIT; INSERT INTO traces VALUES (1); SELECT * FROM (SELECT 1",
        "SELECT 1) AS q; ROLLBACK; SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;"
            + " INSERT INTO traces VALUES (1); SELECT * FROM (SELECT 1");
  }

  @ParameterizedTest
  @MethodSource("writes")
  void changesNothing(String sql) throws SQLException {
    List<String> before = server.ask(TRACES);

    TestServer.failure(preview(sql));

    assertThat(server.ask(TRACES)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void wouldChangeSomethingOnAnotherConnection(String sql) throws SQLException {
    server.run("TRUNCATE traces", "SELECT setval('steps', 1, false)");
    List<String> before = server.ask(TRACES);

    String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
    try (Connection connection =
            DriverManager.getConnection(url, TestServer.READER, TestServer.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(new Query(sql, Warehouse.POSTGRES).preview(10).sql());
    }

    assertThat(server.ask(TRACES)).isNotEqualTo(before);
  }

  /** One statement only is the first guard; this is what the second holds by itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COMMIT | INSERT INTO traces VALUES (1)",
        "ROLLBACK | INSERT INTO traces VALUES (1)",
        "SELECT 1 | INSERT INTO traces VALUES (1)",
        "SELECT 1 | SET TRANSACTION READ WRITE"
      })
  void opensConnectionsThatOnlyRead(String first, String second) throws Exception {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), TestServer.soon());
    try (Connection connection =
            PostgresConnector.connect(
                server.reader(), TestServer.secret(), guard, Duration.ofMinutes(1));
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1");
      statement.execute(first);

      assertThatThrownBy(() -> statement.execute(second))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isIn("25006", "25001"));
    }
  }

  /** As behind a pool of connections that keeps to itself what a login says of settings. */
  @ParameterizedTest
  @CsvSource({"SELECT pg_sleep(30), 57014", "SELECT leave_trace(), 25006"})
  void holdsByTheQueriesOwnTransactionAlone(String sql, String state) throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
    try (PostgresSession session =
            new PostgresSession(
                DriverManager.getConnection(url, TestServer.READER, TestServer.PASSWORD),
                server.reader());
        Statement statement = session.statement(1)) {
      assertThatThrownBy(() -> session.read(statement, sql, Duration.ofMillis(200)))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT pg_advisory_lock(4711)", "SELECT pg_notify('c', 'x')"})
  void leavesNothingBehindInTheServer(String sql) throws Exception {
    TestServer.rows(preview(sql));

    assertThat(server.ask("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"))
        .isEmpty();
    assertThat(server.isGone(sql.replace("'", "''"))).isTrue();
  }

  private Outcome preview(String sql) {
    return warehouses.run(
        TestServer.login(server.reader(), TestServer.secret()),
        new Query(sql, Warehouse.POSTGRES),
        new Preview.Wanted.Rows(10),
        TestServer.soon(),
        () -> false);
  }
}
