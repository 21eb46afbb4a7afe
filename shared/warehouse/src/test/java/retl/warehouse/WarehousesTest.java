package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.TestClock;
import retl.core.credential.Login;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.AcceptedQuery;
import retl.core.query.TableName;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.postgres.PostgresConnector;

/** A warehouse that hangs, wherever it does: the checks and the run end when their time is up. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class WarehousesTest {
  private static final PostgresSettings SETTINGS =
      new PostgresSettings(
          "db" + HangingNames.SUFFIX, 5432, "shop", "report", "verify-full", "_rudderstack");

  private final CountDownLatch never = new CountDownLatch(1);
  private final TestClock clock = new TestClock();
  private final Instant deadline = clock.instant().plusSeconds(600);

  @AfterEach
  void end() {
    never.countDown();
  }

  /** Where it hangs; there the clock goes on by so many seconds. */
  private record Hang(String where, int seconds) {}

  // The waiting itself is real, so it takes as long as one look at the clock.
  @ParameterizedTest
  @CsvSource({
    "open, 10, connection, connection_failed",
    "listSchemas, 600, listSchemas, connection_lost",
    "stateSchema, 600, stateSchema, connection_lost",
    "unreadable, 600, queryTables, connection_lost"
  })
  void endsAValidation(String where, int seconds, String check, String code) {
    List<Check> ended = check(new Hang(where, seconds));

    Check last = ended.getLast();
    assertThat(last.name().wireName()).isEqualTo(check);
    assertThat(last.code()).isEqualTo(code);
    assertThat(ended.subList(0, ended.size() - 1))
        .allMatch(earlier -> earlier.status() == Check.Status.PASSED);
  }

  @Test
  void keepsWhatWasFoundWhenTheSessionDoesNotClose() {
    assertThat(check(new Hang("close", 0)))
        .extracting(Check::status)
        .containsOnly(Check.Status.PASSED)
        .hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({"open, 10, connection_failed", "statement, 600, timed_out"})
  void endsAPreview(String where, int seconds, String code) {
    Outcome outcome =
        warehouses(new Hang(where, seconds))
            .run(
                TestServer.login(SETTINGS, TestServer.secret()),
                query(),
                new Preview.Wanted.Rows(10),
                deadline,
                () -> false);

    assertThat(TestServer.failure(outcome).code()).isEqualTo(code);
  }

  /**
   * With the driver's own connector; whoever is asked for the address of its host never answers.
   */
  @Test
  void endsALoginWhoseHostIsLookedForWithoutAnEnd() throws Exception {
    Warehouses warehouses =
        new Warehouses(List.of(new PostgresConnector()), NetworkRules.LOCAL, Clock.systemUTC());
    List<Check> ended = new ArrayList<>();

    warehouses.check(
        TestServer.login(SETTINGS, TestServer.secret()),
        null,
        Instant.now().plusSeconds(2),
        ended::add);

    assertThat(ended)
        .singleElement()
        .extracting(Check::code, Check::message)
        .containsExactly("connection_failed", Fault.unreachable(Warehouse.POSTGRES).message());
    assertThat(HangingNames.isAsked()).isTrue();
  }

  private static AcceptedQuery query() {
    return Query.accepted("SELECT * FROM t", Warehouse.POSTGRES);
  }

  private List<Check> check(Hang hang) {
    List<Check> ended = new ArrayList<>();
    warehouses(hang)
        .check(TestServer.login(SETTINGS, TestServer.secret()), query(), deadline, ended::add);
    return ended;
  }

  private Warehouses warehouses(Hang hang) {
    return new Warehouses(List.of(new Hanging(hang)), NetworkRules.LOCAL, clock);
  }

  private void reach(String where, Hang hang) {
    if (hang.where.equals(where)) {
      clock.advance(Duration.ofSeconds(hang.seconds));
      // Drivers do not listen to interrupts either.
      while (never.getCount() > 0) {
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private final class Hanging implements Connector<PostgresSettings> {
    private final Hang hang;

    Hanging(Hang hang) {
      this.hang = hang;
    }

    @Override
    public Class<PostgresSettings> settings() {
      return PostgresSettings.class;
    }

    @Override
    public Session open(Login<PostgresSettings> login, SocketGuard guard, Duration left) {
      reach("open", hang);
      return new HangingSession(hang);
    }
  }

  private final class HangingSession extends IdleSession {
    private final Hang hang;

    HangingSession(Hang hang) {
      this.hang = hang;
    }

    @Override
    public void listSchemas() {
      reach("listSchemas", hang);
    }

    @Override
    public void stateSchema() {
      reach("stateSchema", hang);
    }

    @Override
    public @Nullable Unreadable unreadable(TableName table) {
      reach("unreadable", hang);
      return null;
    }

    @Override
    public Statement statement(int maxRows) throws SQLException {
      reach("statement", hang);
      return super.statement(maxRows);
    }

    @Override
    public void close() {
      reach("close", hang);
    }
  }
}
