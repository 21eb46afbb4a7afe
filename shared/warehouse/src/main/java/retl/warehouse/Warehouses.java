package retl.warehouse;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Login;
import retl.core.credential.NetworkRules;
import retl.core.credential.Settings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner;
import retl.core.query.AcceptedQuery;
import retl.core.query.Lineage;
import retl.core.query.TableName;
import retl.core.validation.Check;
import retl.core.validation.CredentialChecker;

/**
 * Every warehouse that can be connected to; the settings say which one is meant. What all of them
 * do alike is here: the order of the checks, the deadlines, and how a query is run.
 */
public final class Warehouses implements CredentialChecker, QueryRunner {
  private static final Duration LOGIN = Duration.ofSeconds(10);
  private static final Duration FOR_CANCEL = Duration.ofSeconds(3);

  private final List<Connector<?>> connectors;
  private final AddressRules rules;
  private final Trust trust;
  private final Clock clock;

  /**
   * Threads are kept, and are the platform's: to make one for each step took a millisecond of a
   * preview, and a virtual one another at each of the login's answers.
   */
  private final Executor steps =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("warehouse-step-", 1).factory());

  /**
   * The warehouses that these connectors open.
   *
   * @param connectors one for each kind
   */
  public Warehouses(List<Connector<?>> connectors, NetworkRules rules, Clock clock) {
    this(connectors, rules, Trust.PLATFORM, clock);
  }

  /** The same, with the authorities that certificates may be of. */
  public Warehouses(List<Connector<?>> connectors, NetworkRules rules, Trust trust, Clock clock) {
    this.connectors = List.copyOf(connectors);
    this.rules = new AddressRules(rules.loopback(), rules.openRanges());
    this.trust = trust;
    this.clock = clock;
  }

  @Override
  public void check(
      Login<?> login, @Nullable AcceptedQuery query, Instant deadline, Consumer<Check> ended) {
    CheckRun checks = new CheckRun(ended);
    Instant opened = openedBy(deadline);
    SocketGuard guard = new SocketGuard(rules, trust, clock, opened);
    try (WatchedRun run = new WatchedRun(steps, guard, clock, () -> false)) {
      Session session =
          checks.give(
              Check.Name.CONNECTION,
              () ->
                  run.open(
                      opened, login.settings().warehouse(), () -> open(login, guard, deadline)));
      if (session != null
          && checks.passes(
              Check.Name.LIST_SCHEMAS, () -> run.step(deadline, doing(session::listSchemas)))
          && checks.passes(
              Check.Name.STATE_SCHEMA, () -> run.step(deadline, doing(session::stateSchema)))
          && query != null) {
        checks.passes(
            Check.Name.QUERY_TABLES,
            () -> run.step(deadline, doing(() -> queryTables(session, query.lineage()))));
      }
    }
  }

  private static Callable<Boolean> doing(CheckRun.Step check) {
    return () -> {
      check.run();
      return true;
    };
  }

  private static void queryTables(Session session, Lineage lineage)
      throws CheckFailed, SQLException {
    if (!lineage.parsed()) {
      throw new CheckFailed(
          new Fault(
              "tables_not_known",
              "Which tables this query reads cannot be told from its text alone. Run it as a"
                  + " preview.",
              null));
    }
    List<Unreadable> unreadable = new ArrayList<>();
    for (TableName table : lineage.tables()) {
      Unreadable found = session.unreadable(table);
      if (found != null) {
        unreadable.add(found);
      }
    }
    if (!unreadable.isEmpty()) {
      throw new CheckFailed(Unreadable.fault(unreadable));
    }
  }

  @Override
  public Outcome run(
      Login<?> login,
      AcceptedQuery query,
      Preview.Wanted wanted,
      Instant deadline,
      BooleanSupplier isCanceled) {
    Instant end = deadline.minus(FOR_CANCEL);
    Instant opened = openedBy(end);
    SocketGuard guard = new SocketGuard(rules, trust, clock, opened);
    try (WatchedRun run = new WatchedRun(steps, guard, clock, isCanceled)) {
      Session session =
          run.open(opened, login.settings().warehouse(), () -> open(login, guard, end));
      return run.step(
          deadline,
          () ->
              new QueryRun(session, query, wanted).outcome(left(end), () -> guard.endAt(deadline)));
    } catch (CheckFailed e) {
      return new Outcome.Failed(new Preview.Failure(e.fault().code(), e.fault().message(), null));
    } catch (SQLException e) {
      return new Outcome.Failed(LostConnection.failure(e));
    } catch (WatchedRun.LeftBehind e) {
      return e.isCanceled() ? new Outcome.Canceled() : new Outcome.Failed(LostConnection.TIMED_OUT);
    }
  }

  // Of the whole time, what a login may take.
  private Instant openedBy(Instant deadline) {
    Instant opened = clock.instant().plus(LOGIN);
    return opened.isBefore(deadline) ? opened : deadline;
  }

  private Session open(Login<?> login, SocketGuard guard, Instant deadline) throws CheckFailed {
    for (Connector<?> connector : connectors) {
      if (connector.settings().isInstance(login.settings())) {
        Session session = open(connector, login, guard, left(deadline));
        guard.endAt(deadline);
        return session;
      }
    }
    throw new IllegalStateException("No connector for " + login.settings().warehouse() + ".");
  }

  private static <S extends Settings> Session open(
      Connector<S> connector, Login<?> login, SocketGuard guard, Duration left) throws CheckFailed {
    S settings = connector.settings().cast(login.settings());
    return connector.open(new Login<>(login.workspace(), settings, login.secret()), guard, left);
  }

  private Duration left(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}
