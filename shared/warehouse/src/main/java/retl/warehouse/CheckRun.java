package retl.warehouse;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.validation.Check;

/** Runs checks in turn, and tells of each as it ends, with how long it took. */
final class CheckRun {
  private final Consumer<Check> ended;

  CheckRun(Consumer<Check> ended) {
    this.ended = ended;
  }

  /** Runs one check; false when it failed, and then no other is to run. */
  boolean passes(Check.Name name, Step step) {
    return give(
            name,
            () -> {
              step.run();
              return true;
            })
        != null;
  }

  /**
   * Runs one check that gives what the next ones need.
   *
   * @return null when it failed, and then no other is to run
   */
  <T> @Nullable T give(Check.Name name, GivingStep<T> step) {
    long start = System.nanoTime();
    try {
      T given = step.run();
      ended.accept(new Check(name, Check.Status.PASSED, null, null, null, millisSince(start)));
      return given;
    } catch (CheckFailed e) {
      fail(name, e.fault(), start);
    } catch (SQLException | WatchedRun.LeftBehind e) {
      fail(name, Fault.connectionLost(), start);
    }
    return null;
  }

  private void fail(Check.Name name, Fault fault, long start) {
    ended.accept(
        new Check(
            name,
            Check.Status.FAILED,
            fault.code(),
            fault.message(),
            fault.remedy(),
            millisSince(start)));
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** What a check does. */
  @FunctionalInterface
  interface Step {
    void run() throws CheckFailed, SQLException, WatchedRun.LeftBehind;
  }

  /** What a check does, and what it gives. */
  @FunctionalInterface
  interface GivingStep<T> {
    T run() throws CheckFailed, SQLException, WatchedRun.LeftBehind;
  }
}
