package retl.core;

import org.jspecify.annotations.Nullable;

/**
 * A call that nobody made, by which a function warms its own path before Lambda takes a snapshot of
 * it. While one runs, nothing leaves the function: whoever talks to a service of AWS answers the
 * request itself, from samples.
 */
public final class Rehearsal {
  private static final ScopedValue<Boolean> RUNS = ScopedValue.newInstance();

  private Rehearsal() {}

  /** Runs this in a rehearsal: for this thread alone, and until it ends. */
  public static <X extends Exception> void run(Call<X> call) throws X {
    ScopedValue.where(RUNS, true)
        .<@Nullable Void, X>call(
            () -> {
              call.run();
              return null;
            });
  }

  /**
   * True in a function of which Lambda takes a snapshot when it is made. Nobody else is ever told
   * of one, and need not ask to be: see "Defined runtime environment variables" in Lambda's guide.
   */
  public static boolean isAhead() {
    return "snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));
  }

  /** True while this thread rehearses. */
  public static boolean isRunning() {
    return RUNS.isBound();
  }

  /** What is rehearsed. */
  @FunctionalInterface
  public interface Call<X extends Exception> {
    void run() throws X;
  }
}
