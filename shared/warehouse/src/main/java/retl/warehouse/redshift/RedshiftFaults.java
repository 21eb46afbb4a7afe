package retl.warehouse.redshift;

import com.amazon.redshift.util.RedshiftException;
import com.amazon.redshift.util.ServerErrorMessage;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retl.core.credential.RedshiftSettings;
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
 * and whatever answers at the other end but is no Redshift of ours is one fault.
 */
final class RedshiftFaults {
  /** The driver's own code for what it refuses to do, and for a broken connection. */
  private static final String REJECTED = "08004";

  private static final String BROKEN = "08006";

  private RedshiftFaults() {}

  /**
   * The fault of a connection that could not be opened. While it opens one, the driver keeps the
   * server's SQLSTATE and drops the rest.
   */
  static Fault ofConnection(RedshiftSettings settings, SQLException error) {
    String user = Grants.quote(settings.user());
    return switch (Objects.requireNonNullElse(error.getSQLState(), "")) {
      // Redshift is of PostgreSQL 8, where a wrong password is 28000, not 28P01.
      case "28000", "28P01" -> ofLogin(settings, user);
      case "3D000" ->
          new Fault(
              "unknown_database",
              "The cluster or workgroup has no database of this name.",
              new Remedy(
                  "Check the name. These are the databases there are:",
                  List.of("SELECT database_name FROM svv_redshift_databases;")));
      case "42501" ->
          new Fault(
              "database_access_denied",
              "The user may not connect to this database.",
              new Remedy(
                  "Run this as the owner of the database:",
                  List.of(
                      "GRANT USAGE ON DATABASE "
                          + Grants.quote(settings.database())
                          + " TO "
                          + user
                          + ";")));
      case "53300" ->
          new Fault(
              "too_many_connections",
              "The cluster, the workgroup or the user has no connection left.",
              new Remedy(
                  "Try again later, or allow the user more connections:",
                  List.of("ALTER USER " + user + " CONNECTION LIMIT UNLIMITED;")));
      case "57P03" ->
          new Fault(
              "warehouse_unavailable",
              "The cluster is starting up, resuming, or being maintained. Try again later.",
              null);
      case REJECTED -> ofRefusalToGoOn(error);
      case BROKEN ->
          Tls.isRefused(error) || isHostMismatch(error)
              ? Tls.FAULT
              : Fault.unreachable(Warehouse.REDSHIFT);
      default -> Fault.unreachable(Warehouse.REDSHIFT);
    };
  }

  private static Fault ofLogin(RedshiftSettings settings, String user) {
    return settings.authentication().equals("iam")
        ? new Fault(
            "authentication_failed",
            "The cluster or workgroup does not take the temporary credentials that IAM gave.",
            new Remedy(
                "Check that host and database are those of the cluster or workgroup that is named."
                    + " A user of a cluster must be there; run this as an administrator:",
                List.of("CREATE USER " + user + " PASSWORD DISABLE;")))
        : new Fault(
            "authentication_failed",
            "The cluster or workgroup does not take this user with this password.",
            new Remedy(
                "Check user and password. To set a new password, run this as an administrator:",
                List.of("ALTER USER " + user + " PASSWORD '<new password>';")));
  }

  // The texts are translated, names in them are not.
  private static Fault ofRefusalToGoOn(SQLException error) {
    return messageOf(error).contains("SSL")
        ? new Fault(
            "tls_required", "The server does not offer TLS, so nothing was sent to it.", null)
        : Fault.unreachable(Warehouse.REDSHIFT);
  }

  private static boolean isHostMismatch(SQLException error) {
    return messageOf(error).contains("RedshiftjdbcHostnameVerifier");
  }

  private static String messageOf(SQLException error) {
    return Objects.requireNonNullElse(error.getMessage(), "");
  }

  /**
   * The failure of a query after the login: here the server's words are about the user's own text.
   * Null when the server said nothing.
   */
  static Preview.@Nullable Failure ofQuery(SQLException error, RunnableQuery query) {
    ServerErrorMessage server =
        error instanceof RedshiftException e ? e.getServerErrorMessage() : null;
    if (server == null) {
      // The driver has this limit, and says so in a text that it translates.
      return messageOf(error).contains("maxResultBuffer") ? LostConnection.TOO_LARGE : null;
    }
    return new ServerError(
            server.getSQLState(), server.getMessage(), server.getHint(), server.getPosition())
        .failure(query);
  }
}
