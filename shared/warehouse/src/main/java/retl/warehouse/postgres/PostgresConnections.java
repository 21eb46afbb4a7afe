package retl.warehouse.postgres;

import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.warehouse.AddressRules;
import retl.warehouse.CheckRun.CheckFailed;
import retl.warehouse.GuardedSocketFactory;
import retl.warehouse.SocketGuard;

/**
 * Opens connections. Each is used once and dropped: whatever a query did to its session, nobody
 * else ever sees it.
 */
final class PostgresConnections {
  private static final Duration LOGIN = Duration.ofSeconds(10);

  /**
   * Kept, because the setting is lost with the logger. What the driver logs names hosts and users.
   */
  private static final Logger SILENT = Logger.getLogger("org.postgresql");

  static {
    SILENT.setLevel(Level.OFF);
  }

  private final AddressRules rules;
  private final Clock clock;

  PostgresConnections(AddressRules rules, Clock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /** A guard for the sockets of one connection, as long as a login may take. */
  SocketGuard guard(Instant deadline) {
    Instant login = clock.instant().plus(LOGIN);
    return new SocketGuard(rules, clock, login.isBefore(deadline) ? login : deadline);
  }

  /**
   * Opens a connection that can only read.
   *
   * @param guard from {@link #guard}; from then on it ends at the deadline
   * @param deadline nothing is read from the server after this time
   * @throws CheckFailed with a fault in our own words; what driver or server said stays here
   */
  Connection open(PostgresSettings settings, Secret secret, SocketGuard guard, Instant deadline)
      throws CheckFailed {
    requireOpenAddresses(settings.host());
    String url = url(settings);
    Properties properties = properties(settings, secret, deadline);
    requireAsIntended(settings, url, properties);
    try {
      Connection connection = guard.whileOpening(() -> new Driver().connect(url, properties));
      if (connection == null) {
        throw new IllegalStateException("The driver does not take its own URL.");
      }
      guard.endAt(deadline);
      return connection;
    } catch (SQLException e) {
      throw new CheckFailed(PostgresFaults.ofConnection(settings, e));
    }
  }

  // One closed address among several closes the name: the driver might take any of them.
  private void requireOpenAddresses(String host) throws CheckFailed {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!rules.allows(address)) {
          throw new CheckFailed(PostgresFaults.UNREACHABLE);
        }
      }
    } catch (UnknownHostException e) {
      throw new CheckFailed(PostgresFaults.UNKNOWN_HOST);
    }
  }

  static String url(PostgresSettings settings) {
    String database =
        URLEncoder.encode(settings.database(), StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/" + database;
  }

  // Documented under "Connection Parameters" of the driver; nothing else is ever set.
  private Properties properties(PostgresSettings settings, Secret secret, Instant deadline) {
    long millisLeft = Math.max(1, Duration.between(clock.instant(), deadline).toMillis());
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", secret.required("password"));
    properties.setProperty("sslmode", settings.sslMode());
    if (settings.sslMode().equals("verify-full")) {
      // The certificates that the Java platform trusts, and no file of the machine.
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
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
    properties.setProperty("readOnlyMode", "always");
    // Text for every type, so that a value is exactly what the server prints.
    properties.setProperty("binaryTransfer", "false");
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("ApplicationName", "retl-models");
    properties.setProperty(
        "options", "-c statement_timeout=" + millisLeft + " -c default_transaction_read_only=on");
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
