package retl.warehouse;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.credential.NetworkRules;
import retl.core.credential.Secret;
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
      Settings settings,
      Secret secret,
      @Nullable AcceptedQuery query,
      Instant deadline,
      Consumer<Check> ended) {
    CheckRun checks = new CheckRun(ended);
    Instant login = login(deadline);
    SocketGuard guard = new SocketGuard(rules, trust, clock, login);
    try (WatchedRun run = new WatchedRun(guard, clock, () -> false)) {
      Session session =
          checks.give(
              Check.Name.CONNECTION,
              () ->
                  run.open(
                      login, settings.warehouse(), () -> open(settings, secret, guard, deadline)));
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
  public Outcome preview(
      Settings settings,
      Secret secret,
      AcceptedQuery query,
      int limit,
      Instant deadline,
      BooleanSupplier isCanceled) {
    Instant end = deadline.minus(FOR_CANCEL);
    Instant login = login(end);
    SocketGuard guard = new SocketGuard(rules, trust, clock, login);
    try (WatchedRun run = new WatchedRun(guard, clock, isCanceled)) {
      Session session =
          run.open(login, settings.warehouse(), () -> open(settings, secret, guard, end));
      return run.step(
          deadline,
          () ->
              new QueryRun(session, query, limit).outcome(left(end), () -> guard.endAt(deadline)));
    } catch (CheckFailed e) {
      return new Outcome.Failed(new Preview.Failure(e.fault().code(), e.fault().message(), null));
    } catch (SQLException e) {
      return new Outcome.Failed(LostConnection.failure(e));
    } catch (WatchedRun.LeftBehind e) {
      return e.isCanceled() ? new Outcome.Canceled() : new Outcome.Failed(LostConnection.TIMED_OUT);
    }
  }

  // Of the whole time, what a login may take.
  private Instant login(Instant deadline) {
    Instant login = clock.instant().plus(LOGIN);
    return login.isBefore(deadline) ? login : deadline;
  }

  private Session open(Settings settings, Secret secret, SocketGuard guard, Instant deadline)
      throws CheckFailed {
    for (Connector<?> connector : connectors) {
      if (connector.settings().isInstance(settings)) {
        Session session = open(connector, settings, secret, guard, left(deadline));
        guard.endAt(deadline);
        return session;
      }
    }
    throw new IllegalStateException("No connector for " + settings.warehouse() + ".");
  }

  private static <S extends Settings> Session open(
      Connector<S> connector, Settings settings, Secret secret, SocketGuard guard, Duration left)
      throws CheckFailed {
    return connector.open(connector.settings().cast(settings), secret, guard, left);
  }

  private Duration left(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}
