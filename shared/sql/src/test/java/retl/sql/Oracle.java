package retl.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import retl.core.query.AcceptedQuery;

/**
 * What a real PostgreSQL makes of accepted queries: one statement each, that changes nothing and
 * stays inside of its wrapper. It runs them as a user who owns some tables, in transactions that
 * are rolled back, and looks for traces before.
 */
final class Oracle implements AutoCloseable {
  private static final String TRACES =
      """
      SELECT pg_current_xact_id_if_assigned() IS NOT NULL,
        (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid'
          AND mode <> 'AccessShareLock')
      """;

  /** A case in which the server sees something else than a read-only query. */
  record Breach(String what, String text, String answer) {}

  private final PostgresServer server;
  private Wire wire;
  private long executed;

  Oracle(PostgresServer server) throws SQLException, IOException {
    this.server = server;
    try (Connection connection = server.connect(new Properties());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE fuzz LOGIN PASSWORD 'fuzz'");
      statement.execute("CREATE SCHEMA fuzz AUTHORIZATION fuzz");
      statement.execute("ALTER ROLE fuzz SET search_path = fuzz, pg_catalog");
      // Most end within 2 ms; the others are joins of many tables, which would go on for minutes.
      statement.execute("ALTER ROLE fuzz SET statement_timeout = '50ms'");
      statement.execute("SET ROLE fuzz");
      for (String table : Texts.TABLES) {
        statement.execute(
            "CREATE TABLE fuzz.%s AS SELECT %s FROM generate_series(1, 5) i"
                .formatted(table, String.join(", ", Texts.COLUMNS)));
      }
      statement.execute("CREATE SEQUENCE fuzz.s");
    }
    wire = connect();
  }

  private Wire connect() throws IOException {
    return new Wire(server.port(), "fuzz", "fuzz", "postgres");
  }

  /** How many queries the server ran. */
  long executed() {
    return executed;
  }

  List<Breach> check(List<AcceptedQuery> queries) throws IOException {
    try {
      List<Breach> breaches = breaches(queries);
      if (!breaches.isEmpty()) {
        // What a breach left in the session must not be laid at another query's door.
        wire.close();
        wire = connect();
      }
      return breaches;
    } catch (IOException e) {
      wire = connect();
      if (queries.size() == 1) {
        return List.of(new Breach("ended the session", queries.getFirst().text(), e.toString()));
      }
      List<Breach> breaches = new ArrayList<>();
      for (AcceptedQuery query : queries) {
        breaches.addAll(check(List.of(query)));
      }
      return breaches;
    }
  }

  private List<Breach> breaches(List<AcceptedQuery> queries) throws IOException {
    for (AcceptedQuery query : queries) {
      wire.describe(query.text());
      wire.describe(query.preview(3).sql());
    }
    List<Wire.Answer> described = wire.answers();
    List<Breach> breaches = new ArrayList<>();
    List<AcceptedQuery> runnable = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      AcceptedQuery query = queries.get(i);
      Wire.Answer plain = described.get(2 * i);
      Wire.Answer wrapped = described.get(2 * i + 1);
      judged(query, plain, wrapped).ifPresent(breaches::add);
      if (!plain.failed()) {
        runnable.add(query);
      }
    }
    executed += runnable.size();
    for (AcceptedQuery query : runnable) {
      request(query.text(), 5);
      request(query.preview(3).sql(), 10);
      request(query.describe().sql(), 10);
    }
    List<Wire.Answer> ran = wire.answers();
    for (int i = 0; i < runnable.size(); i++) {
      AcceptedQuery query = runnable.get(i);
      for (int run = 0; run < 3; run++) {
        int first = 12 * i + 4 * run;
        traces(query, ran.get(first + 1), ran.get(first + 2), run).ifPresent(breaches::add);
      }
    }
    return breaches;
  }

  private void request(String sql, int maxRows) throws IOException {
    wire.run("BEGIN", 0);
    wire.run(sql, maxRows);
    wire.run(TRACES, 0);
    wire.run("ROLLBACK", 0);
  }

  private static Optional<Breach> judged(
      AcceptedQuery query, Wire.Answer plain, Wire.Answer wrapped) {
    if (plain.error().contains("multiple commands")
        || wrapped.error().contains("multiple commands")) {
      return breach("two statements", query, plain);
    }
    if (!plain.failed() && plain.columns() < 0) {
      return breach("no query", query, plain);
    }
    boolean syntax = plain.code().equals("42601") || plain.code().equals("42000");
    if (syntax && (!wrapped.failed() || !wrapped.code().equals("42601"))) {
      return breach("a query only inside of the wrapper", query, plain);
    }
    if (!plain.failed() && !wrapped.failed() && plain.columns() != wrapped.columns()) {
      return breach("other columns inside of the wrapper", query, wrapped);
    }
    return Optional.empty();
  }

  private static Optional<Breach> traces(
      AcceptedQuery query, Wire.Answer answer, Wire.Answer traces, int run) {
    if (answer.error().contains("permission denied for function")) {
      return breach("a protected function", query, answer);
    }
    if (!traces.failed() && !traces.firstRow().equals("f 0")) {
      return breach("traces: " + traces.firstRow(), query, answer);
    }
    int most = run == 1 ? 3 : 0;
    return run > 0 && answer.rows() > most
        ? breach("more rows than the wrapper lets through", query, answer)
        : Optional.empty();
  }

  private static Optional<Breach> breach(String what, AcceptedQuery query, Wire.Answer answer) {
    return Optional.of(new Breach(what, query.source(), answer.toString()));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
