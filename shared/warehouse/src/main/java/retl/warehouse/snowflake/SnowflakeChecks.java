package retl.warehouse.snowflake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.snowflake.client.api.connection.SnowflakeConnection;
import org.jspecify.annotations.Nullable;
import retl.core.credential.SnowflakeSettings;
import retl.core.query.TableName;
import retl.warehouse.CheckFailed;
import retl.warehouse.Unreadable;

/**
 * The checks after the login. They use SHOW and context functions alone, which need no running
 * warehouse: a validation must not resume one, and be billed.
 */
final class SnowflakeChecks {
  private static final String OWNERSHIP = "OWNERSHIP";

  /** It does not exist or is not authorized; of objects, and of schemas and databases. */
  private static final Set<Integer> NOT_SEEN = Set.of(2003, 2043, 3001);

  private static final Set<String> NEEDED = Set.of("USAGE", "CREATE TABLE");

  private final Connection connection;
  private final SnowflakeSettings settings;
  private final String role;

  SnowflakeChecks(Connection connection, SnowflakeSettings settings) throws SQLException {
    this.connection = connection;
    this.settings = settings;
    String answered = connection.unwrap(SnowflakeConnection.class).getRole();
    this.role = answered == null || isEmpty(answered) ? SnowflakeRemedies.role(settings) : answered;
  }

  /**
   * Passes when the session has what it logged in for: of a warehouse or a database that the role
   * may not use, the login says nothing.
   */
  void context() throws CheckFailed, SQLException {
    SnowflakeConnection session = connection.unwrap(SnowflakeConnection.class);
    if (isEmpty(session.getDatabase())) {
      throw new CheckFailed(SnowflakeRemedies.unknownDatabase(settings, role));
    }
    if (isEmpty(session.getWarehouse())) {
      throw new CheckFailed(SnowflakeRemedies.unknownWarehouse(settings, role));
    }
  }

  /** Passes unless the warehouse stands still and no query would make it run. */
  void warehouse() throws CheckFailed, SQLException {
    String name = Names.stored(settings.virtualWarehouse());
    for (Map<String, String> row :
        show("SHOW WAREHOUSES LIKE " + Names.literal(name), "name", "state", "auto_resume")) {
      if (name.equals(row.get("name"))
          && "SUSPENDED".equals(row.get("state"))
          && "false".equals(row.get("auto_resume"))) {
        throw new CheckFailed(SnowflakeRemedies.suspendedWarehouse(settings));
      }
    }
  }

  /** Passes when a schema beside the state schema can be used: the one of the settings, if any. */
  void listSchemas() throws CheckFailed, SQLException {
    Set<String> schemas = new HashSet<>();
    for (Map<String, String> row :
        show("SHOW TERSE SCHEMAS IN DATABASE " + Names.quoted(settings.database()), "name")) {
      schemas.add(row.get("name"));
    }
    schemas.removeAll(Set.of("INFORMATION_SCHEMA", Names.stored(settings.stateSchema())));
    String wanted = settings.schema();
    if (wanted == null ? schemas.isEmpty() : !schemas.contains(Names.stored(wanted))) {
      throw new CheckFailed(SnowflakeRemedies.noSchema(settings, role));
    }
  }

  /** Passes when the state schema is there and tables can be made in it. */
  void stateSchema() throws CheckFailed, SQLException {
    String name = Names.stored(settings.stateSchema());
    boolean isThere =
        show(
                "SHOW TERSE SCHEMAS LIKE "
                    + Names.literal(name)
                    + " IN DATABASE "
                    + Names.quoted(settings.database()),
                "name")
            .stream()
            .anyMatch(row -> name.equals(row.get("name")));
    if (!isThere) {
      throw new CheckFailed(SnowflakeRemedies.noStateSchema(settings, role));
    }
    Map<String, Set<String>> privileges = new HashMap<>();
    for (Map<String, String> row :
        show(
            "SHOW GRANTS ON SCHEMA "
                + SnowflakeRemedies.inDatabase(settings, settings.stateSchema()),
            "privilege",
            "granted_to",
            "grantee_name")) {
      if ("ROLE".equals(row.get("granted_to"))) {
        privileges
            .computeIfAbsent(row.get("grantee_name"), grantee -> new HashSet<>())
            .add(row.get("privilege"));
      }
    }
    Set<String> held = new HashSet<>();
    for (String each : inSession(privileges.keySet())) {
      held.addAll(privileges.getOrDefault(each, Set.of()));
    }
    if (!held.contains(OWNERSHIP) && !held.containsAll(NEEDED)) {
      throw new CheckFailed(SnowflakeRemedies.closedStateSchema(settings, role));
    }
  }

  /**
   * Asks for the columns of a table alone, which needs no running warehouse. What is closed and
   * what is missing has one number, so the grants come with both.
   */
  @Nullable Unreadable unreadable(TableName table) throws SQLException {
    String name =
        Stream.of(table.catalog(), table.schema(), table.name())
            .filter(Objects::nonNull)
            .map(Names::exact)
            .collect(Collectors.joining("."));
    try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM " + name)) {
      statement.getMetaData();
      return null;
    } catch (SQLException e) {
      if (NOT_SEEN.contains(e.getErrorCode())) {
        return new Unreadable(table, SnowflakeRemedies.ofTable(settings, role, table));
      }
      throw e;
    }
  }

  // Of these roles, those that the session has, by itself or by what its role was granted.
  private Set<String> inSession(Set<String> roles) throws SQLException {
    List<String> asked = List.copyOf(roles);
    if (asked.isEmpty()) {
      return Set.of();
    }
    String sql =
        asked.stream()
            .map(each -> "IS_ROLE_IN_SESSION(" + Names.literal(each) + ")")
            .collect(Collectors.joining(", ", "SELECT ", ""));
    Set<String> held = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      for (int i = 0; i < asked.size(); i++) {
        if (answer.getBoolean(i + 1)) {
          held.add(asked.get(i));
        }
      }
    }
    return held;
  }

  private List<Map<String, String>> show(String sql, String... columns) throws SQLException {
    List<Map<String, String>> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        Map<String, String> row = new HashMap<>();
        for (String column : columns) {
          row.put(column, Objects.requireNonNullElse(rows.getString(column), ""));
        }
        found.add(row);
      }
    }
    return found;
  }

  private static boolean isEmpty(@Nullable String name) {
    return name == null || name.isEmpty() || name.equals("null");
  }
}
