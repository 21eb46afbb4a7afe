package retl.warehouse.snowflake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.snowflake.client.api.connection.SnowflakeConnection;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.core.query.TableName;
import retl.warehouse.CheckFailed;
import retl.warehouse.Session;
import retl.warehouse.SocketGuard;
import retl.warehouse.Unreadable;

/** A session on Snowflake. */
final class SnowflakeSession implements Session {
  private static final Duration FOR_CLOSING = Duration.ofSeconds(2);

  private final Connection connection;
  private final SnowflakeChecks checks;
  private final SocketGuard guard;
  private final Runnable ended;

  /**
   * @param ended closes what the connection goes through
   */
  SnowflakeSession(
      Connection connection, SnowflakeChecks checks, SocketGuard guard, Runnable ended) {
    this.connection = connection;
    this.checks = checks;
    this.guard = guard;
    this.ended = ended;
  }

  @Override
  public void listSchemas() throws CheckFailed, SQLException {
    checks.warehouse();
    checks.listSchemas();
  }

  @Override
  public void stateSchema() throws CheckFailed, SQLException {
    checks.stateSchema();
  }

  @Override
  public @Nullable Unreadable unreadable(TableName table) throws SQLException {
    return checks.unreadable(table);
  }

  /** The driver does not split; MULTI_STATEMENT_COUNT makes the server refuse a second one. */
  @Override
  public boolean isOneStatement(String sql) {
    return true;
  }

  @Override
  public Statement statement(int maxRows) throws SQLException {
    Statement statement = connection.createStatement();
    statement.setMaxRows(maxRows);
    return statement;
  }

  // There is no transaction that can only read: what holds is the gate, and what the role may do.
  // The time limit is a parameter of the session since the login.
  @Override
  public ResultSet read(Statement statement, String sql, Duration left) throws SQLException {
    return statement.executeQuery(sql);
  }

  @Override
  public Set<Guard> guards() {
    return EnumSet.of(Guard.SINGLE_STATEMENT, Guard.SERVER_TIMEOUT);
  }

  @Override
  public List<SnowflakeColumn> columns(ResultSet rows) throws SQLException {
    return SnowflakeColumn.of(rows.getMetaData());
  }

  @Override
  public Preview.@Nullable Failure failure(SQLException error, RunnableQuery query) {
    Preview.Failure said = QueryFaults.of(error, query);
    if (said == null) {
      guard.explain(error);
    }
    return said;
  }

  // The driver cannot cancel what its own side has given up.
  @Override
  public void cancel() throws SQLException {
    String session = connection.unwrap(SnowflakeConnection.class).getSessionID();
    try (Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery(
                "SELECT SYSTEM$CANCEL_ALL_QUERIES(" + Names.literal(session) + ")")) {
      answer.next();
    }
  }

  @Override
  public void close() {
    guard.endWithin(FOR_CLOSING);
    try {
      connection.close();
    } catch (SQLException e) {
      // It is dropped all the same.
      return;
    } finally {
      ended.run();
    }
  }
}
