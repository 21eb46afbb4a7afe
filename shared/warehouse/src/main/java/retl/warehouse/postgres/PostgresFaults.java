package retl.warehouse.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import retl.core.credential.PostgresSettings;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.core.validation.Check.Remedy;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Fault;
import retl.warehouse.Grants;
import retl.warehouse.LostConnection;
import retl.warehouse.ServerError;
import retl.warehouse.Tls;

/**
 * What a failure means. Before the login nothing of the driver's or the server's text is passed on,
 * and whatever answers at the other end but is no PostgreSQL of ours is one fault.
 */
final class PostgresFaults {
  private static final String REJECTED = "08004";

  private PostgresFaults() {}

  /** The fault of a connection that could not be opened. SQLSTATEs: PostgreSQL's appendix A. */
  static Fault ofConnection(PostgresSettings settings, SQLException error) {
    ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    if (server == null) {
      return ofDriver(settings, error);
    }
    String user = Grants.quote(settings.user());
    String database = Grants.quote(settings.database());
    return switch (Objects.requireNonNullElse(server.getSQLState(), "")) {
      case "28P01" ->
          new Fault(
              "authentication_failed",
              "The server does not take this user with this password.",
              new Remedy(
                  "Check user and password. To set a new password, run this as an administrator:",
                  List.of("ALTER ROLE " + user + " WITH LOGIN PASSWORD '<new password>';")));
      case "28000" ->
          new Fault(
              "access_denied",
              "The server lets this user not in from this network, or not without TLS: that is what"
                  + " its pg_hba.conf says, or the role may not log in.",
              new Remedy(
                  "Let the role log in, and add a line for it to pg_hba.conf:",
                  List.of("ALTER ROLE " + user + " WITH LOGIN;")));
      case "3D000" ->
          new Fault(
              "unknown_database",
              "The server has no database of this name.",
              new Remedy(
                  "Check the name; upper and lower case count. These are the databases there are:",
                  List.of("SELECT datname FROM pg_database WHERE datallowconn;")));
      case "42501" ->
          new Fault(
              "database_access_denied",
              "The user may not connect to this database.",
              new Remedy(
                  "Run this as the owner of the database:",
                  List.of("GRANT CONNECT ON DATABASE " + database + " TO " + user + ";")));
      case "53300" ->
          new Fault(
              "too_many_connections",
              "The server, or the role, has no connection left.",
              new Remedy(
                  "Try again later, or allow the role more connections:",
                  List.of("ALTER ROLE " + user + " CONNECTION LIMIT 10;")));
      case "57P03" ->
          new Fault(
              "warehouse_unavailable",
              "The server is starting up, shutting down or recovering. Try again later.",
              null);
      default -> Fault.unreachable(Warehouse.POSTGRES);
    };
  }

  private static Fault ofDriver(PostgresSettings settings, SQLException error) {
    if (Tls.isRefused(error) || isHostMismatch(error)) {
      return Tls.FAULT;
    }
    // The driver's own code for what it refuses to do; its texts are translated, names in them are
    // not.
    if (!REJECTED.equals(error.getSQLState())) {
      return Fault.unreachable(Warehouse.POSTGRES);
    }
    String message = Objects.requireNonNullElse(error.getMessage(), "");
    if (message.contains("requireAuth")) {
      return new Fault(
          "authentication_method",
          "The server asks for the password in another way than SCRAM, so it was not sent.",
          new Remedy(
              "Store the password as SCRAM, and let pg_hba.conf say scram-sha-256:",
              List.of(
                  "SET password_encryption = 'scram-sha-256';",
                  "ALTER ROLE " + Grants.quote(settings.user()) + " WITH PASSWORD '<password>';")));
    }
    if (settings.sslMode().equals("disable")) {
      return Fault.unreachable(Warehouse.POSTGRES);
    }
    return new Fault(
        "tls_required",
        "The server does not offer TLS, so nothing was sent to it.",
        new Remedy(
            "Switch TLS on at the server:",
            List.of("ALTER SYSTEM SET ssl = on;", "SELECT pg_reload_conf();")));
  }

  private static boolean isHostMismatch(Throwable error) {
    String message = Objects.requireNonNullElse(error.getMessage(), "");
    return error instanceof PSQLException && message.contains("PgjdbcHostnameVerifier");
  }

  /**
   * The failure of a query after the login: here the server's words are about the user's own text.
   * Null when the server said nothing.
   */
  static Preview.@Nullable Failure ofQuery(SQLException error, RunnableQuery query) {
    ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    if (server == null) {
      // The driver has this limit, and says so in a text that it translates.
      String message = Objects.requireNonNullElse(error.getMessage(), "");
      return message.contains("maxResultBuffer") ? LostConnection.TOO_LARGE : null;
    }
    return new ServerError(
            server.getSQLState(), server.getMessage(), server.getHint(), server.getPosition())
        .failure(query);
  }
}
