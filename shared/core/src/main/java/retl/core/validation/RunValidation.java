package retl.core.validation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.job.Job;
import retl.core.validation.ValidationStore.Task;

/** The worker's half of a validation: runs the checks and writes each as it ends. */
public final class RunValidation {
  /** What the worker leaves of its deadline for writing the last check. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final ValidationStore store;
  private final CredentialStore credentials;
  private final SecretStore secrets;
  private final CredentialChecker checker;
  private final Clock clock;

  public RunValidation(
      ValidationStore store,
      CredentialStore credentials,
      SecretStore secrets,
      CredentialChecker checker,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.secrets = secrets;
    this.checker = checker;
    this.clock = clock;
  }

  /** Runs the validation that the job names; nothing happens when it is gone or has ended. */
  public void run(Job job) {
    Optional<Task> task = store.findTask(job.workspace(), job.id());
    if (task.isPresent() && task.get().validation().status() == Validation.Status.RUNNING) {
      run(job.workspace(), task.get());
    }
  }

  private void run(String workspace, Task task) {
    SecretStore.Key key = new SecretStore.Key(workspace, task.secretOwner(), task.secretVersion());
    Secret secret = secrets.get(key);
    if (task.validation().credentialId() == null) {
      secrets.deleteNow(key);
    }
    Progress progress = new Progress(workspace, task.validation());
    checker.check(
        task.settings(), secret, task.validation().deadline().minus(RESERVE), progress::ended);
    noteOnCredential(workspace, task, progress.validation);
  }

  private void noteOnCredential(String workspace, Task task, Validation validation) {
    String credentialId = validation.credentialId();
    Instant finishedAt = validation.finishedAt();
    if (credentialId == null || finishedAt == null) {
      return;
    }
    boolean passed = validation.status() == Validation.Status.PASSED;
    credentials.recordValidation(
        workspace,
        credentialId,
        task.secretVersion(),
        passed ? Credential.Status.VALID : Credential.Status.FAILING,
        new Credential.LastValidation(
            validation.id(),
            validation.status().wireName(),
            validation.failureCode().orElse(null),
            finishedAt));
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
      validation = validation.after(check, now());
      store.update(workspace, validation);
    }
  }
}
