package retl.warehouse.redshift;

import com.amazon.redshift.Driver;
import com.amazon.redshift.ssl.NonValidatingFactory;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import retl.core.credential.NetworkRules;
import retl.core.credential.RedshiftSettings;
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

/** Figures of Redshift's driver on the shim; {@code benchmarks/warehouses} runs it. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftFigures {
  private final Figures figures = new Figures("Redshift");
  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftFigures(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @Test
  void previews() throws Exception {
    RedshiftSettings settings = redshift.reader();
    AcceptedQuery query = Query.accepted(Figures.NARROW, Warehouse.REDSHIFT);
    figures.previews(
        () -> preview(query, Figures.ROWS),
        () -> Figures.read(connect(settings), query.preview(Figures.ROWS + 1).sql()));
  }

  @Test
  void memory() throws Exception {
    AcceptedQuery query = Query.accepted(Figures.WIDE, Warehouse.REDSHIFT);
    figures.memory(() -> preview(query, 1000));
  }

  @Test
  void firstConnections() throws Exception {
    figures.firstConnections(RedshiftFigures.class, redshift.port());
  }

  private Outcome preview(AcceptedQuery query, int limit) {
    return TestServer.rows(
        warehouses.run(
            TestServer.login(redshift.reader(), TestServer.secret()),
            query,
            new Preview.Wanted.Rows(limit),
            TestServer.soon(),
            () -> false));
  }

  private static Connection connect(RedshiftSettings settings) throws Exception {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(60));
    return RedshiftConnector.connect(
        settings, DatabaseLogin.of(settings, TestServer.secret()), guard);
  }

  /** In a JVM of its own: the first connection with our settings, or with the driver's. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    RedshiftSettings settings =
        RedshiftServer.settings("localhost", port, RedshiftServer.READER, "postgres", "require");
    Properties login = new Properties();
    login.setProperty("user", RedshiftServer.READER);
    login.setProperty("password", TestServer.PASSWORD);
    login.setProperty("sslfactory", NonValidatingFactory.class.getName());
    Figures.connected(
        arguments[0].equals("ours")
            ? () -> connect(settings)
            : () -> new Driver().connect("jdbc:redshift://localhost:" + port + "/postgres", login));
  }
}
