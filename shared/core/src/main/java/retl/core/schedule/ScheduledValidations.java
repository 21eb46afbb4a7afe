package retl.core.schedule;

import java.time.Clock;
import java.util.Optional;
import retl.core.Ids;
import retl.core.credential.CredentialStore;
import retl.core.credential.StatusChange;
import retl.core.job.Job;
import retl.core.validation.RunValidation;
import retl.core.validation.Validations;

/**
 * The worker's half: begins a due validation and runs it, once for each minute that made it due.
 */
public final class ScheduledValidations {
  private final ScheduleStore store;
  private final CredentialStore credentials;
  private final RunValidation runValidation;
  private final Ids ids;
  private final Clock clock;

  public ScheduledValidations(
      ScheduleStore store,
      CredentialStore credentials,
      RunValidation runValidation,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.runValidation = runValidation;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Runs it, unless its credentials are gone or it has been run.
   *
   * @return how it changed the status of the credentials; empty when they stay as they are
   */
  public Optional<StatusChange> run(Due due) {
    return credentials
        .find(due.workspace(), due.credentialId())
        .map(credential -> Validations.scheduled(credential, ids.next("val"), clock.instant()))
        .flatMap(task -> store.begin(due, task))
        .flatMap(task -> runValidation.run(new Job(due.workspace(), task.validation().id())));
  }
}
