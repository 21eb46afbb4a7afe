package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.query.RunnableQuery;
import retl.core.query.TableName;

/** Drivers that do not come back, and sessions that nobody wants any more. */
class WatchedRunTest {
  private static final Outcome OUTCOME = new Outcome.Failed(LostConnection.TOO_LARGE);

  private final SocketGuard guard =
      new SocketGuard(new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(60));
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger canceled = new AtomicInteger();

  @AfterEach
  void end() {
    never.countDown();
  }

  private WatchedRun run(WatchedRun.Opening opening, WatchedRun.Querying query) {
    return new WatchedRun(guard, Clock.systemUTC(), opening, query);
  }

  private Outcome hang() {
    boolean isInterrupted = false;
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    assertThat(isInterrupted).isFalse();
    return OUTCOME;
  }

  @Test
  void givesWhatTheQueryGave() {
    Outcome outcome =
        run(Idle::new, session -> OUTCOME).outcome(Instant.now().plusSeconds(30), () -> false);

    assertThat(outcome).isEqualTo(OUTCOME);
  }

  @Test
  void givesWhyThereIsNoSession() {
    Fault fault = new Fault("some_code", "In our words.", null);

    Outcome outcome =
        run(
                () -> {
                  throw new CheckFailed(fault);
                },
                session -> OUTCOME)
            .outcome(Instant.now().plusSeconds(30), () -> false);

    assertThat(outcome)
        .isEqualTo(new Outcome.Failed(new Preview.Failure("some_code", "In our words.", null)));
  }

  @Test
  void leavesADriverBehindThatDoesNotComeBack() {
    Instant deadline = Instant.now().plusMillis(1500);

    Outcome outcome = run(Idle::new, session -> hang()).outcome(deadline, () -> false);

    assertThat(outcome).isEqualTo(new Outcome.Failed(LostConnection.TIMED_OUT));
    assertThat(Instant.now()).isBetween(deadline, deadline.plusSeconds(20));
  }

  @Test
  void cancelsWhatRuns() {
    Instant deadline = Instant.now().plusSeconds(30);

    Outcome outcome = run(Idle::new, session -> hang()).outcome(deadline, () -> true);

    assertThat(outcome).isEqualTo(new Outcome.Canceled());
    assertThat(canceled).hasValue(1);
    assertThat(Instant.now()).isBefore(deadline.minusSeconds(20));
  }

  @Test
  void cancelsALoginToo() {
    Outcome outcome =
        run(
                () -> {
                  hang();
                  return new Idle();
                },
                session -> OUTCOME)
            .outcome(Instant.now().plusSeconds(30), () -> true);

    assertThat(outcome).isEqualTo(new Outcome.Canceled());
    assertThat(canceled).hasValue(0);
  }

  @Test
  void closesEverySocketOfTheRun() throws Exception {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall())) {
      Socket socket = guard.socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 1000);

      run(Idle::new, session -> OUTCOME).outcome(Instant.now().plusSeconds(30), () -> false);

      assertThat(socket.isClosed()).isTrue();
      Socket late = guard.socket();
      assertThatThrownBy(
              () ->
                  late.connect(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 1000))
          .isInstanceOf(SocketGuard.DeadlinePassed.class);
    }
  }

  @Test
  void passesAFaultOfOursOn() {
    WatchedRun run =
        run(
            Idle::new,
            session -> {
              throw new IllegalArgumentException("a bug");
            });

    assertThatThrownBy(() -> run.outcome(Instant.now().plus(Duration.ofSeconds(30)), () -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  /** Counts how often it is canceled, and does nothing else. */
  private final class Idle implements Session {
    @Override
    public void listSchemas() {}

    @Override
    public void stateSchema() {}

    @Override
    public @Nullable Unreadable unreadable(TableName table) {
      return null;
    }

    @Override
    public boolean isOneStatement(String sql) {
      return true;
    }

    @Override
    public Statement readOnlyStatement(int maxRows, Duration left) throws SQLException {
      throw new SQLException("not asked for here");
    }

    @Override
    public Set<Guard> guards() {
      return Set.of();
    }

    @Override
    public List<ResultColumn> columns(ResultSetMetaData metadata) {
      return List.of();
    }

    @Override
    public Preview.@Nullable Failure failure(SQLException error, RunnableQuery query) {
      return null;
    }

    @Override
    public void cancel() {
      canceled.incrementAndGet();
    }

    @Override
    public void close() {}
  }
}
