package retl.warehouse.snowflake;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import net.snowflake.client.internal.jdbc.SnowflakeConnectString;
import retl.core.credential.PrivateKeyPem;
import retl.core.credential.Secret;
import retl.core.credential.SnowflakeSettings;

/**
 * What the driver is told. A name that it does not know becomes a parameter of the session, so
 * nothing else is ever set; what is not set here, it would read from its own defaults.
 */
final class LoginProperties {
  private final SnowflakeSettings settings;
  private final Reach reach;
  private final Properties properties = new Properties();

  LoginProperties(
      SnowflakeSettings settings, Secret secret, Reach reach, int proxyPort, Duration left) {
    this.settings = settings;
    this.reach = reach;
    login(secret);
    wayOut(proxyPort);
    nothingElse();
    session(Math.max(1, left.toSeconds()));
  }

  private void login(Secret secret) {
    set("account", settings.account());
    set("user", settings.user());
    switch (settings.authentication()) {
      case "keyPair" -> {
        set("authenticator", "SNOWFLAKE_JWT");
        // The key itself: of a file or a text the driver would have to be told the passphrase.
        properties.put("privateKey", privateKey(secret));
      }
      case "token" -> {
        set("authenticator", "PROGRAMMATIC_ACCESS_TOKEN");
        set("token", secret.required("token"));
      }
      default -> {
        set("authenticator", "SNOWFLAKE");
        set("password", secret.required("password"));
      }
    }
    set("warehouse", Names.parameter(settings.virtualWarehouse()));
    set("db", Names.parameter(settings.database()));
    if (settings.role() != null) {
      set("role", Names.parameter(settings.role()));
    }
    if (settings.schema() != null) {
      set("schema", Names.parameter(settings.schema()));
    }
    if (!reach.tls()) {
      set("ssl", "off");
    }
  }

  private static RSAPrivateKey privateKey(Secret secret) {
    try {
      return PrivateKeyPem.read(
          secret.required("privateKey"), secret.values().get("privateKeyPassphrase"));
    } catch (PrivateKeyPem.Unusable e) {
      throw new IllegalStateException("A key was stored that does not open.", e);
    }
  }

  private void wayOut(int proxyPort) {
    set("useProxy", "true");
    set("proxyHost", "127.0.0.1");
    set("proxyPort", Integer.toString(proxyPort));
    // Else a proxy of the whole JVM for SOCKS would come before ours.
    set("disableSocksProxy", "true");
    set("loginTimeout", "10");
    set("HTTP_CLIENT_CONNECTION_TIMEOUT", "5000");
    // Longer than the 45 seconds after which the server says that a query still runs.
    set("HTTP_CLIENT_SOCKET_TIMEOUT", "60000");
    // By default it goes on for minutes; whoever wants to try again asks us again.
    set("maxHttpRetries", "1");
  }

  /** Whatever phones elsewhere, writes files, opens windows, or keeps credentials is off. */
  private void nothingElse() {
    // It asks the issuers of certificates over plain HTTP and keeps their answers in a file. The
    // certificate itself is verified without that.
    set("disableOCSPChecks", "true");
    set("CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED", "false");
    // It asks the metadata services of three clouds who we are, with our role.
    set("disablePlatformDetection", "true");
    set("disableConsoleLogin", "true");
    set("clientStoreTemporaryCredential", "false");
    set("clientRequestMfaToken", "false");
    // PUT and GET copy files of this machine; and no result is made of a copy.
    set("enablePutGet", "false");
    set("enableCopyResultSet", "false");
    set("disableGcsDefaultCredentials", "true");
    set("disableQueryContextCache", "true");
    set("ENABLE_DIAGNOSTICS", "false");
    set("application", "retl-models");
    // Not tracing: even at OFF it makes a log file in the home folder.
  }

  /** Parameters of the session. */
  private void session(long seconds) {
    set("CLIENT_TELEMETRY_ENABLED", "false");
    set("CLIENT_SESSION_KEEP_ALIVE", "false");
    set("CLIENT_PREFETCH_THREADS", "1");
    // In megabytes, and the smallest that there is: a larger part does not fit into a worker.
    set("CLIENT_RESULT_CHUNK_SIZE", "48");
    set("CLIENT_MEMORY_LIMIT", "128");
    // Values as text; Arrow would need the JVM's own packages opened to the driver.
    set("JDBC_QUERY_RESULT_FORMAT", "JSON");
    set("MULTI_STATEMENT_COUNT", "1");
    set("ABORT_DETACHED_QUERY", "true");
    set("STATEMENT_TIMEOUT_IN_SECONDS", Long.toString(seconds));
    set("STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", Long.toString(seconds));
    set("QUERY_TAG", "retl-models");
    // How values are printed, whatever the account or the user is set to.
    set("TIMEZONE", "UTC");
    set("TIME_OUTPUT_FORMAT", "HH24:MI:SS.FF9");
    set("GEOGRAPHY_OUTPUT_FORMAT", "GeoJSON");
    set("GEOMETRY_OUTPUT_FORMAT", "GeoJSON");
    set("CLIENT_HONOR_CLIENT_TZ_FOR_TIMESTAMP_NTZ", "false");
    set("JDBC_TREAT_TIMESTAMP_NTZ_AS_UTC", "true");
    set("JDBC_USE_SESSION_TIMEZONE", "false");
    set("JDBC_TREAT_DECIMAL_AS_INT", "false");
  }

  private void set(String name, String value) {
    properties.setProperty(name, value);
  }

  /**
   * The properties, after the driver's own parser has read them with the URL and found nothing else
   * than was meant.
   */
  Properties verified() {
    SnowflakeConnectString parsed = SnowflakeConnectString.parse(reach.url(), properties);
    boolean isAsIntended =
        parsed.isValid()
            && parsed.getScheme().equals(reach.tls() ? "https" : "http")
            && parsed.getHost().equals(reach.host())
            && parsed.getPort() == reach.port()
            && parsed.getAccount().equals(settings.account())
            && parsed.getParameters().equals(inUpperCase());
    if (!isAsIntended) {
      throw new IllegalStateException("The driver reads another connection than was meant.");
    }
    return properties;
  }

  private Map<String, Object> inUpperCase() {
    Map<String, Object> meant = new HashMap<>();
    properties.forEach((name, value) -> meant.put(name.toString().toUpperCase(Locale.US), value));
    return meant;
  }
}
