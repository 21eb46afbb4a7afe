package retl.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Holds an answer until a job is over, by looking again and again at growing intervals. */
public final class Waiting {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final Clock clock;
  private final Sleeper sleeper;

  public Waiting(Clock clock, Sleeper sleeper) {
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /** The job when it is over, or as it stands after that many seconds. */
  public <T> T until(Predicate<T> isOver, int seconds, Supplier<T> look) {
    return until(look.get(), isOver, seconds, look);
  }

  /**
   * The same for a job that need not be looked for first.
   *
   * @param known the job as it was just now
   * @param look finds it as it is
   */
  public <T> T until(T known, Predicate<T> isOver, int seconds, Supplier<T> look) {
    Instant end = clock.instant().plusSeconds(seconds);
    Duration pause = FIRST_PAUSE;
    T job = known;
    while (!isOver.test(job) && clock.instant().isBefore(end)) {
      Duration left = Duration.between(clock.instant(), end);
      sleeper.sleep(pause.compareTo(left) < 0 ? pause : left);
      // By a twentieth: whoever waits for a job waits that much of its time for nothing at most.
      Duration longer = pause.plusNanos(pause.toNanos() / 20);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      job = look.get();
    }
    return job;
  }

  /** Lets time pass. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration pause);

    /** Real time. An interrupt ends the pause and stays set. */
    static Sleeper real() {
      return pause -> {
        try {
          Thread.sleep(pause);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };
    }
  }
}
