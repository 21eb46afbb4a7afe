package retl.warehouse;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.core.query.TableName;

/** Passes every check, and has nothing to query. */
class IdleSession implements Session {
  @Override
  public void listSchemas() {}

  @Override
  public void stateSchema() {}

  @Override
  public @Nullable Unreadable unreadable(TableName table) {
    return null;
  }

  @Override
  public boolean isOneStatement(String sql) {
    return true;
  }

  @Override
  public Statement statement(int maxRows) throws SQLException {
    throw new SQLException("not asked for here");
  }

  @Override
  public ResultSet read(Statement statement, String sql, Duration left) throws SQLException {
    throw new SQLException("not asked for here");
  }

  @Override
  public Set<Guard> guards() {
    return Set.of();
  }

  @Override
  public List<ResultColumn> columns(ResultSet rows) {
    return List.of();
  }

  @Override
  public Preview.@Nullable Failure failure(SQLException error, RunnableQuery query) {
    return null;
  }

  @Override
  public void cancel() {}

  @Override
  public void close() {}
}
