package retl.warehouse.snowflake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.snowflake.client.internal.api.implementation.connection.SnowflakeConnectionImpl;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Login;
import retl.core.credential.Secret;
import retl.core.credential.SnowflakeSettings;
import retl.warehouse.CheckFailed;
import retl.warehouse.Connector;
import retl.warehouse.Session;
import retl.warehouse.SocketGuard;

/** Snowflake through its own driver. */
public final class SnowflakeConnector implements Connector<SnowflakeSettings> {

  /**
   * Kept, because the setting is lost with the logger. What the driver logs names hosts and users.
   */
  private static final Logger SILENT = Logger.getLogger("net.snowflake");

  static {
    SILENT.setLevel(Level.OFF);
  }

  private final @Nullable Reach endpoint;
  private final Directory directory;

  /** As many as there were sessions at the same time. */
  private final Queue<DriverProxy> idle = new ConcurrentLinkedQueue<>();

  /** Connects to the accounts that the settings name. */
  public SnowflakeConnector() {
    this(null, Directory.DNS);
  }

  /**
   * Connects to an endpoint on this machine, without TLS, whatever the account is.
   *
   * @param host which must be open to connections
   */
  public static SnowflakeConnector to(String host, int port) {
    return new SnowflakeConnector(new Reach(host, port, false), Directory.DNS);
  }

  SnowflakeConnector(@Nullable Reach endpoint, Directory directory) {
    this.endpoint = endpoint;
    this.directory = directory;
  }

  @Override
  public Class<SnowflakeSettings> settings() {
    return SnowflakeSettings.class;
  }

  @Override
  public Session open(Login<SnowflakeSettings> login, SocketGuard guard, Duration left)
      throws CheckFailed {
    SnowflakeSettings settings = login.settings();
    Reach reach = endpoint == null ? Reach.of(settings) : endpoint;
    DriverProxy idled = idle.poll();
    DriverProxy proxy = idled == null ? new DriverProxy(directory) : idled;
    DriverProxy.Lease lease = proxy.lease(reach, guard);
    Runnable ended =
        () -> {
          lease.close();
          idle.add(proxy);
        };
    Session session = null;
    try {
      session = login(settings, login.secret(), reach, lease, guard, left, ended);
      return session;
    } finally {
      if (session == null) {
        ended.run();
      }
    }
  }

  private static Session login(
      SnowflakeSettings settings,
      Secret secret,
      Reach reach,
      DriverProxy.Lease lease,
      SocketGuard guard,
      Duration left,
      Runnable ended)
      throws CheckFailed {
    Properties properties =
        new LoginProperties(settings, secret, reach, lease.port(), left).verified();
    try {
      Connection connection = connect(reach.url(), properties);
      SnowflakeChecks checks = new SnowflakeChecks(connection, settings);
      if (reach.tls()) {
        // An emulator's answer to the login says nothing of roles and warehouses.
        checks.context();
      }
      return new SnowflakeSession(connection, checks, guard, ended);
    } catch (SQLException e) {
      throw new CheckFailed(LoginFaults.of(settings, e, lease.obstacle()));
    }
  }

  // The driver's public entry would also unpack a native library into the folder for temporary
  // files and load it, for its statistics; and it looks for a file with connections.
  private static Connection connect(String url, Properties properties) throws SQLException {
    return new SnowflakeConnectionImpl(url, properties);
  }
}
