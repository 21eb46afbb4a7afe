package retl.warehouse.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.Parser;
import retl.core.credential.PostgresSettings;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.warehouse.CatalogSession;
import retl.warehouse.Grants;

/** A connection to PostgreSQL. */
final class PostgresSession extends CatalogSession {
  private final Connection connection;

  PostgresSession(Connection connection, PostgresSettings settings) {
    super(connection, new Grants(settings.user(), settings.stateSchema()));
    this.connection = connection;
  }

  // It splits at semicolons outside of literals.
  @Override
  public boolean isOneStatement(String sql) throws SQLException {
    return Parser.parseJdbcSql(sql, true, false, true, false, false).size() == 1;
  }

  // The first statement of a transaction fixes that it can only read: later SQL cannot undo that.
  // The driver sends BEGIN READ ONLY, the settings and the query in one round trip. What a login
  // says of settings would take none either, but a pool of connections may keep it to itself.
  @Override
  public ResultSet read(Statement statement, String sql, Duration left) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    // How values are printed, whatever the role is set to, and the milliseconds that are left. The
    // query begins right after the semicolon: places are counted from there.
    statement.execute(
        """
        SELECT pg_catalog.set_config('TimeZone', 'UTC', true),
               pg_catalog.set_config('IntervalStyle', 'postgres', true),
               pg_catalog.set_config('bytea_output', 'hex', true),
               pg_catalog.set_config('extra_float_digits', '1', true),
               pg_catalog.set_config('statement_timeout', '%d', true);"""
                .formatted(left.toMillis())
            + sql);
    statement.getMoreResults();
    return Objects.requireNonNull(statement.getResultSet(), "a query has rows");
  }

  @Override
  public List<PostgresColumn> columns(ResultSet rows) throws SQLException {
    return PostgresColumn.of(rows);
  }

  @Override
  public Preview.@Nullable Failure failure(SQLException error, RunnableQuery query) {
    return PostgresFaults.ofQuery(error, query);
  }

  @Override
  public void cancel() throws SQLException {
    connection.unwrap(PGConnection.class).cancelQuery();
  }
}
