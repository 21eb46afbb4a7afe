package retl.warehouse.postgres;

import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.Driver;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.warehouse.Warehouse;
import retl.warehouse.AddressRules;
import retl.warehouse.Figures;
import retl.warehouse.Query;
import retl.warehouse.SocketGuard;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Figures of PostgreSQL; no test by itself, {@code benchmarks/warehouses} runs it. */
@ExtendWith(TestServer.Shared.class)
class PostgresFigures {
  private final Figures figures = new Figures("PostgreSQL");
  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresFigures(TestServer server) {
    this.server = server;
  }

  @Test
  void previews() throws Exception {
    PostgresSettings settings =
        server.settings("localhost", TestServer.READER, "postgres", "verify-full");
    AcceptedQuery query = Query.accepted(Figures.NARROW, Warehouse.POSTGRES);
    figures.previews(
        () -> preview(settings, query, Figures.ROWS),
        () -> Figures.read(connect(settings), query.preview(Figures.ROWS + 1).sql()));
  }

  @Test
  void memory() throws Exception {
    AcceptedQuery query = Query.accepted(Figures.WIDE, Warehouse.POSTGRES);
    figures.memory(() -> preview(server.reader(), query, 1000));
  }

  @Test
  void firstConnections() throws Exception {
    figures.firstConnections(PostgresFigures.class, server.port());
  }

  private Outcome preview(PostgresSettings settings, AcceptedQuery query, int limit) {
    return TestServer.rows(
        warehouses.run(
            TestServer.login(settings, TestServer.secret()),
            query,
            new Preview.Wanted.Rows(limit),
            TestServer.soon(),
            () -> false));
  }

  private static Connection connect(PostgresSettings settings) throws Exception {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(60));
    return PostgresConnector.connect(settings, TestServer.secret(), guard, Duration.ofSeconds(60));
  }

  /** In a JVM of its own: the first connection with our settings, or with the driver's. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    PostgresSettings settings =
        new PostgresSettings(
            "127.0.0.1", port, "postgres", TestServer.READER, "disable", "_rudderstack");
    Properties login = new Properties();
    login.setProperty("user", TestServer.READER);
    login.setProperty("password", TestServer.PASSWORD);
    Figures.connected(
        arguments[0].equals("ours")
            ? () -> connect(settings)
            : () ->
                new Driver().connect("jdbc:postgresql://127.0.0.1:" + port + "/postgres", login));
  }
}
