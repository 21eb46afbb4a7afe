package retl.warehouse.redshift;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import retl.core.credential.NetworkRules;
import retl.core.credential.RedshiftSettings;
import retl.warehouse.RogueServer;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** The real PostgreSQL behind a {@link Shim}, one for all tests of a run. */
final class RedshiftServer implements AutoCloseable {
  static final String READER = "redshift_reader";

  private final TestServer server;
  private final RogueServer shim;

  private RedshiftServer(TestServer server) {
    this.server = server;
    try {
      this.shim = new RogueServer(new Shim(server));
      server.createUserOfOldDriver(READER);
    } catch (IOException | GeneralSecurityException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The warehouses, of which Redshift is the only one here. */
  static Warehouses warehouses(NetworkRules rules) {
    return new Warehouses(List.of(new RedshiftConnector()), rules, Clock.systemUTC());
  }

  /** The PostgreSQL behind it. */
  TestServer server() {
    return server;
  }

  int port() {
    return shim.port();
  }

  /** The settings of a user who may read, and nothing more. */
  RedshiftSettings reader() {
    return settings(READER, "postgres");
  }

  RedshiftSettings settings(String user, String database) {
    return settings("localhost", port(), user, database, "verify-full");
  }

  static RedshiftSettings settings(
      String host, int port, String user, String database, String sslMode) {
    return settings(host, port, user, database, sslMode, "_rudderstack");
  }

  static RedshiftSettings settings(
      String host, int port, String user, String database, String sslMode, String stateSchema) {
    return new RedshiftSettings(
        host, port, database, user, "password", sslMode, null, null, null, null, null, stateSchema);
  }

  @Override
  public void close() {
    shim.close();
  }

  /** Gives the one server of the run to tests that ask for it. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RedshiftServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      TestServer server = TestServer.shared(context);
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(
              RedshiftServer.class, key -> new RedshiftServer(server), RedshiftServer.class);
    }
  }
}
