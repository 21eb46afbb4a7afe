package retl.warehouse.redshift;

import com.amazon.redshift.core.BaseConnection;
import com.amazon.redshift.core.Parser;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.warehouse.CatalogSession;
import retl.warehouse.Grants;

/** A connection to Redshift. */
final class RedshiftSession extends CatalogSession {
  private final BaseConnection connection;

  RedshiftSession(BaseConnection connection, Grants grants) {
    super(connection, grants);
    this.connection = connection;
  }

  // It splits at semicolons outside of literals, and knows how this server reads a backslash.
  @Override
  public boolean isOneStatement(String sql) throws SQLException {
    boolean isBackslashPlain = connection.getStandardConformingStrings();
    return Parser.parseJdbcSql(sql, isBackslashPlain, false, true, false, true).size() == 1;
  }

  // The first query of a transaction fixes that it can only read: later SQL cannot undo that.
  @Override
  public ResultSet read(Statement statement, String sql, Duration left) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement first = connection.createStatement()) {
      // How values are printed, whatever the user is set to, and the milliseconds that are left.
      first.execute(
          """
          SELECT set_config('timezone', 'UTC', true),
                 set_config('statement_timeout', '%d', true)
          """
              .formatted(left.toMillis()));
    }
    return statement.executeQuery(sql);
  }

  @Override
  public List<RedshiftColumn> columns(ResultSet rows) throws SQLException {
    return RedshiftColumn.of(rows.getMetaData());
  }

  @Override
  public Preview.@Nullable Failure failure(SQLException error, RunnableQuery query) {
    return RedshiftFaults.ofQuery(error, query);
  }

  // The connection's own method does nothing once it has noticed that it is broken.
  @Override
  public void cancel() throws SQLException {
    connection.getQueryExecutor().sendQueryCancel();
  }
}
