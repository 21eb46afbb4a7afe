package retl.core.validation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Watch;

/**
 * One run of the checks.
 *
 * @param credentialId null when it was of settings that were not saved
 * @param checks all of them, in their order
 * @param deadline when the worker must have ended; after it, a running validation counts as failed
 * @param expiresAt from when on it is gone
 */
public record Validation(
    String id,
    @Nullable String credentialId,
    Status status,
    List<Check> checks,
    Trigger trigger,
    Instant startedAt,
    @Nullable Instant finishedAt,
    Instant deadline,
    Instant expiresAt) {

  public Validation {
    checks = List.copyOf(checks);
  }

  /** How far it is. */
  public enum Status {
    RUNNING,
    PASSED,
    FAILED;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who wanted it. */
  public enum Trigger {
    API,
    SCHEDULE;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A validation whose first check is about to run. */
  static Validation begin(
      String id,
      @Nullable String credentialId,
      List<Check.Name> names,
      Trigger trigger,
      Instant now,
      Instant deadline,
      Instant expiresAt) {
    List<Check> checks = new ArrayList<>();
    for (Check.Name name : names) {
      checks.add(
          Check.waiting(name, checks.isEmpty() ? Check.Status.RUNNING : Check.Status.PENDING));
    }
    return new Validation(
        id, credentialId, Status.RUNNING, checks, trigger, now, null, deadline, expiresAt);
  }

  /** The check that runs now; empty when the validation ended. */
  public Optional<Check.Name> current() {
    return checks.stream()
        .filter(check -> check.status() == Check.Status.RUNNING)
        .map(Check::name)
        .findFirst();
  }

  /**
   * The same validation after its running check ended: the next check runs, or all later ones are
   * skipped after a failure, or the whole has ended.
   */
  public Validation after(Check ended, Instant now) {
    boolean failed = ended.status() == Check.Status.FAILED;
    List<Check> next = new ArrayList<>();
    boolean isNext = false;
    for (Check check : checks) {
      if (check.name() == ended.name()) {
        next.add(ended);
        isNext = true;
      } else if (check.status() == Check.Status.PENDING && failed) {
        next.add(Check.waiting(check.name(), Check.Status.SKIPPED));
      } else if (isNext) {
        next.add(Check.waiting(check.name(), Check.Status.RUNNING));
        isNext = false;
      } else {
        next.add(check);
      }
    }
    boolean isOver = failed || isNext;
    Status outcome = failed ? Status.FAILED : Status.PASSED;
    return new Validation(
        id,
        credentialId,
        isOver ? outcome : Status.RUNNING,
        next,
        trigger,
        startedAt,
        isOver ? now : null,
        deadline,
        expiresAt);
  }

  /**
   * What a reader sees at this time: one whose worker did not end it by its deadline has failed.
   */
  public Validation asOf(Instant now) {
    if (status != Status.RUNNING || !now.isAfter(deadline)) {
      return this;
    }
    return after(
        unanswered(
            "worker_lost",
            "The check did not end in time. Validate again; if it happens again, look at the"
                + " worker's log."),
        deadline);
  }

  /** The same validation when no worker could be told of it. */
  Validation notStarted(Instant now) {
    return after(
        unanswered(
            "not_started",
            "The validation could not be started, and nothing was checked. Validate again."),
        now);
  }

  private Check unanswered(String code, String message) {
    return new Check(
        current().orElse(Check.Name.CONNECTION), Check.Status.FAILED, code, message, null, null);
  }

  /** What it found of the credentials. */
  public Watch.Finding finding() {
    if (status == Status.PASSED) {
      return Watch.Finding.WORKS;
    }
    boolean isRefused =
        checks.stream()
            .filter(check -> check.status() == Check.Status.FAILED)
            .anyMatch(Check::isRefusal);
    return isRefused ? Watch.Finding.REFUSED : Watch.Finding.UNKNOWN;
  }

  /** The code of the check that failed; empty when none did. */
  public Optional<String> failureCode() {
    return checks.stream()
        .filter(check -> check.status() == Check.Status.FAILED)
        .flatMap(check -> Optional.ofNullable(check.code()).stream())
        .findFirst();
  }
}
