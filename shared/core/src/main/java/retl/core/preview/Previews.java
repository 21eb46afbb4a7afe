package retl.core.preview;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FaultLog;
import retl.core.FieldError;
import retl.core.Ids;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.job.Job;
import retl.core.job.JobQueue;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;

/** Submitting previews and checks of keys, and reading how far they are. */
public final class Previews {
  /**
   * By when the worker must have ended, counted from the request; its own budget is a little
   * shorter.
   */
  static final Duration DEADLINE = Duration.ofMinutes(2);

  /** How long a preview can be read. */
  static final Duration KEPT = Duration.ofMinutes(15);

  private final PreviewStore store;
  private final CredentialStore credentials;
  private final SavedQueries savedQueries;
  private final QueryGate gate;
  private final JobQueue jobs;
  private final FaultLog faults;
  private final Ids ids;
  private final Clock clock;

  public Previews(
      PreviewStore store,
      CredentialStore credentials,
      SavedQueries savedQueries,
      QueryGate gate,
      JobQueue jobs,
      FaultLog faults,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.savedQueries = savedQueries;
    this.gate = gate;
    this.jobs = jobs;
    this.faults = faults;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Judges the query, then starts its run; a refused query reaches no warehouse. The run goes on
   * when this returns. One that cannot be handed to a worker has failed then.
   */
  public Preview submit(Caller caller, NewPreview wanted, Receipt.Writer<Preview> receipts) {
    caller.require(Role.EDITOR);
    return submit(
        caller, queryOf(caller, wanted), new Preview.Wanted.Rows(wanted.limit()), receipts);
  }

  private SavedQuery queryOf(Caller caller, NewPreview wanted) {
    return switch (wanted) {
      case NewPreview.OfQuery(var credentialId, var sql, _) -> new SavedQuery(credentialId, sql);
      case NewPreview.OfModel(var modelId, _) ->
          savedQueries
              .findQuery(caller.workspace(), modelId)
              .orElseThrow(() -> notFound("modelId", "There is no such model."));
    };
  }

  /** The same for a check of a key of a saved model's query. */
  public Preview submit(
      Caller caller, SavedQuery query, Preview.Wanted wanted, Receipt.Writer<Preview> receipts) {
    caller.require(Role.EDITOR);
    Credential credential =
        credentials
            .find(caller.workspace(), query.credentialId())
            .orElseThrow(() -> notFound("credentialId", "There are no such credentials."));
    if (gate.judge(query.sql(), credential.warehouse()) instanceof Verdict.Refused refused) {
      throw new Refused(new Problem.QueryRefused(refused));
    }
    Preview preview = queued(query, wanted, credential.targetVersion());
    if (!store.create(caller, preview, audit(caller, preview), receipts.receiptOf(preview))) {
      throw new Refused(new Problem.RequestInProgress());
    }
    return handedOver(caller, preview);
  }

  private Preview handedOver(Caller caller, Preview preview) {
    try {
      jobs.submit(new Job(caller.workspace(), preview.id()));
      return preview;
    } catch (RuntimeException fault) {
      faults.note(caller, preview.id(), fault);
      store.giveUp(caller.workspace(), preview.notStarted());
      // A worker that began all the same goes on: what is kept is what happened.
      return find(caller, preview.id()).orElse(preview);
    }
  }

  private Audit audit(Caller caller, Preview preview) {
    Instant now = clock.instant();
    return switch (preview.wanted()) {
      case Preview.Wanted.Rows _ ->
          Audit.of(
              caller,
              ids,
              now,
              "preview.submitted",
              preview.id(),
              List.of("credentialId", "sql", "limit"));
      case Preview.Wanted.Key _ ->
          Audit.of(caller, ids, now, "key_check.submitted", preview.id(), List.of("columns"));
    };
  }

  private static Refused notFound(String field, String message) {
    return new Refused(
        new Problem.InvalidRequest(
            List.of(new FieldError(field, FieldError.Code.NOT_FOUND, message))));
  }

  private Preview queued(SavedQuery query, Preview.Wanted wanted, int targetVersion) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Preview(
        ids.next(
            switch (wanted) {
              case Preview.Wanted.Rows _ -> "prv";
              case Preview.Wanted.Key _ -> "kch";
            }),
        Preview.Status.QUEUED,
        query.credentialId(),
        targetVersion,
        query.sql(),
        wanted,
        null,
        null,
        null,
        now.plus(DEADLINE),
        now.plus(KEPT));
  }

  /** The preview of this id as it is now, or {@link Problem.NotFound}. */
  public Preview get(Caller caller, String id) {
    return find(caller, id)
        .filter(preview -> preview.wanted() instanceof Preview.Wanted.Rows)
        .orElseThrow(() -> new Refused(new Problem.NotFound("preview")));
  }

  /** The check of a key of this model as it is now, or {@link Problem.NotFound}. */
  public Preview getKeyCheck(Caller caller, String modelId, String id) {
    return find(caller, id)
        .filter(
            check ->
                check.wanted() instanceof Preview.Wanted.Key key && key.modelId().equals(modelId))
        .orElseThrow(() -> new Refused(new Problem.NotFound("key check")));
  }

  private Optional<Preview> find(Caller caller, String id) {
    Instant now = clock.instant();
    return store
        .find(caller.workspace(), id)
        .filter(preview -> !preview.isExpired(now))
        .map(preview -> preview.asOf(now));
  }

  /**
   * Cancels the preview of this id and gives it as it is then, or {@link Problem.NotFound}. One
   * that is queued is canceled at once, one that runs when its worker sees it, and one that is over
   * stays as it is.
   */
  public Preview cancel(Caller caller, String id) {
    caller.require(Role.EDITOR);
    Preview preview = get(caller, id);
    if (preview.status().isOver()) {
      return preview;
    }
    store.cancel(
        caller,
        preview,
        Audit.of(
            caller, ids, clock.instant(), "preview.canceled", preview.id(), List.of("status")));
    return get(caller, id);
  }

  /** Rows of a completed preview from {@code from} on, counted from 0; none past its end. */
  public List<String> rows(Caller caller, Preview preview, int from, int count) {
    Preview.Result result = preview.result();
    return result == null || from >= result.rowCount()
        ? List.of()
        : store.rows(caller.workspace(), preview.id(), from, count);
  }

  /** Finds the query of a saved model; the model package does. */
  @FunctionalInterface
  public interface SavedQueries {
    Optional<SavedQuery> findQuery(String workspace, String modelId);
  }

  /** A saved model's query and the credentials that it runs with. */
  public record SavedQuery(String credentialId, String sql) {}
}
