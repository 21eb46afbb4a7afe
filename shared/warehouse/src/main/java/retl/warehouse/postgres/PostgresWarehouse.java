package retl.warehouse.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.core.Parser;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.query.RunnableQuery;
import retl.core.validation.Check;
import retl.core.warehouse.Column;
import retl.warehouse.AddressRules;
import retl.warehouse.CheckRun;
import retl.warehouse.CheckRun.CheckFailed;
import retl.warehouse.RowWriter;
import retl.warehouse.SocketGuard;

/** PostgreSQL through its own driver. */
public final class PostgresWarehouse {
  private static final int FETCH_SIZE = 100;
  private static final Duration FOR_CANCEL = Duration.ofSeconds(3);
  private static final int MAX_NOTICES = 20;
  private static final int MAX_NOTICE = 500;

  private static final Outcome NOT_ONE_STATEMENT =
      new Outcome.Failed(
          new Preview.Failure(
              "unsafe_query", "The driver reads more than one statement in this query.", null));

  private final PostgresConnections connections;
  private final Clock clock;

  public PostgresWarehouse(AddressRules rules, Clock clock) {
    this.connections = new PostgresConnections(rules, clock);
    this.clock = clock;
  }

  /** The checks in their order, until one fails. */
  public void check(
      PostgresSettings settings, Secret secret, Instant deadline, Consumer<Check> ended) {
    CheckRun run = new CheckRun(ended);
    SocketGuard guard = connections.guard(deadline);
    try (Connection connection =
        run.run(Check.Name.CONNECTION, () -> connections.open(settings, secret, guard, deadline))) {
      if (connection == null) {
        return;
      }
      PostgresChecks checks = new PostgresChecks(connection, settings);
      if (run.run(Check.Name.LIST_SCHEMAS, checks::listSchemas) != null) {
        run.run(Check.Name.STATE_SCHEMA, checks::stateSchema);
      }
    } catch (SQLException e) {
      // Every check has ended; a connection that does not close in peace is dropped all the same.
      return;
    }
  }

  /** Runs a query in a transaction that can only read, and rolls it back. */
  public Outcome preview(
      PostgresSettings settings, Secret secret, AcceptedQuery query, int limit, Instant deadline) {
    // One more row than is wanted tells whether there are more.
    RunnableQuery runnable = limit == 0 ? query.describe() : query.preview(limit + 1);
    Instant end = deadline.minus(FOR_CANCEL);
    SocketGuard guard = connections.guard(end);
    try (Connection connection = connections.open(settings, secret, guard, end)) {
      try {
        return preview(connection, runnable, limit, end);
      } catch (SQLException e) {
        if (PostgresFaults.isOfTheConnection(e)) {
          guard.endAt(deadline);
          cancel(connection);
        }
        return new Outcome.Failed(PostgresFaults.ofQuery(e, runnable));
      }
    } catch (CheckFailed e) {
      return new Outcome.Failed(new Preview.Failure(e.fault().code(), e.fault().message(), null));
    } catch (SQLException e) {
      // Only of closing, and the outcome of a query that ran is lost with it: it never happens.
      return new Outcome.Failed(PostgresFaults.ofQuery(e, runnable));
    }
  }

  // A server whose client has gone goes on with its query until it has something to send.
  private static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      // It does not answer at all, so its own statement_timeout is what is left.
      return;
    }
  }

  private Outcome preview(Connection connection, RunnableQuery query, int limit, Instant end)
      throws SQLException {
    if (!isOneStatement(query.sql())) {
      return NOT_ONE_STATEMENT;
    }
    beginReadOnly(connection, end);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(FETCH_SIZE);
      statement.setMaxRows(limit + 1);
      Outcome outcome;
      try (ResultSet rows = statement.executeQuery(query.sql())) {
        outcome = read(statement, rows, limit);
      }
      connection.rollback();
      return outcome;
    }
  }

  // The driver's own parser must see what ours saw. It splits at semicolons outside of literals.
  private static boolean isOneStatement(String sql) throws SQLException {
    return Parser.parseJdbcSql(sql, true, false, true, false, false).size() == 1;
  }

  // The first statement of a transaction fixes that it can only read: later SQL cannot undo that.
  private void beginReadOnly(Connection connection, Instant end) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    long millisLeft = Math.max(1, Duration.between(clock.instant(), end).toMillis());
    try (Statement statement = connection.createStatement()) {
      // How values are printed, whatever the role is set to, and the milliseconds that are left.
      statement.execute(
          """
          SELECT pg_catalog.set_config('TimeZone', 'UTC', true),
                 pg_catalog.set_config('IntervalStyle', 'postgres', true),
                 pg_catalog.set_config('bytea_output', 'hex', true),
                 pg_catalog.set_config('extra_float_digits', '1', true),
                 pg_catalog.set_config('statement_timeout', '%d', true)
          """
              .formatted(millisLeft));
    }
  }

  private static Outcome read(Statement statement, ResultSet rows, int limit) throws SQLException {
    List<PostgresColumn> columns = PostgresColumn.of(rows.getMetaData());
    RowWriter writer = new RowWriter();
    List<String> notices = new ArrayList<>();
    boolean isLimited = false;
    try {
      while (!isLimited && rows.next()) {
        isLimited = writer.count() == limit || !writer.write(row -> write(columns, rows, row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be written.", e);
    }
    if (isLimited && writer.count() < limit) {
      notices.add("The rows are large: only the first " + writer.count() + " were kept.");
    }
    addWarnings(statement, notices);
    List<Column> described = columns.stream().map(PostgresColumn::column).toList();
    return new Outcome.Rows(
        new Preview.Result(
            described, writer.count(), isLimited && limit > 0, writer.truncatedCells(), notices),
        writer.rows());
  }

  private static void write(List<PostgresColumn> columns, ResultSet rows, RowWriter.Row row)
      throws SQLException, IOException {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(rows, i + 1, row);
    }
  }

  private static void addWarnings(Statement statement, List<String> notices) throws SQLException {
    var warning = statement.getWarnings();
    while (warning != null && notices.size() < MAX_NOTICES) {
      String text = Objects.requireNonNullElse(warning.getMessage(), "");
      notices.add(text.length() <= MAX_NOTICE ? text : text.substring(0, MAX_NOTICE) + "…");
      warning = warning.getNextWarning();
    }
  }
}
