package retl.warehouse.redshift;

import com.amazon.redshift.Driver;
import com.amazon.redshift.RedshiftProperty;
import com.amazon.redshift.core.BaseConnection;
import com.amazon.redshift.ssl.NonValidatingFactory;
import com.amazon.redshift.util.RedshiftProperties;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Login;
import retl.core.credential.RedshiftSettings;
import retl.core.warehouse.Warehouse;
import retl.warehouse.CheckFailed;
import retl.warehouse.Connector;
import retl.warehouse.Grants;
import retl.warehouse.GuardedSocketFactory;
import retl.warehouse.Session;
import retl.warehouse.SocketGuard;
import retl.warehouse.VerifyingSocketFactory;

/** Amazon Redshift, a cluster or a Serverless workgroup, through its own driver. */
public final class RedshiftConnector implements Connector<RedshiftSettings> {
  private final @Nullable IamLogins iam;

  /** Logs in by password alone. */
  public RedshiftConnector() {
    this.iam = null;
  }

  /** Logs in by password, or by temporary credentials of IAM. */
  public RedshiftConnector(Iam iam) {
    this.iam = new IamLogins(iam);
  }

  /** What the driver reads in every URL of its plain form. */
  private static final Set<String> FROM_URL = Set.of("host", "port", "dbname", "iamauth");

  @Override
  public Class<RedshiftSettings> settings() {
    return RedshiftSettings.class;
  }

  @Override
  public Session open(Login<RedshiftSettings> login, SocketGuard guard, Duration left)
      throws CheckFailed {
    RedshiftSettings settings = login.settings();
    guard.requireOpen(Warehouse.REDSHIFT, settings.host());
    DatabaseLogin user =
        settings.authentication().equals("iam")
            ? temporary(login)
            : DatabaseLogin.of(settings, login.secret());
    // Names are kept in lower case, quoted ones too.
    Grants grants = new Grants(user.member(), settings.stateSchema().toLowerCase(Locale.ROOT));
    return new RedshiftSession(connect(settings, user, guard), grants);
  }

  private DatabaseLogin temporary(Login<RedshiftSettings> login) throws CheckFailed {
    if (iam == null) {
      throw new IllegalStateException("Nothing was said of IAM.");
    }
    return iam.of(login);
  }

  /** A connection whose transactions can only read. */
  static BaseConnection connect(RedshiftSettings settings, DatabaseLogin user, SocketGuard guard)
      throws CheckFailed {
    String url = url(settings);
    Properties properties = properties(settings, user);
    try {
      requireAsIntended(settings, url, properties);
      Connection connection = guard.whileOpening(() -> new Driver().connect(url, properties));
      if (connection == null) {
        throw new IllegalStateException("The driver does not take its own URL.");
      }
      return connection.unwrap(BaseConnection.class);
    } catch (SQLException e) {
      throw new CheckFailed(RedshiftFaults.ofConnection(settings, e));
    }
  }

  static String url(RedshiftSettings settings) {
    String database =
        URLEncoder.encode(settings.database(), StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:redshift://" + settings.host() + ":" + settings.port() + "/" + database;
  }

  // Documented under "Options for JDBC driver"; nothing else is ever set. The driver takes unknown
  // names in silence, so they are its own constants.
  static Properties properties(RedshiftSettings settings, DatabaseLogin user) {
    Properties properties = new Properties();
    set(properties, RedshiftProperty.USER, user.name());
    set(properties, RedshiftProperty.PASSWORD, user.password());
    set(properties, RedshiftProperty.SSL, "true");
    // A factory in each case: without one the driver looks for keys and certificates in the home
    // folder. It takes no sslmode that does not verify; for that there is the factory alone, and
    // TLS
    // is as mandatory as with the other.
    if (settings.sslMode().equals("verify-full")) {
      set(properties, RedshiftProperty.SSL_MODE, "verify-full");
      set(properties, RedshiftProperty.SSL_FACTORY, VerifyingSocketFactory.class.getName());
    } else {
      set(properties, RedshiftProperty.SSL_FACTORY, NonValidatingFactory.class.getName());
    }
    // An empty one: else a file of the name rsjdbc.ini beside the jar, in the home folder or among
    // the
    // temporary files would add properties to these, such as a plug-in or a log.
    set(properties, RedshiftProperty.INI_FILE, "/dev/null");
    set(properties, RedshiftProperty.CONNECT_TIMEOUT, "5");
    // Our sockets end by themselves; the driver's own limit would give the login to another thread.
    set(properties, RedshiftProperty.LOGIN_TIMEOUT, "0");
    set(properties, RedshiftProperty.CANCEL_SIGNAL_TIMEOUT, "3");
    set(properties, RedshiftProperty.TCP_KEEP_ALIVE, "true");
    set(properties, RedshiftProperty.MAX_RESULT_BUFFER, "64M");
    // By default it is as large as 1 GB, is filled by a thread of its own, and closing a statement
    // before that thread is done cancels whatever runs on the connection.
    set(properties, RedshiftProperty.ENABLE_FETCH_RING_BUFFER, "false");
    // By default the driver itself splits a text at semicolons and runs each statement.
    set(properties, RedshiftProperty.ENABLE_MULTI_SQL_SUPPORT, "false");
    // With auto-commit off every transaction begins with BEGIN READ ONLY.
    set(properties, RedshiftProperty.READ_ONLY, "true");
    set(properties, RedshiftProperty.READ_ONLY_MODE, "transaction");
    // Text for every type, so that a value is exactly what the server prints.
    set(properties, RedshiftProperty.BINARY_TRANSFER, "false");
    set(properties, RedshiftProperty.PREPARE_THRESHOLD, "0");
    // Without this the session would have the time zone of this machine.
    set(properties, RedshiftProperty.CONNECTION_TIMEZONE, "SERVER");
    // Without a name the driver sends a line of our stack trace.
    set(properties, RedshiftProperty.APPLICATION_NAME, "retl-models");
    set(properties, RedshiftProperty.SOCKET_FACTORY, GuardedSocketFactory.class.getName());
    return properties;
  }

  private static void set(Properties properties, RedshiftProperty property, String value) {
    properties.setProperty(property.getName(), value);
  }

  // In this driver a property in the URL beats the one beside it, so its own parser has the last
  // word.
  static void requireAsIntended(RedshiftSettings settings, String url, Properties properties)
      throws SQLException {
    RedshiftProperties parsed =
        Driver.parseURL(url, new RedshiftProperties(properties, new Properties()));
    boolean isAsIntended =
        parsed != null
            && settings.host().equals(parsed.getProperty("host"))
            && Integer.toString(settings.port()).equals(parsed.getProperty("port"))
            && settings.database().equals(parsed.getProperty("dbname"))
            && "false".equals(parsed.getProperty("iamauth"))
            && properties.stringPropertyNames().stream()
                .allMatch(name -> properties.getProperty(name).equals(parsed.getProperty(name)))
            && parsed.stringPropertyNames().stream()
                .allMatch(name -> FROM_URL.contains(name) || properties.containsKey(name));
    if (!isAsIntended) {
      throw new IllegalStateException("The driver reads another connection than was meant.");
    }
  }
}
