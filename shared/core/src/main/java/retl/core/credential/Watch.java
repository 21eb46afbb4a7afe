package retl.core.credential;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the validations by schedule have found of credentials since they last worked. One refusal
 * proves little and a network proves nothing, so the status changes only on what keeps being so.
 *
 * @param refusals how often the warehouse refused them in a row
 * @param firstRefusedAt when the first of these was; null without one
 * @param unknowns how often in a row it could not be found out
 */
public record Watch(int refusals, @Nullable Instant firstRefusedAt, int unknowns) {
  /** Nothing is known yet. */
  public static final Watch NEW = new Watch(0, null, 0);

  private static final int REFUSALS = 3;
  private static final Duration REFUSED_FOR = Duration.ofHours(1);

  /** Three refusals at this distance are an hour apart. */
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(30);

  private static final Duration FIRST_BACK_OFF = Duration.ofMinutes(5);
  private static final int MAX_DOUBLINGS = 6;

  /** What one validation found. */
  public enum Finding {
    WORKS,
    /** The warehouse answered, and said no. */
    REFUSED,
    /** It could not be found out: the network, an overloaded warehouse, a lost worker. */
    UNKNOWN
  }

  /**
   * What is to be made of a finding.
   *
   * @param status the status from now on; null when it stays
   * @param retryAt when to look again before the next slot; null when that is soon enough
   */
  public record Next(Watch watch, Credential.@Nullable Status status, @Nullable Instant retryAt) {}

  /** What to make of what was found at this time. */
  public Next after(Finding finding, Instant now) {
    return switch (finding) {
      case WORKS -> new Next(NEW, Credential.Status.VALID, null);
      case REFUSED -> refused(now);
      case UNKNOWN ->
          new Next(new Watch(refusals, firstRefusedAt, unknowns + 1), null, now.plus(backOff()));
    };
  }

  private Next refused(Instant now) {
    Instant first = firstRefusedAt == null ? now : firstRefusedAt;
    Watch next = new Watch(refusals + 1, first, 0);
    boolean isLasting = !now.isBefore(first.plus(REFUSED_FOR));
    return next.refusals >= REFUSALS && isLasting
        ? new Next(next, Credential.Status.FAILING, null)
        : new Next(next, null, now.plus(AFTER_REFUSAL));
  }

  // 5 minutes, 10, 20 … at most 5 hours and 20 minutes.
  private Duration backOff() {
    return FIRST_BACK_OFF.multipliedBy(1L << Math.min(unknowns, MAX_DOUBLINGS));
  }
}
