package retl.core.preview;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.Login;
import retl.core.credential.SecretStore;
import retl.core.job.Job;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;

/** The worker's half of a preview, or of a check of a key: runs the query and writes what came. */
public final class RunPreview {
  /** What the worker leaves of its deadline for writing the rows. */
  private static final Duration RESERVE = Duration.ofSeconds(10);

  private final PreviewStore store;
  private final CredentialStore credentials;
  private final SecretStore secrets;
  private final QueryGate gate;
  private final QueryRunner runner;
  private final Clock clock;

  public RunPreview(
      PreviewStore store,
      CredentialStore credentials,
      SecretStore secrets,
      QueryGate gate,
      QueryRunner runner,
      Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.secrets = secrets;
    this.gate = gate;
    this.runner = runner;
    this.clock = clock;
  }

  /**
   * Runs the preview that the job names; nothing happens when it is gone or over, or when its
   * deadline has passed. A fault of ours ends it as failed, and is thrown for the log.
   */
  public void run(Job job) {
    Instant start = clock.instant();
    store
        .start(job.workspace(), job.id())
        .filter(started -> !started.asOf(start).status().isOver())
        .ifPresent(started -> run(job.workspace(), started, start));
  }

  private void run(String workspace, Preview preview, Instant start) {
    try {
      finish(workspace, preview, start, outcome(workspace, preview));
    } catch (RuntimeException | Error e) {
      finish(
          workspace, preview, start, failed("internal_error", "Something went wrong on our side."));
      throw e;
    }
  }

  private QueryRunner.Outcome outcome(String workspace, Preview preview) {
    return credentials
        .find(workspace, preview.credentialId())
        .map(credential -> outcome(workspace, preview, credential))
        .orElseGet(() -> failed("credential_gone", "The credentials were deleted meanwhile."));
  }

  private void finish(
      String workspace, Preview preview, Instant start, QueryRunner.Outcome outcome) {
    long durationMs = Duration.between(start, clock.instant()).toMillis();
    switch (outcome) {
      case QueryRunner.Outcome.Rows(var result, var _)
          when result.columnsSize() > Preview.Result.MAX_COLUMNS_SIZE ->
          finish(workspace, preview, start, tooManyColumns(result));
      case QueryRunner.Outcome.Rows(var result, var rows) ->
          store.finish(workspace, preview.completed(result, durationMs), rows);
      case QueryRunner.Outcome.Canceled() ->
          store.finish(workspace, preview.canceled(durationMs), List.of());
      case QueryRunner.Outcome.Failed(var failure) ->
          store.finish(workspace, preview.failed(failure, durationMs), List.of());
    }
  }

  // The query is judged again: only what this process itself accepted can reach a warehouse.
  private QueryRunner.Outcome outcome(String workspace, Preview preview, Credential credential) {
    return switch (gate.judge(preview.sql(), credential.warehouse())) {
      case Verdict.Accepted(var query) ->
          runner.run(
              new Login<>(
                  workspace,
                  credential.settings(),
                  secrets.get(Credentials.keyOf(workspace, credential))),
              query,
              preview.wanted(),
              preview.deadline().minus(RESERVE),
              () -> store.isCanceled(workspace, preview.id()));
      case Verdict.Refused refused -> failed("unsafe_query", refused.message());
    };
  }

  private static QueryRunner.Outcome tooManyColumns(Preview.Result result) {
    return failed(
        "too_many_columns",
        ("The result has %d columns, which take %d bytes with their names and types; at most %d are"
                + " kept. Select fewer columns, or give them shorter names.")
            .formatted(
                result.columns().size(), result.columnsSize(), Preview.Result.MAX_COLUMNS_SIZE));
  }

  private static QueryRunner.Outcome failed(String code, String message) {
    return new QueryRunner.Outcome.Failed(new Preview.Failure(code, message, null));
  }
}
