package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A real PostgreSQL with generated data of a shop, as the warehouse to try the service on: on
 * loopback only, every user with a password of its own. Its port and passwords stay the same from
 * start to start, so that a credential that was saved keeps working.
 */
public final class SampleWarehouse implements AutoCloseable {
  /** Reads everything, and has its own state schema. */
  public static final String REPORTING = "reporting";

  /** Reads everything, but may not touch the state schema. */
  public static final String NO_STATE = "reporting_no_state";

  /** May connect, and no more. */
  public static final String NO_TABLES = "reporting_no_tables";

  private static final String DATABASE = "shop_dw";
  private static final String SUPERUSER = "postgres";
  private static final List<String> ALL_USERS = List.of(SUPERUSER, REPORTING, NO_STATE, NO_TABLES);

  private final EmbeddedPostgres server;
  private final WarehouseAccess access;

  private SampleWarehouse(EmbeddedPostgres server, WarehouseAccess access) {
    this.server = server;
    this.access = access;
  }

  /**
   * Starts it, and makes its data when the folder has none or only a half of it. A server that was
   * left running in this folder is ended first.
   *
   * @param folder where the programs, the data and the passwords are kept
   * @throws IOException if it cannot be started; the message says why, in one line
   */
  public static SampleWarehouse start(Path folder) throws IOException {
    PrivateFile.makeFolder(folder);
    Path cluster = folder.resolve("cluster");
    Path complete = folder.resolve("complete");
    StaleServer.end(cluster, folder);
    if (!Files.exists(complete)) {
      DataFolder.delete(cluster);
    }
    WarehouseAccess access = WarehouseAccess.of(folder, ALL_USERS);
    access.requirePortFree();
    SampleWarehouse warehouse = new SampleWarehouse(server(folder, access), access);
    if (!Files.exists(complete)) {
      warehouse.fill();
      Files.createFile(complete);
    }
    return warehouse;
  }

  /** How the service reaches it: the {@code settings} of a credential, for {@link #REPORTING}. */
  public Map<String, Object> settings() {
    return settings(REPORTING);
  }

  /** The {@code settings} of a credential, for one of the three users. */
  public Map<String, Object> settings(String user) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("host", "127.0.0.1");
    settings.put("port", access.port());
    settings.put("database", DATABASE);
    settings.put("user", user);
    settings.put("sslMode", "disable");
    return settings;
  }

  /** The {@code secret} of a credential, for {@link #REPORTING}. */
  public Map<String, Object> secret() {
    return secret(REPORTING);
  }

  /** The {@code secret} of a credential, for one of the three users. */
  public Map<String, Object> secret(String user) {
    return Map.of("password", access.password(user));
  }

  /** Ends the server; what it holds is kept. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  private static EmbeddedPostgres server(Path folder, WarehouseAccess access) throws IOException {
    Path log = folder.resolve("server.log");
    Files.deleteIfExists(log);
    Redirect toLog = Redirect.appendTo(log.toFile());
    try {
      return EmbeddedPostgres.builder()
          .setOverrideWorkingDirectory(folder.resolve("programs").toFile())
          .setDataDirectory(folder.resolve("cluster"))
          .setCleanDataDirectory(false)
          .setPort(access.port())
          .setPGStartupWait(Duration.ofMinutes(3))
          .setOutputRedirector(toLog)
          .setErrorRedirector(toLog)
          // For initdb, whose default is to trust everybody on this machine.
          .setLocaleConfig("auth-host", "scram-sha-256")
          .setLocaleConfig("auth-local", "reject")
          .setLocaleConfig("pwfile", access.passwordFile(SUPERUSER).toString())
          .setLocaleConfig("locale", "C")
          .setLocaleConfig("locale-provider", "builtin")
          .setLocaleConfig("builtin-locale", "C.UTF-8")
          .setConnectConfig("password", access.password(SUPERUSER))
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("unix_socket_directories", "")
          .setServerConfig("timezone", "UTC")
          .setServerConfig("jit", "off")
          .setServerConfig("min_wal_size", "32MB")
          .setServerConfig("max_wal_size", "64MB")
          // Else a statement that fails, which may set a password, is in the log.
          .setServerConfig("log_min_error_statement", "panic")
          .start();
    } catch (IOException | IllegalStateException e) {
      throw new IOException(
          "The sample warehouse did not start: " + e.getMessage() + ", see " + log, e);
    }
  }

  /** All of it in one transaction, so that there is no half of it to be found. */
  private void fill() throws IOException {
    try {
      run(SUPERUSER, "CREATE DATABASE " + DATABASE);
      StringBuilder script = new StringBuilder("BEGIN;\n").append(script());
      for (String user : ALL_USERS) {
        script.append("ALTER ROLE %s PASSWORD '%s';%n".formatted(user, access.password(user)));
      }
      run(DATABASE, script.append("COMMIT;").toString());
      run(DATABASE, "CHECKPOINT");
    } catch (SQLException e) {
      server.close();
      // The driver's message may quote the statement, and with it a password.
      throw new IOException("The sample data could not be made: SQL state " + e.getSQLState());
    }
  }

  private void run(String database, String sql) throws SQLException {
    try (Connection connection = server.getDatabase(SUPERUSER, database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String script() throws IOException {
    try (InputStream script = SampleWarehouse.class.getResourceAsStream("sample-warehouse.sql")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
    }
  }
}
