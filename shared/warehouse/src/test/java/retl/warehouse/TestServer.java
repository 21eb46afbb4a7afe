package retl.warehouse;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import retl.core.credential.Login;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.credential.Settings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.warehouse.postgres.PostgresConnector;

/**
 * A real PostgreSQL with SCRAM and TLS, one for all tests of a run. Tests that change it use names
 * of their own.
 */
public final class TestServer implements AutoCloseable {
  public static final String PASSWORD = "p@ss w/örd?&=%";
  public static final String READER = "reader";
  private static final String ADMIN = "postgres";

  private static final String RULES =
      """
      host all shut_out 127.0.0.1/32 reject
      host all +old_drivers 127.0.0.1/32 md5
      host all old_fashioned 127.0.0.1/32 md5
      host all in_clear 127.0.0.1/32 password
      host all all 127.0.0.1/32 scram-sha-256
      """;

  private final EmbeddedPostgres server;
  private final Certificate certificate;

  private TestServer(EmbeddedPostgres server, Certificate certificate) {
    this.server = server;
    this.certificate = certificate;
  }

  private static TestServer start() {
    try {
      Path folder = Files.createTempDirectory("warehouse-test");
      Certificate certificate = Certificate.trusted();
      Path password = Files.writeString(folder.resolve("password"), PASSWORD);
      TestServer server =
          new TestServer(
              EmbeddedPostgres.builder()
                  .setPGStartupWait(Duration.ofMinutes(2))
                  .setLocaleConfig("auth-host", "scram-sha-256")
                  .setLocaleConfig("auth-local", "reject")
                  .setLocaleConfig("pwfile", password.toString())
                  .setLocaleConfig("locale", "C")
                  .setLocaleConfig("encoding", "UTF8")
                  .setConnectConfig("password", PASSWORD)
                  .setServerConfig("listen_addresses", "127.0.0.1")
                  .setServerConfig("unix_socket_directories", "")
                  .setServerConfig("fsync", "off")
                  .setServerConfig("ssl", "on")
                  .setServerConfig("ssl_cert_file", certificate.certificateFile().toString())
                  .setServerConfig("ssl_key_file", certificate.keyFile().toString())
                  .setDataDirectoryCustomizer(TestServer::writeRules)
                  .start(),
              certificate);
      server.createUser(READER);
      server.run("CREATE ROLE old_drivers");
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writeRules(java.io.File data) {
    try {
      Files.writeString(data.toPath().resolve("pg_hba.conf"), RULES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** What it shows to those who use TLS; this JVM trusts it. */
  public Certificate certificate() {
    return certificate;
  }

  /** The warehouses, of which PostgreSQL is the only one here. */
  public static Warehouses warehouses(NetworkRules rules) {
    return new Warehouses(List.of(new PostgresConnector()), rules, Clock.systemUTC());
  }

  /** Settings without TLS, as local mode allows them. */
  public PostgresSettings settings(String user, String database) {
    return settings("127.0.0.1", user, database, "disable");
  }

  public PostgresSettings settings(String host, String user, String database, String sslMode) {
    return new PostgresSettings(host, port(), database, user, sslMode, "_rudderstack");
  }

  /** The settings of a user who may read, and nothing more. */
  public PostgresSettings reader() {
    return settings(READER, ADMIN);
  }

  public static Secret secret() {
    return secret(PASSWORD);
  }

  public static Secret secret(String password) {
    return new Secret(Map.of("password", password));
  }

  /** A login in the name of some workspace. */
  public static <S extends Settings> Login<S> login(S settings, Secret secret) {
    return new Login<>("ws1", settings, secret);
  }

  /** A role that can log in with {@link #PASSWORD}. */
  public void createUser(String name) throws SQLException {
    run("CREATE ROLE " + Grants.quote(name) + " LOGIN PASSWORD '" + PASSWORD + "'");
  }

  /** A role that can log in with {@link #PASSWORD} through a driver that knows no SCRAM. */
  public void createUserOfOldDriver(String name) throws SQLException {
    run(
        "SET password_encryption = 'md5'; CREATE ROLE "
            + Grants.quote(name)
            + " LOGIN IN ROLE old_drivers PASSWORD '"
            + PASSWORD
            + "'");
  }

  /** Runs statements as administrator, each on its own. */
  public void run(String... statements) throws SQLException {
    runIn(ADMIN, List.of(statements));
  }

  /** Runs statements as administrator of another database. */
  public void runIn(String database, List<String> statements) throws SQLException {
    try (Connection connection = server.getDatabase(ADMIN, database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of what a query gives to the administrator. */
  public List<String> ask(String query) throws SQLException {
    try (Connection connection = server.getDatabase(ADMIN, ADMIN).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> answers = new ArrayList<>();
      while (rows.next()) {
        answers.add(String.valueOf(rows.getString(1)));
      }
      return answers;
    }
  }

  /**
   * True when no query with these words runs any more, soon enough: the server may still be ending
   * one.
   */
  public boolean isGone(String words) throws SQLException, InterruptedException {
    Instant end = Instant.now().plusSeconds(20);
    while (Instant.now().isBefore(end)) {
      if (ask("SELECT 1 FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
              + " AND query LIKE '%"
              + words
              + "%'")
          .isEmpty()) {
        return true;
      }
      // PostgreSQL tells nobody when the query of another connection ends: it has to be asked.
      Thread.sleep(100);
    }
    return false;
  }

  /** A deadline that no test here should reach. */
  public static Instant soon() {
    return Instant.now().plusSeconds(60);
  }

  /** The rows of a run that must have gone well. */
  public static Outcome.Rows rows(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Rows rows -> rows;
      case Outcome.Failed(var failure) -> throw new AssertionError(failure);
      case Outcome.Canceled canceled -> throw new AssertionError(canceled);
    };
  }

  /** The failure of a run that must have failed. */
  public static Preview.Failure failure(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Rows rows -> throw new AssertionError(rows.rows());
      case Outcome.Canceled canceled -> throw new AssertionError(canceled);
      case Outcome.Failed(var failure) -> failure;
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The one server of the run. */
  public static TestServer shared(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(TestServer.class, key -> start(), TestServer.class);
  }

  /** Gives the one server of the run to tests that ask for it. */
  public static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return shared(context);
    }
  }
}
