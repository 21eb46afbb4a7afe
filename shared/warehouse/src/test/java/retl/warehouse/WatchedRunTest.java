package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.core.warehouse.Warehouse;

/** Drivers that do not come back, and sessions that nobody wants any more. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class WatchedRunTest {
  private static final String RESULT = "result";

  private final SocketGuard guard =
      new SocketGuard(new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(60));
  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger canceled = new AtomicInteger();

  @AfterEach
  void end() {
    never.countDown();
  }

  private String result(
      Callable<Session> opening, Callable<String> work, Instant deadline, boolean isCanceled)
      throws Exception {
    try (WatchedRun run =
        new WatchedRun(Thread::startVirtualThread, guard, Clock.systemUTC(), () -> isCanceled)) {
      run.open(deadline, Warehouse.POSTGRES, opening);
      return run.step(deadline, work);
    }
  }

  private String hang() {
    boolean isInterrupted = false;
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    assertThat(isInterrupted).isFalse();
    return RESULT;
  }

  private Session hangingLogin() {
    hang();
    return new Idle();
  }

  private static Instant later() {
    return Instant.now().plusSeconds(40);
  }

  private static Instant soon() {
    return Instant.now().plusMillis(1500);
  }

  @Test
  void givesWhatAStepGaveAndClosesTheSession() throws Exception {
    assertThat(result(Idle::new, () -> RESULT, later(), false)).isEqualTo(RESULT);
    assertThat(closed.getCount()).isZero();
  }

  @Test
  void passesOnWhyThereIsNoSession() {
    Fault fault = new Fault("some_code", "In our words.", null);

    assertThatExceptionOfType(CheckFailed.class)
        .isThrownBy(
            () ->
                result(
                    () -> {
                      throw new CheckFailed(fault);
                    },
                    () -> RESULT,
                    later(),
                    false))
        .extracting(CheckFailed::fault)
        .isEqualTo(fault);
  }

  @Test
  void leavesADriverBehindThatDoesNotComeBack() {
    Instant deadline = soon();

    assertThatExceptionOfType(WatchedRun.LeftBehind.class)
        .isThrownBy(() -> result(Idle::new, this::hang, deadline, false))
        .matches(left -> !left.isCanceled());
    assertThat(Instant.now()).isAfterOrEqualTo(deadline);
  }

  @Test
  void saysOfALoginThatHangsWhatItSaysOfOneThatIsRefused() {
    assertThatExceptionOfType(CheckFailed.class)
        .isThrownBy(() -> result(this::hangingLogin, () -> RESULT, soon(), false))
        .extracting(CheckFailed::fault)
        .isEqualTo(Fault.unreachable(Warehouse.POSTGRES));
  }

  @Test
  void closesASessionThatComesTooLate() throws Exception {
    assertThatThrownBy(() -> result(this::hangingLogin, () -> RESULT, soon(), false))
        .isInstanceOf(CheckFailed.class);
    assertThat(closed.getCount()).isOne();

    never.countDown();

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void doesNotWaitForASessionThatDoesNotClose() throws Exception {
    Callable<Session> opening =
        () ->
            new Idle() {
              @Override
              public void close() {
                hang();
              }
            };

    assertThat(result(opening, () -> RESULT, later(), false)).isEqualTo(RESULT);
  }

  @Test
  void cancelsWhatRuns() {
    assertThatExceptionOfType(WatchedRun.LeftBehind.class)
        .isThrownBy(() -> cancelDuring(Idle::new, this::hang))
        .matches(WatchedRun.LeftBehind::isCanceled);
    assertThat(canceled).hasValue(1);
  }

  @Test
  void doesNotWaitForAServerThatDoesNotCancel() {
    Callable<Session> opening =
        () ->
            new Idle() {
              @Override
              public void cancel() {
                hang();
              }
            };

    assertThatExceptionOfType(WatchedRun.LeftBehind.class)
        .isThrownBy(() -> cancelDuring(opening, this::hang));
  }

  @Test
  void cancelsALoginToo() {
    assertThatExceptionOfType(WatchedRun.LeftBehind.class)
        .isThrownBy(() -> cancelDuring(this::hangingLogin, () -> RESULT))
        .matches(WatchedRun.LeftBehind::isCanceled);
    assertThat(canceled).hasValue(0);
  }

  // With a deadline that is longer than the test may take.
  private void cancelDuring(Callable<Session> opening, Callable<String> work) throws Exception {
    result(opening, work, Instant.now().plusSeconds(600), true);
  }

  @Test
  void closesEverySocketOfTheRun() throws Exception {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
      Socket socket = guard.socket();
      socket.connect(address, 1000);
      Socket beside = new Socket(address.getAddress(), address.getPort());
      guard.closeWithThis(beside);

      result(Idle::new, () -> RESULT, later(), false);

      assertThat(socket.isClosed()).isTrue();
      assertThat(beside.isClosed()).isTrue();
      Socket late = guard.socket();
      assertThatThrownBy(() -> late.connect(address, 1000))
          .isInstanceOf(SocketGuard.DeadlinePassed.class);
    }
  }

  @Test
  void passesAFaultOfOursOn() {
    Callable<String> bug =
        () -> {
          throw new IllegalArgumentException("a bug");
        };

    assertThatThrownBy(() -> result(Idle::new, bug, later(), false))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  /** Counts how often it is canceled, and tells that it is closed. */
  private class Idle extends IdleSession {
    @Override
    public void cancel() {
      canceled.incrementAndGet();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
