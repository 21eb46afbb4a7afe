package retl.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Guard;
import retl.core.query.TableName;

/**
 * What the sessions of warehouses with PostgreSQL's catalog share: the checks, which read the
 * catalog and nothing else.
 */
public abstract class CatalogSession implements Session {
  private static final int FETCH_SIZE = 100;

  private static final String SCHEMAS =
      """
      SELECT n.nspname, has_schema_privilege(n.nspname, 'USAGE')
      FROM pg_catalog.pg_namespace n
      WHERE substring(n.nspname FROM 1 FOR 3) <> 'pg_'
        AND n.nspname NOT IN ('information_schema', ?)
      ORDER BY n.nspname
      LIMIT 1000
      """;

  private static final String STATE_SCHEMA =
      """
      SELECT has_schema_privilege(n.nspname, 'USAGE') AND has_schema_privilege(n.nspname, 'CREATE')
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname = ?
      """;

  private final Connection connection;
  private final Grants grants;

  protected CatalogSession(Connection connection, Grants grants) {
    this.connection = connection;
    this.grants = grants;
  }

  @Override
  public void listSchemas() throws CheckFailed, SQLException {
    List<String> all = new ArrayList<>();
    boolean isUsable = false;
    try (PreparedStatement statement = connection.prepareStatement(SCHEMAS)) {
      statement.setString(1, grants.stateSchema());
      try (ResultSet schemas = statement.executeQuery()) {
        while (schemas.next()) {
          all.add(schemas.getString(1));
          isUsable |= schemas.getBoolean(2);
        }
      }
    }
    if (!isUsable) {
      throw new CheckFailed(grants.noSchema(all));
    }
  }

  @Override
  public void stateSchema() throws CheckFailed, SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATE_SCHEMA)) {
      statement.setString(1, grants.stateSchema());
      try (ResultSet schema = statement.executeQuery()) {
        if (!schema.next()) {
          throw new CheckFailed(grants.noStateSchema());
        }
        if (!schema.getBoolean(1)) {
          throw new CheckFailed(grants.closedStateSchema());
        }
      }
    }
  }

  @Override
  public Set<Guard> guards() {
    return EnumSet.of(Guard.SINGLE_STATEMENT, Guard.READ_ONLY_TRANSACTION, Guard.SERVER_TIMEOUT);
  }

  // The server itself looks the name up and judges, views, other schemas' tables and rights to
  // single
  // columns included; it reads no row for that.
  @Override
  public @Nullable Unreadable unreadable(TableName table) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1 FROM " + Grants.quote(table) + " LIMIT 0");
      return null;
    } catch (SQLException e) {
      return switch (Objects.requireNonNullElse(e.getSQLState(), "")) {
        case "42501" -> new Unreadable(table, grants.ofTable(table));
        case "42P01", "3F000", "3D000", "0A000" -> new Unreadable(table, List.of());
        default -> throw e;
      };
    } finally {
      connection.rollback();
    }
  }

  // It asks for its rows in small portions.
  @Override
  public Statement statement(int maxRows) throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    statement.setFetchSize(FETCH_SIZE);
    // One more than there can be, so that the server says that it has no more: to close what might
    // still go on, Redshift's driver opens a connection of its own and cancels it.
    statement.setMaxRows(maxRows + 1);
    return statement;
  }

  // That ends a transaction too, and nothing of it stays: to roll it back first would be a round
  // trip more.
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is dropped all the same.
      return;
    }
  }
}
