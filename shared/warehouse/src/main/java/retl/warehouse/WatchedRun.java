package retl.warehouse;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;

/**
 * A run of a query on a thread of its own: so it can be ended from outside, and is left behind when
 * its driver does not come back.
 */
final class WatchedRun {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final SocketGuard guard;
  private final Clock clock;
  private final FutureTask<Outcome> run;
  private volatile @Nullable Session session;

  /**
   * A run that has not begun.
   *
   * @param opening gives the session, which is closed after the query
   * @param query is run in the session
   */
  WatchedRun(SocketGuard guard, Clock clock, Opening opening, Querying query) {
    this.guard = guard;
    this.clock = clock;
    this.run = new FutureTask<>(() -> run(opening, query));
  }

  private Outcome run(Opening opening, Querying query) {
    try (Session opened = opening.open()) {
      session = opened;
      return query.run(opened);
    } catch (CheckFailed e) {
      return new Outcome.Failed(new Preview.Failure(e.fault().code(), e.fault().message(), null));
    }
  }

  /** Runs it, and returns by the deadline at the latest; then nothing of it is open any more. */
  Outcome outcome(Instant deadline, BooleanSupplier isCanceled) {
    Thread.ofVirtual().start(run);
    try {
      while (clock.instant().isBefore(deadline)) {
        if (hasEndedBy(deadline)) {
          return run.get();
        }
        if (isCanceled.getAsBoolean()) {
          cancel();
          hasEndedBy(deadline);
          return new Outcome.Canceled();
        }
      }
      return new Outcome.Failed(LostConnection.TIMED_OUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Nobody waits for this run any more.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The run met a fault.", e.getCause());
    } finally {
      guard.close();
    }
  }

  // Waits for the end, but no longer than until the next look.
  private boolean hasEndedBy(Instant deadline) throws InterruptedException, ExecutionException {
    Duration left = Duration.between(clock.instant(), deadline);
    long millis = Math.max(0, Math.min(left.toMillis(), LOOK.toMillis()));
    try {
      run.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void cancel() {
    Session running = session;
    if (running != null) {
      QueryRun.cancel(running);
    }
  }

  /** Opens a session. */
  @FunctionalInterface
  interface Opening {
    Session open() throws CheckFailed;
  }

  /** Runs a query in a session. */
  @FunctionalInterface
  interface Querying {
    Outcome run(Session session);
  }
}
