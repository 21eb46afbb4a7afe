package retl.warehouse;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.validation.Check;

/** Runs checks in turn, and tells of each as it ends, with how long it took. */
public final class CheckRun {
  private final Consumer<Check> ended;

  public CheckRun(Consumer<Check> ended) {
    this.ended = ended;
  }

  /**
   * Runs one check.
   *
   * @return what it found out for the next checks; null when it failed, and then no other is to run
   */
  public <T> @Nullable T run(Check.Name name, Step<T> step) {
    long start = System.nanoTime();
    try {
      T found = step.run();
      ended.accept(new Check(name, Check.Status.PASSED, null, null, null, millisSince(start)));
      return found;
    } catch (CheckFailed e) {
      ended.accept(
          new Check(
              name,
              Check.Status.FAILED,
              e.fault().code(),
              e.fault().message(),
              e.fault().remedy(),
              millisSince(start)));
      return null;
    }
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** What a check does. */
  @FunctionalInterface
  public interface Step<T> {
    T run() throws CheckFailed;
  }

  /**
   * Why a check, or a connection, failed.
   *
   * @param code a stable snake_case word
   * @param message for a person; in our words
   */
  public record Fault(String code, String message, Check.@Nullable Remedy remedy) {}

  /** Ends a check. */
  public static final class CheckFailed extends Exception {
    private final transient Fault fault;

    public CheckFailed(Fault fault) {
      super(fault.code(), null, false, false);
      this.fault = fault;
    }

    public Fault fault() {
      return fault;
    }
  }
}
