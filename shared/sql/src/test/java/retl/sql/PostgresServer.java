package retl.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;

/** A real PostgreSQL on loopback, with a password, gone when closed. */
final class PostgresServer implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final String password = UUID.randomUUID().toString();

  PostgresServer() {
    try {
      Path passwordFile = Files.createTempFile("postgres", ".password");
      Files.writeString(passwordFile, password);
      postgres =
          EmbeddedPostgres.builder()
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("fsync", "off")
              .setServerConfig("max_connections", "20")
              .setLocaleConfig("pwfile", passwordFile.toString())
              // In clear, on loopback: so the wire client of the fuzz test stays small.
              .setLocaleConfig("auth-host", "password")
              .setLocaleConfig("auth-local", "reject")
              .setLocaleConfig("encoding", "UTF8")
              .setLocaleConfig("locale", "C")
              .setConnectConfig("password", password)
              .start();
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return postgres.getPort();
  }

  /** A connection of the superuser. */
  Connection connect(Properties more) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(more);
    properties.setProperty("user", "postgres");
    properties.setProperty("password", password);
    return DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"), properties);
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
