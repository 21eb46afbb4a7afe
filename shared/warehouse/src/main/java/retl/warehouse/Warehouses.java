package retl.warehouse;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.credential.NetworkRules;
import retl.core.credential.Secret;
import retl.core.credential.Settings;
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
    CheckRun run = new CheckRun(ended);
    SocketGuard guard = loginGuard(deadline);
    try (Session session =
        run.give(Check.Name.CONNECTION, () -> open(settings, secret, guard, deadline))) {
      if (session != null
          && run.passes(Check.Name.LIST_SCHEMAS, session::listSchemas)
          && run.passes(Check.Name.STATE_SCHEMA, session::stateSchema)
          && query != null) {
        run.passes(Check.Name.QUERY_TABLES, () -> queryTables(session, query.lineage()));
      }
    }
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
    SocketGuard guard = loginGuard(end);
    return new WatchedRun(
            guard,
            clock,
            () -> open(settings, secret, guard, end),
            session ->
                new QueryRun(session, query, limit).outcome(left(end), () -> guard.endAt(deadline)))
        .outcome(deadline, isCanceled);
  }

  private SocketGuard loginGuard(Instant deadline) {
    Instant login = clock.instant().plus(LOGIN);
    return new SocketGuard(rules, trust, clock, login.isBefore(deadline) ? login : deadline);
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
