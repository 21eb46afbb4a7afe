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

/**
 * A connection after its login. An {@link SQLException} out of a check means that the connection
 * broke; out of a query, {@link #failure} says what it means.
 */
public interface Session extends AutoCloseable {

  /** Passes when at least one schema, beside the state schema, can be used. */
  void listSchemas() throws CheckFailed, SQLException;

  /** Passes when the state schema is there and tables can be made in it. */
  void stateSchema() throws CheckFailed, SQLException;

  /**
   * Why the user may not read a table, found out without reading it; null when it can be read.
   * Where the warehouse keeps what is closed and what is missing apart, so does the answer.
   */
  @Nullable Unreadable unreadable(TableName table) throws SQLException;

  /**
   * What the driver's own parser says; true where the server itself refuses a second statement.
   * Ours has accepted the text already, but it is the driver that splits it.
   */
  boolean isOneStatement(String sql) throws SQLException;

  /**
   * A statement for one query, which takes its text as it is.
   *
   * @param maxRows how many the query itself gives at most
   */
  Statement statement(int maxRows) throws SQLException;

  /**
   * Runs a query that can only read, as far as the warehouse can hold that, and that the server by
   * itself ends when it is not done in time.
   *
   * @param statement of this session, new
   * @param sql one statement, as {@link #isOneStatement} has seen
   * @param left how long the query may take
   */
  ResultSet read(Statement statement, String sql, Duration left) throws SQLException;

  /** What holds, beside our own gate, while {@link #read} runs. */
  Set<Guard> guards();

  /** How each column of a result becomes JSON. */
  List<? extends ResultColumn> columns(ResultSet rows) throws SQLException;

  /**
   * What the warehouse says of a query that failed, in its own words where they are about the
   * user's text; null when it said nothing: the connection broke, or it is too late.
   */
  Preview.@Nullable Failure failure(SQLException error, RunnableQuery query);

  /**
   * Tells the server to end what runs. Called from any thread, and when the connection itself is
   * stuck; so it takes a way of its own and does not wait for long.
   */
  void cancel() throws SQLException;

  /** Drops the session with all that it did; a connection that broke is no error here. */
  @Override
  void close();
}
