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

/** One run of a query in a session, within its budgets. */
final class QueryRun {
  private static final int MAX_NOTICES = 20;
  private static final int MAX_NOTICE = 500;

  /** Where these stand in the answer to the audit of a key, from 1. */
  private static final int COPIES = 4;

  private static final int FIRST_OF_KEY = 5;

  private final Session session;
  private final RunnableQuery query;
  private final Preview.Wanted wanted;

  QueryRun(Session session, AcceptedQuery query, Preview.Wanted wanted) {
    this.session = session;
    this.query = runnable(query, wanted);
    this.wanted = wanted;
  }

  private static RunnableQuery runnable(AcceptedQuery query, Preview.Wanted wanted) {
    return switch (wanted) {
      case Preview.Wanted.Rows(int limit) when limit == 0 -> query.describe();
      // One more row than is wanted tells whether there are more.
      case Preview.Wanted.Rows(int limit) -> query.preview(limit + 1);
      case Preview.Wanted.Key key ->
          query.keyAudit(key.columns(), Preview.Wanted.Key.MAX_DUPLICATES);
    };
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
    int maxRows =
        switch (wanted) {
          case Preview.Wanted.Rows(int limit) -> limit + 1;
          case Preview.Wanted.Key _ -> Preview.Wanted.Key.MAX_DUPLICATES;
        };
    try (Statement statement = session.statement(maxRows);
        ResultSet rows = session.read(statement, query.sql(), left)) {
      return read(statement, rows);
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be written.", e);
    }
  }

  private Outcome read(Statement statement, ResultSet rows) throws SQLException, IOException {
    List<? extends ResultColumn> columns = session.columns(rows);
    return switch (wanted) {
      case Preview.Wanted.Rows(int limit) -> readRows(statement, rows, columns, limit);
      case Preview.Wanted.Key _ -> readKeys(statement, rows, columns);
    };
  }

  private Outcome readRows(
      Statement statement, ResultSet rows, List<? extends ResultColumn> columns, int limit)
      throws SQLException, IOException {
    RowWriter writer = new RowWriter();
    List<String> notices = new ArrayList<>();
    boolean isLimited = false;
    while (!isLimited && rows.next()) {
      isLimited = writer.count() == limit || !writer.write(row -> write(columns, 1, rows, row));
    }
    if (isLimited && writer.count() < limit) {
      notices.add("The rows are large: only the first " + writer.count() + " were kept.");
    }
    addWarnings(statement.getWarnings(), notices);
    return outcome(columns, writer, isLimited && limit > 0, notices, null);
  }

  // The columns of the answer are those that keyAudit names, in its order.
  private Outcome readKeys(
      Statement statement, ResultSet rows, List<? extends ResultColumn> columns)
      throws SQLException, IOException {
    List<? extends ResultColumn> key = columns.subList(FIRST_OF_KEY - 1, columns.size());
    RowWriter writer = new RowWriter();
    List<Long> copies = new ArrayList<>();
    boolean isThere = rows.next();
    long rowCount = rows.getLong(1);
    long distinctKeys = rows.getLong(2);
    long nullKeys = rows.getLong(3);
    // Where no key is given it is null, which is read as 0.
    while (isThere
        && rows.getLong(COPIES) > 0
        && writer.write(row -> write(key, FIRST_OF_KEY, rows, row))) {
      copies.add(rows.getLong(COPIES));
      isThere = rows.next();
    }
    List<String> notices = new ArrayList<>();
    addWarnings(statement.getWarnings(), notices);
    Preview.KeyCounts keys = new Preview.KeyCounts(rowCount, distinctKeys, nullKeys, copies);
    return outcome(key, writer, false, notices, keys);
  }

  private Outcome outcome(
      List<? extends ResultColumn> columns,
      RowWriter writer,
      boolean isLimited,
      List<String> notices,
      Preview.@Nullable KeyCounts keys) {
    return new Outcome.Rows(
        new Preview.Result(
            columns.stream().map(ResultColumn::column).toList(),
            writer.count(),
            isLimited,
            writer.truncatedCells(),
            notices,
            guards(),
            keys),
        writer.rows());
  }

  // The gate has held already: only what it accepts can come here.
  private Set<Guard> guards() {
    Set<Guard> guards = EnumSet.of(Guard.STATEMENT_GATE);
    guards.addAll(session.guards());
    return guards;
  }

  private static void write(
      List<? extends ResultColumn> columns, int first, ResultSet rows, RowWriter.Row row)
      throws SQLException, IOException {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(rows, first + i, row);
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
