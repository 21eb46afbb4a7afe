package retl.core.validation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FaultLog;
import retl.core.FieldError;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.SecretStore;
import retl.core.credential.Unfinished;
import retl.core.job.Job;
import retl.core.job.JobQueue;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;
import retl.core.validation.ValidationStore.Task;

/** Starting validations and reading how far they are. */
public final class Validations implements Credentials.ValidationStarter {
  /**
   * By when the worker must have ended, counted from the request; its own budget is a little
   * shorter.
   */
  static final Duration DEADLINE = Duration.ofSeconds(60);

  /** How long the history of saved credentials is kept. */
  static final Duration KEPT = Duration.ofDays(90);

  /** How long the result for unsaved settings is kept. */
  static final Duration KEPT_UNSAVED = Duration.ofHours(1);

  private final ValidationStore store;
  private final CredentialStore credentials;
  private final SecretStore secrets;
  private final Unfinished.Store unfinished;
  private final QueryGate gate;
  private final JobQueue jobs;
  private final FaultLog faults;
  private final Ids ids;
  private final Clock clock;

  public Validations(
      ValidationStore store,
      CredentialStore credentials,
      SecretStore secrets,
      Unfinished.Store unfinished,
      QueryGate gate,
      JobQueue jobs,
      FaultLog faults,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.secrets = secrets;
    this.unfinished = unfinished;
    this.gate = gate;
    this.jobs = jobs;
    this.faults = faults;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Starts a validation; it runs on when this returns. One that cannot be handed to a worker has
   * failed then.
   */
  public Validation create(
      Caller caller, NewValidation wanted, Receipt.Writer<Validation> receipts) {
    return switch (wanted) {
      case NewValidation.OfSaved(var credentialId, var sql) -> {
        caller.require(Role.EDITOR);
        Credential credential = saved(caller, credentialId);
        if (sql != null
            && gate.judge(sql, credential.warehouse()) instanceof Verdict.Refused refused) {
          throw new Refused(new Problem.QueryRefused(refused));
        }
        yield ofSaved(caller, credential, sql, receipts);
      }
      case NewValidation.OfUnsaved(var access) -> {
        caller.require(Role.ADMIN);
        Validation validation = begin(null, Check.Name.OF_CREDENTIALS, KEPT_UNSAVED);
        Task task = new Task(validation, access.settings(), 1);
        // The secret goes where all secrets go, and never into the job. The worker removes it; the
        // note is for when there comes no worker.
        SecretStore.Key key = new SecretStore.Key(caller.workspace(), task.secretOwner(), 1);
        unfinished.note(new Unfinished.LooseSecret(key), validation.startedAt());
        secrets.put(key, access.secret());
        Validation submitted;
        try {
          submitted = submit(caller, task, receipts);
        } catch (RuntimeException e) {
          secrets.deleteNow(key);
          throw e;
        }
        if (submitted.status() != Validation.Status.RUNNING) {
          secrets.deleteNow(key);
        }
        yield submitted;
      }
    };
  }

  @Override
  public void start(Caller caller, Credential credential) {
    ofSaved(caller, credential, null, Receipt.Writer.none());
  }

  private Validation ofSaved(
      Caller caller,
      Credential credential,
      @Nullable String sql,
      Receipt.Writer<Validation> receipts) {
    Validation validation =
        begin(
            credential.id(),
            sql == null ? Check.Name.OF_CREDENTIALS : List.of(Check.Name.values()),
            KEPT);
    return submit(
        caller,
        new Task(validation, credential.settings(), credential.secretVersion(), sql),
        receipts);
  }

  /** The task of a validation that nobody asked for, as of now. */
  public static Task scheduled(Credential credential, String id, Instant now) {
    Instant start = now.truncatedTo(ChronoUnit.MILLIS);
    Validation validation =
        Validation.begin(
            id,
            credential.id(),
            Check.Name.OF_CREDENTIALS,
            Validation.Trigger.SCHEDULE,
            start,
            start.plus(DEADLINE),
            start.plus(KEPT));
    return new Task(validation, credential.settings(), credential.secretVersion());
  }

  private Credential saved(Caller caller, String credentialId) {
    return credentials
        .find(caller.workspace(), credentialId)
        .orElseThrow(
            () ->
                new Refused(
                    new Problem.InvalidRequest(
                        List.of(
                            new FieldError(
                                "credentialId",
                                FieldError.Code.NOT_FOUND,
                                "There are no such credentials.")))));
  }

  private Validation begin(@Nullable String credentialId, List<Check.Name> checks, Duration kept) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return Validation.begin(
        ids.next("val"),
        credentialId,
        checks,
        Validation.Trigger.API,
        now,
        now.plus(DEADLINE),
        now.plus(kept));
  }

  private Validation submit(Caller caller, Task task, Receipt.Writer<Validation> receipts) {
    Validation validation = task.validation();
    Audit audit =
        Audit.of(
            caller,
            ids,
            validation.startedAt(),
            "validation.started",
            task.secretOwner(),
            List.of());
    if (!store.create(caller, task, audit, receipts.receiptOf(validation))) {
      throw new Refused(new Problem.RequestInProgress());
    }
    return handedOver(caller, validation);
  }

  private Validation handedOver(Caller caller, Validation validation) {
    try {
      jobs.submit(new Job(caller.workspace(), validation.id()));
      return validation;
    } catch (RuntimeException fault) {
      faults.note(caller, validation.id(), fault);
      store.update(
          caller.workspace(),
          validation.notStarted(clock.instant().truncatedTo(ChronoUnit.MILLIS)));
      return get(caller, validation.id());
    }
  }

  /** The validation of this id as it is now, or {@link Problem.NotFound}. */
  public Validation get(Caller caller, String id) {
    return store
        .find(caller.workspace(), id)
        .map(validation -> validation.asOf(clock.instant()))
        .orElseThrow(() -> new Refused(new Problem.NotFound("validation")));
  }

  /** The validations of saved credentials as they are now, the newest first. */
  public Page<Validation> history(Caller caller, Credential credential, Page.Request page) {
    Instant now = clock.instant();
    return store.history(caller, credential.id(), page).map(validation -> validation.asOf(now));
  }
}
