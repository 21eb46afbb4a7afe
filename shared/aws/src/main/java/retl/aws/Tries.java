package retl.aws;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries again what others keep from being done. The pauses grow, and their lengths are drawn by
 * chance, so that those who met once do not meet again.
 */
final class Tries {
  /** With pauses of 4 seconds together on average, and of 9 at most. */
  static final int MOST = 40;

  private static final long FIRST_MILLIS = 10;
  private static final long LONGEST_MILLIS = 250;

  // Functions that were restored from one snapshot would all draw alike from any other source.
  private final SecureRandom chance = new SecureRandom();
  private final Consumer<Duration> pause;

  Tries(Consumer<Duration> pause) {
    this.pause = pause;
  }

  /** Real pauses. An interrupt ends one and stays set. */
  static Tries real() {
    return new Tries(
        length -> {
          try {
            Thread.sleep(length);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** What a try gave; empty when none of {@link #MOST} gave anything. */
  <T> Optional<T> until(Supplier<Optional<T>> once) {
    Optional<T> result = once.get();
    for (int tries = 1; result.isEmpty() && tries < MOST; tries++) {
      long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries - 1, 5));
      pause.accept(Duration.ofMillis(chance.nextLong(1, longest + 1)));
      result = once.get();
    }
    return result;
  }
}
