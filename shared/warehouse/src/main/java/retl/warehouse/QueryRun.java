package retl.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.query.RunnableQuery;
import retl.core.warehouse.Column;

/** One run of a query in a session, within its budgets. */
final class QueryRun {
  private static final int MAX_NOTICES = 20;
  private static final int MAX_NOTICE = 500;

  private final Session session;
  private final RunnableQuery query;
  private final int limit;

  QueryRun(Session session, AcceptedQuery query, int limit) {
    this.session = session;
    // One more row than is wanted tells whether there are more.
    this.query = limit == 0 ? query.describe() : query.preview(limit + 1);
    this.limit = limit;
  }

  /**
   * Runs it.
   *
   * @param beforeCancel lets the server be told to end what nobody waits for any more
   */
  Outcome outcome(Duration left, Runnable beforeCancel) {
    try {
      return run(left);
    } catch (SQLException e) {
      Preview.Failure said = session.failure(e, query);
      if (said != null) {
        return new Outcome.Failed(said);
      }
      beforeCancel.run();
      cancel(session);
      return new Outcome.Failed(LostConnection.failure(e));
    }
  }

  // A server whose client has gone goes on with its query until it has something to send.
  static void cancel(Session session) {
    try {
      session.cancel();
    } catch (SQLException e) {
      // It does not answer at all, so its own time limit is what is left.
      return;
    }
  }

  private Outcome run(Duration left) throws SQLException {
    if (!session.isOneStatement(query.sql())) {
      return new Outcome.Failed(
          new Preview.Failure(
              "unsafe_query", "The driver reads more than one statement in this query.", null));
    }
    try (Statement statement = session.readOnlyStatement(limit + 1, left);
        ResultSet rows = statement.executeQuery(query.sql())) {
      return read(statement, rows);
    }
  }

  private Outcome read(Statement statement, ResultSet rows) throws SQLException {
    List<? extends ResultColumn> columns = session.columns(rows.getMetaData());
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
    addWarnings(statement.getWarnings(), notices);
    List<Column> described = columns.stream().map(ResultColumn::column).toList();
    return new Outcome.Rows(
        new Preview.Result(
            described,
            writer.count(),
            isLimited && limit > 0,
            writer.truncatedCells(),
            notices,
            guards()),
        writer.rows());
  }

  // The gate has held already: only what it accepts can come here.
  private Set<Guard> guards() {
    Set<Guard> guards = EnumSet.of(Guard.STATEMENT_GATE);
    guards.addAll(session.guards());
    return guards;
  }

  private static void write(List<? extends ResultColumn> columns, ResultSet rows, RowWriter.Row row)
      throws SQLException, IOException {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(rows, i + 1, row);
    }
  }

  private static void addWarnings(@Nullable SQLWarning first, List<String> notices) {
    for (SQLWarning each = first;
        each != null && notices.size() < MAX_NOTICES;
        each = each.getNextWarning()) {
      String text = Objects.requireNonNullElse(each.getMessage(), "");
      notices.add(text.length() <= MAX_NOTICE ? text : text.substring(0, MAX_NOTICE) + "…");
    }
  }
}
