package retl.warehouse.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;
import retl.core.credential.Login;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.warehouse.Warehouse;
import retl.warehouse.CheckFailed;
import retl.warehouse.Connector;
import retl.warehouse.GuardedSocketFactory;
import retl.warehouse.Session;
import retl.warehouse.SocketGuard;
import retl.warehouse.VerifyingSocketFactory;

/** PostgreSQL through its own driver. */
public final class PostgresConnector implements Connector<PostgresSettings> {

  /**
   * Kept, because the setting is lost with the logger. What the driver logs names hosts and users.
   */
  private static final Logger SILENT = Logger.getLogger("org.postgresql");

  static {
    SILENT.setLevel(Level.OFF);
  }

  @Override
  public Class<PostgresSettings> settings() {
    return PostgresSettings.class;
  }

  @Override
  public Session open(Login<PostgresSettings> login, SocketGuard guard, Duration left)
      throws CheckFailed {
    PostgresSettings settings = login.settings();
    guard.requireOpen(Warehouse.POSTGRES, settings.host());
    return new PostgresSession(connect(settings, login.secret(), guard, left), settings);
  }

  /** A connection that can only read. */
  static Connection connect(
      PostgresSettings settings, Secret secret, SocketGuard guard, Duration left)
      throws CheckFailed {
    String url = url(settings);
    Properties properties = properties(settings, secret, left);
    requireAsIntended(settings, url, properties);
    try {
      Connection connection = guard.whileOpening(() -> new Driver().connect(url, properties));
      if (connection == null) {
        throw new IllegalStateException("The driver does not take its own URL.");
      }
      return connection;
    } catch (SQLException e) {
      throw new CheckFailed(PostgresFaults.ofConnection(settings, e));
    }
  }

  static String url(PostgresSettings settings) {
    String database =
        URLEncoder.encode(settings.database(), StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/" + database;
  }

  // Documented under "Connection Parameters" of the driver; nothing else is ever set.
  static Properties properties(PostgresSettings settings, Secret secret, Duration left) {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", secret.required("password"));
    properties.setProperty("sslmode", settings.sslMode());
    if (settings.sslMode().equals("verify-full")) {
      // The authorities that the platform and the operator trust, and no file of a home folder.
      properties.setProperty("sslfactory", VerifyingSocketFactory.class.getName());
    }
    // The password itself is never sent, not even to a server that asks for it in clear.
    properties.setProperty("requireAuth", "scram-sha-256");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("connectTimeout", "5");
    // Our sockets end by themselves; the driver's own limit would give the login to another thread.
    properties.setProperty("loginTimeout", "0");
    properties.setProperty("cancelSignalTimeout", "3");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("maxResultBuffer", "64M");
    properties.setProperty("readOnly", "true");
    // What follows says so with each BEGIN; "always" would say it by two statements more, and the
    // options do too.
    properties.setProperty("readOnlyMode", "transaction");
    // Text for every type, so that a value is exactly what the server prints.
    properties.setProperty("binaryTransfer", "false");
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("ApplicationName", "retl-models");
    properties.setProperty(
        "options",
        "-c statement_timeout=" + left.toMillis() + " -c default_transaction_read_only=on");
    properties.setProperty("socketFactory", GuardedSocketFactory.class.getName());
    return properties;
  }

  // In this driver a property in the URL beats the one beside it, so its own parser has the last
  // word.
  static void requireAsIntended(PostgresSettings settings, String url, Properties properties) {
    Properties parsed = Driver.parseURL(url, properties);
    boolean isAsIntended =
        parsed != null
            && settings.host().equals(parsed.getProperty("PGHOST"))
            && Integer.toString(settings.port()).equals(parsed.getProperty("PGPORT"))
            && settings.database().equals(parsed.getProperty("PGDBNAME"))
            && properties.stringPropertyNames().stream()
                .allMatch(name -> properties.getProperty(name).equals(parsed.getProperty(name)))
            && parsed.stringPropertyNames().stream()
                .allMatch(name -> name.startsWith("PG") || properties.containsKey(name));
    if (!isAsIntended) {
      throw new IllegalStateException("The driver reads another connection than was meant.");
    }
  }
}
