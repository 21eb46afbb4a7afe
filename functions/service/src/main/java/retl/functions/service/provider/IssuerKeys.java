package retl.functions.service.provider;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an issuer signs with, as it publishes them. They are read when a token first needs
 * one, so no snapshot of a function holds any; then again when they are ten minutes old or a token
 * names one that is not among them, but never sooner than ten seconds after the last time, whatever
 * tokens name. While the issuer cannot be reached, the last ones are good for an hour.
 */
final class IssuerKeys {
  static final Duration FRESH = Duration.ofMinutes(10);
  static final Duration GOOD = Duration.ofHours(1);
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final Source source;
  private final Clock clock;
  private @Nullable Instant looked;
  private @Nullable Known known;

  IssuerKeys(Source source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /**
   * The key of this id for this algorithm; empty when the issuer has none.
   *
   * @param faults is told each time that the issuer's keys cannot be read
   * @throws IllegalStateException when there are no keys, not even old ones
   */
  synchronized Optional<PublicKey> find(
      String id, Algorithm algorithm, Consumer<IOException> faults) {
    Instant now = clock.instant();
    if (known == null || !known.isYoungerThan(FRESH, now)) {
      look(now, faults);
    }
    Optional<PublicKey> key = good(now).find(id, algorithm);
    if (key.isEmpty() && look(now, faults)) {
      key = good(now).find(id, algorithm);
    }
    return key;
  }

  private Known good(Instant now) {
    if (known == null || !known.isYoungerThan(GOOD, now)) {
      throw new IllegalStateException("The keys of the identity provider could not be read.");
    }
    return known;
  }

  /** Reads the keys, unless that was tried a moment ago; true when it did. */
  private boolean look(Instant now, Consumer<IOException> faults) {
    if (looked != null && now.isBefore(looked.plus(PAUSE))) {
      return false;
    }
    looked = now;
    try {
      known = new Known(source.read(), now);
      return true;
    } catch (IOException e) {
      faults.accept(e);
      return false;
    }
  }

  /** Reads what the issuer publishes at the moment. */
  @FunctionalInterface
  interface Source {
    List<PublishedKey> read() throws IOException;
  }

  /** What was published at a time. */
  private record Known(List<PublishedKey> keys, Instant readAt) {

    boolean isYoungerThan(Duration age, Instant now) {
      return now.isBefore(readAt.plus(age));
    }

    Optional<PublicKey> find(String id, Algorithm algorithm) {
      return keys.stream()
          .filter(key -> key.id().equals(id) && key.algorithm() == algorithm)
          .map(PublishedKey::key)
          .findFirst();
    }
  }
}
