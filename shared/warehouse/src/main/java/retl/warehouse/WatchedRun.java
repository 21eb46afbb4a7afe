package retl.warehouse;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Warehouse;

/**
 * What is done with one session, each step on a thread of its own: so it can be ended from outside,
 * and is left behind when its driver, or whoever looks a name up for it, does not come back. After
 * {@link #close} nothing of it is open any more.
 */
final class WatchedRun implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration FOR_CLOSING = Duration.ofSeconds(3);

  private final Executor steps;
  private final SocketGuard guard;
  private final Clock clock;
  private final BooleanSupplier isCanceled;

  private @Nullable Session session;
  private boolean isOver;
  private boolean isLeftBehind;
  private Instant end = Instant.MIN;

  /**
   * A run that has not begun.
   *
   * @param steps begins each step at once, on another thread
   * @param isCanceled asked about once a second while a step runs
   */
  WatchedRun(Executor steps, SocketGuard guard, Clock clock, BooleanSupplier isCanceled) {
    this.steps = steps;
    this.guard = guard;
    this.clock = clock;
    this.isCanceled = isCanceled;
  }

  /**
   * Opens the session that {@link #close} closes, even one that comes too late.
   *
   * @throws CheckFailed also when it is not open by the deadline: nothing is said of what hangs
   */
  Session open(Instant deadline, Warehouse warehouse, Callable<Session> opening)
      throws CheckFailed, SQLException, LeftBehind {
    try {
      return step(deadline, () -> kept(opening.call()));
    } catch (LeftBehind e) {
      if (e.isCanceled()) {
        throw e;
      }
      throw new CheckFailed(Fault.unreachable(warehouse));
    }
  }

  private Session kept(Session opened) {
    synchronized (this) {
      if (!isOver) {
        session = opened;
        return opened;
      }
    }
    opened.close();
    throw new IllegalStateException("Nobody waits for this session any more.");
  }

  /** Does one step, and returns by the deadline at the latest. */
  <T> T step(Instant deadline, Callable<T> work) throws CheckFailed, SQLException, LeftBehind {
    end = deadline;
    FutureTask<T> task = started(work);
    while (clock.instant().isBefore(deadline)) {
      if (hasEnded(task, deadline)) {
        return resultOf(task);
      }
      if (isCanceled.getAsBoolean()) {
        cancel(deadline);
        isLeftBehind = !hasEnded(task, deadline);
        throw new LeftBehind(true);
      }
    }
    isLeftBehind = true;
    throw new LeftBehind(false);
  }

  private <T> FutureTask<T> started(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    steps.execute(task);
    return task;
  }

  // Waits for the end, but no longer than until the next look.
  private boolean hasEnded(FutureTask<?> task, Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    return hasEnded(task, left.compareTo(LOOK) < 0 ? left : LOOK);
  }

  private static boolean hasEnded(FutureTask<?> task, Duration time) {
    try {
      task.get(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Nobody waits for this run any more.", e);
    }
  }

  private static <T> T resultOf(FutureTask<T> task) throws CheckFailed, SQLException {
    if (task.state() == Future.State.SUCCESS) {
      return task.resultNow();
    }
    switch (task.exceptionNow()) {
      case CheckFailed failed -> throw failed;
      case SQLException failed -> throw failed;
      case Throwable fault -> throw new IllegalStateException("The run met a fault.", fault);
    }
  }

  // To cancel takes a connection of its own, which may hang like the first.
  private void cancel(Instant deadline) {
    Session running = current();
    if (running != null) {
      hasEnded(
          started(
              () -> {
                QueryRun.cancel(running);
                return true;
              }),
          shorter(Duration.between(clock.instant(), deadline), FOR_CLOSING));
    }
  }

  private synchronized @Nullable Session current() {
    return session;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Closes the session, in a time that is short when something was left behind. */
  @Override
  public void close() {
    Session last;
    synchronized (this) {
      isOver = true;
      last = session;
    }
    if (isLeftBehind) {
      guard.close();
    }
    if (last != null) {
      FutureTask<Boolean> closing =
          started(
              () -> {
                last.close();
                return true;
              });
      if (!isLeftBehind) {
        hasEnded(closing, shorter(Duration.between(clock.instant(), end), FOR_CLOSING));
      }
    }
    guard.close();
  }

  /** Thrown when nobody waits for a step any more. */
  static final class LeftBehind extends Exception {
    private final boolean isCanceled;

    LeftBehind(boolean isCanceled) {
      super(isCanceled ? "canceled" : "too late", null, false, false);
      this.isCanceled = isCanceled;
    }

    /** True when it was canceled; false when it was too late. */
    boolean isCanceled() {
      return isCanceled;
    }
  }
}
