package retl.warehouse.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import retl.core.credential.PostgresSettings;
import retl.warehouse.CheckFailed;

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

  void listSchemas() throws CheckFailed, SQLException {
    List<String> all = new ArrayList<>();
    boolean isUsable = false;
    try (PreparedStatement statement = connection.prepareStatement(SCHEMAS)) {
      statement.setString(1, settings.stateSchema());
      try (ResultSet schemas = statement.executeQuery()) {
        while (schemas.next()) {
          all.add(schemas.getString(1));
          isUsable |= schemas.getBoolean(2);
        }
      }
    }
    if (!isUsable) {
      throw new CheckFailed(PostgresRemedies.noSchema(settings, all));
    }
  }

  void stateSchema() throws CheckFailed, SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATE_SCHEMA)) {
      statement.setString(1, settings.stateSchema());
      try (ResultSet schema = statement.executeQuery()) {
        if (!schema.next()) {
          throw new CheckFailed(PostgresRemedies.noStateSchema(settings));
        }
        if (!schema.getBoolean(1)) {
          throw new CheckFailed(PostgresRemedies.closedStateSchema(settings));
        }
      }
    }
  }
}
