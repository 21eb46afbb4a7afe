package retl.core.validation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Login;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import retl.core.credential.Watch;
import retl.core.job.Job;
import retl.core.query.AcceptedQuery;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;
import retl.core.validation.ValidationStore.Task;

/** The worker's half of a validation: runs the checks and writes each as it ends. */
public final class RunValidation {
  /** What the worker leaves of its deadline for writing the last check. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final ValidationStore store;
  private final CredentialStore credentials;
  private final SecretStore secrets;
  private final QueryGate gate;
  private final CredentialChecker checker;
  private final StatusChange.Announcer announcer;
  private final Unfinished.Store unfinished;
  private final Clock clock;

  public RunValidation(
      ValidationStore store,
      CredentialStore credentials,
      SecretStore secrets,
      QueryGate gate,
      CredentialChecker checker,
      StatusChange.Announcer announcer,
      Unfinished.Store unfinished,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.secrets = secrets;
    this.gate = gate;
    this.checker = checker;
    this.announcer = announcer;
    this.unfinished = unfinished;
    this.clock = clock;
  }

  /**
   * Runs the validation that the job names; nothing happens when it is gone or has ended, or when
   * its deadline has passed. A fault of ours ends it as failed, and is thrown for the log.
   *
   * @return how it changed the status of saved credentials, which has been told by now; empty when
   *     they stay as they are
   */
  public Optional<StatusChange> run(Job job) {
    Instant now = clock.instant();
    return store
        .findTask(job.workspace(), job.id())
        .filter(task -> task.validation().asOf(now).status() == Validation.Status.RUNNING)
        .flatMap(task -> run(job.workspace(), task));
  }

  private Optional<StatusChange> run(String workspace, Task task) {
    SecretStore.Key key = new SecretStore.Key(workspace, task.secretOwner(), task.secretVersion());
    if (task.validation().credentialId() == null) {
      // Lambda may deliver a job twice: without the secret this is the second time, and the first
      // goes on. So that is no end of the validation.
      Secret secret = secrets.get(key);
      secrets.deleteNow(key);
      check(workspace, task, () -> secret);
      return Optional.empty();
    }
    Validation ended = check(workspace, task, () -> secrets.get(key));
    Optional<StatusChange> change = noteOnCredential(workspace, task, ended);
    change.ifPresent(this::tell);
    return change;
  }

  private Validation check(String workspace, Task task, Supplier<Secret> secret) {
    Progress progress = new Progress(workspace, task.validation());
    try {
      checker.check(
          new Login<>(workspace, task.settings(), secret.get()),
          query(task),
          task.validation().deadline().minus(RESERVE),
          progress::ended);
      return progress.validation;
    } catch (RuntimeException | Error e) {
      progress.broke();
      throw e;
    }
  }

  // The query is judged again: only what this process itself accepted can reach a warehouse.
  private @Nullable AcceptedQuery query(Task task) {
    String sql = task.sql();
    if (sql == null) {
      return null;
    }
    return switch (gate.judge(sql, task.settings().warehouse())) {
      case Verdict.Accepted(var query) -> query;
      case Verdict.Refused refused ->
          throw new IllegalStateException("A query is refused that was accepted before.");
    };
  }

  private Optional<StatusChange> noteOnCredential(
      String workspace, Task task, Validation validation) {
    String credentialId = validation.credentialId();
    Instant finishedAt = validation.finishedAt();
    if (credentialId == null || finishedAt == null || task.sql() != null) {
      // What a query may not read says nothing of the credentials.
      return Optional.empty();
    }
    CredentialStore.Result result =
        new CredentialStore.Result(
            credentialId,
            task.settings(),
            task.secretVersion(),
            new Credential.LastValidation(
                validation.id(),
                validation.status().wireName(),
                validation.failureCode().orElse(null),
                finishedAt),
            next(workspace, credentialId, validation, finishedAt));
    return credentials.recordValidation(workspace, result);
  }

  // Whoever asks for a validation gets its result as the status; what the schedule finds must last.
  private Watch.Next next(
      String workspace, String credentialId, Validation validation, Instant finishedAt) {
    boolean passed = validation.status() == Validation.Status.PASSED;
    return switch (validation.trigger()) {
      case API ->
          new Watch.Next(
              Watch.NEW, passed ? Credential.Status.VALID : Credential.Status.FAILING, null);
      case SCHEDULE ->
          credentials.watch(workspace, credentialId).after(validation.finding(), finishedAt);
    };
  }

  private void tell(StatusChange change) {
    announcer.announce(change);
    unfinished.done(new Unfinished.UntoldChange(change));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The validation as its checks end; each step is written before the next check runs. */
  private final class Progress {
    private final String workspace;
    private Validation validation;

    Progress(String workspace, Validation validation) {
      this.workspace = workspace;
      this.validation = validation;
    }

    void ended(Check check) {
      // What comes too late is no result: readers have been told that the worker is lost.
      if (!Job.isLate(clock.instant(), validation.deadline())) {
        validation = validation.after(check, now());
        store.update(workspace, validation);
      }
    }

    void broke() {
      validation
          .current()
          .ifPresent(
              name ->
                  ended(
                      new Check(
                          name,
                          Check.Status.FAILED,
                          "internal_error",
                          "Something went wrong on our side.",
                          null,
                          null)));
    }
  }
}
