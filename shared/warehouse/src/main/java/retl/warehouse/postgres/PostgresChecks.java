package retl.warehouse.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import retl.core.credential.PostgresSettings;
import retl.warehouse.CheckRun.CheckFailed;
import retl.warehouse.CheckRun.Fault;

/** The checks after the login. They read the catalog and nothing else. */
final class PostgresChecks {
  private static final String SCHEMAS =
      """
      SELECT n.nspname, has_schema_privilege(n.oid, 'USAGE')
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', ?)
      ORDER BY n.nspname
      LIMIT 1000
      """;

  private static final String STATE_SCHEMA =
      """
      SELECT has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname = ?
      """;

  private final Connection connection;
  private final PostgresSettings settings;

  PostgresChecks(Connection connection, PostgresSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Passes when at least one schema beside the state schema can be used; gives how many. */
  Integer listSchemas() throws CheckFailed {
    List<String> all = new ArrayList<>();
    int usable = 0;
    try (PreparedStatement statement = connection.prepareStatement(SCHEMAS)) {
      statement.setString(1, settings.stateSchema());
      try (ResultSet schemas = statement.executeQuery()) {
        while (schemas.next()) {
          all.add(schemas.getString(1));
          usable += schemas.getBoolean(2) ? 1 : 0;
        }
      }
    } catch (SQLException e) {
      throw broken();
    }
    if (usable == 0) {
      throw new CheckFailed(PostgresRemedies.noSchema(settings, all));
    }
    return usable;
  }

  /** Passes when the state schema is there and tables can be made in it. */
  Boolean stateSchema() throws CheckFailed {
    try (PreparedStatement statement = connection.prepareStatement(STATE_SCHEMA)) {
      statement.setString(1, settings.stateSchema());
      try (ResultSet schema = statement.executeQuery()) {
        if (!schema.next()) {
          throw new CheckFailed(PostgresRemedies.noStateSchema(settings));
        }
        if (!schema.getBoolean(1)) {
          throw new CheckFailed(PostgresRemedies.closedStateSchema(settings));
        }
        return true;
      }
    } catch (SQLException e) {
      throw broken();
    }
  }

  private static CheckFailed broken() {
    return new CheckFailed(
        new Fault(
            "connection_lost",
            "The connection to the warehouse broke during this check. Validate again.",
            null));
  }
}
