package retl.core.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.NotedFaults;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.CredentialsInMemory;
import retl.core.credential.Samples;
import retl.core.job.Job;
import retl.core.job.JobQueue;
import retl.core.query.PickyGate;

class PreviewsTest {
  private static final NewPreview QUERY = new NewPreview.OfQuery("crd_1", "select 1", 7);

  private final PreviewsInMemory store = new PreviewsInMemory();
  private final CredentialsInMemory credentials = new CredentialsInMemory();
  private final List<Job> jobs = new ArrayList<>();
  private final NotedFaults faults = new NotedFaults();
  private JobQueue queue = jobs::add;
  private final TestClock clock = new TestClock();
  private int number;
  private final Previews previews =
      new Previews(
          store,
          credentials,
          PreviewsTest::savedQuery,
          new PickyGate(),
          job -> queue.submit(job),
          faults,
          type -> type + "_" + ++number,
          clock);

  private static Optional<Previews.SavedQuery> savedQuery(String workspace, String modelId) {
    return Optional.of(new Previews.SavedQuery("crd_1", "select saved"))
        .filter(query -> workspace.equals("ws1") && modelId.equals("mdl_1"));
  }

  @BeforeEach
  void keepCredentials() {
    credentials.add("ws1", Samples.credential("crd_1", "Shop"));
  }

  private Preview submit(Caller caller, NewPreview wanted) {
    return previews.submit(caller, wanted, Receipt.Writer.none());
  }

  @Test
  void keepsThePreviewThenHandsItsIdsToTheWorker() {
    Instant now = Instant.parse("2026-03-01T12:00:00.123Z");

    Preview queued = submit(EDITOR, QUERY);

    assertThat(queued)
        .isEqualTo(
            new Preview(
                "prv_1",
                Preview.Status.QUEUED,
                "crd_1",
                1,
                "select 1",
                new Preview.Wanted.Rows(7),
                null,
                null,
                null,
                now.plusSeconds(120),
                now.plusSeconds(900)))
        .isEqualTo(previews.get(VIEWER, "prv_1"));
    assertThat(jobs).containsExactly(new Job("ws1", "prv_1"));
    assertThat(store.audits)
        .singleElement()
        .extracting(Audit::action, Audit::resource, Audit::fields)
        .containsExactly("preview.submitted", "prv_1", List.of("credentialId", "sql", "limit"));
  }

  @Test
  void runsTheQueryOfAModel() {
    Preview queued = submit(EDITOR, new NewPreview.OfModel("mdl_1", 9));

    assertThat(queued)
        .extracting(Preview::credentialId, Preview::sql, Preview::wanted)
        .containsExactly("crd_1", "select saved", new Preview.Wanted.Rows(9));
  }

  @Test
  void refusesBeforeAnythingIsKeptOrStarted() {
    assertThat(problemOf(() -> submit(VIEWER, QUERY)))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(badFields(() -> submit(STRANGER, QUERY))).containsExactly("credentialId not_found");
    assertThat(badFields(() -> submit(STRANGER, new NewPreview.OfModel("mdl_1", 9))))
        .containsExactly("modelId not_found");
    assertThat(problemOf(() -> submit(EDITOR, new NewPreview.OfQuery("crd_1", "drop it", 7))))
        .isEqualTo(new Problem.QueryRefused(PickyGate.REFUSED));
    store.knowsKey = true;
    assertThat(problemOf(() -> submit(EDITOR, QUERY))).isEqualTo(new Problem.RequestInProgress());
    assertThat(store.kept).isEmpty();
    assertThat(jobs).isEmpty();
  }

  @Test
  void leavesAReceipt() {
    previews.submit(EDITOR, QUERY, Receipts.writer(Preview::id));

    assertThat(store.receipts).extracting(Receipt::body).containsExactly("prv_1");
  }

  @Test
  void isSeenOnlyInItsWorkspaceAndOnlyUntilItExpires() {
    submit(EDITOR, QUERY);
    Problem notFound = new Problem.NotFound("preview");

    assertThat(problemOf(() -> previews.get(STRANGER, "prv_1"))).isEqualTo(notFound);
    assertThat(problemOf(() -> previews.get(EDITOR, "prv_none"))).isEqualTo(notFound);
    clock.advance(Duration.ofMinutes(14));
    assertThat(previews.get(EDITOR, "prv_1").status()).isEqualTo(Preview.Status.FAILED);
    clock.advance(Duration.ofMinutes(1));
    assertThat(problemOf(() -> previews.get(EDITOR, "prv_1"))).isEqualTo(notFound);
  }

  @Test
  void cancelsAtOnceWhatIsQueued() {
    submit(EDITOR, QUERY);

    assertThat(previews.cancel(EDITOR, "prv_1").status()).isEqualTo(Preview.Status.CANCELED);
    assertThat(store.audits)
        .extracting(Audit::action)
        .containsExactly("preview.submitted", "preview.canceled");
  }

  @Test
  void marksWhatRunsForItsWorker() {
    store.start("ws1", submit(EDITOR, QUERY).id());

    assertThat(previews.cancel(EDITOR, "prv_1").status()).isEqualTo(Preview.Status.RUNNING);
    assertThat(store.isCanceled("ws1", "prv_1")).isTrue();
  }

  @Test
  void leavesWhatIsOverAsItIs() {
    Preview queued = submit(EDITOR, QUERY);
    Preview completed =
        queued.completed(new Preview.Result(List.of(), 0, false, 0, List.of(), Set.of(), null), 5);
    store.finish("ws1", completed, List.of());

    assertThat(previews.cancel(EDITOR, "prv_1")).isEqualTo(completed);
    assertThat(store.audits).extracting(Audit::action).containsExactly("preview.submitted");
  }

  @Test
  void cancelsForEditorsOfItsWorkspaceOnly() {
    submit(EDITOR, QUERY);

    assertThat(problemOf(() -> previews.cancel(VIEWER, "prv_1")))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(problemOf(() -> previews.cancel(STRANGER, "prv_1")))
        .isEqualTo(new Problem.NotFound("preview"));
    assertThat(previews.get(EDITOR, "prv_1").status()).isEqualTo(Preview.Status.QUEUED);
  }

  @Test
  void givesRowsOfACompletedPreviewAndNoneBehindItsEnd() {
    Preview queued = submit(EDITOR, QUERY);
    Preview.Result result = new Preview.Result(List.of(), 3, false, 0, List.of(), Set.of(), null);
    store.finish("ws1", queued.completed(result, 5), List.of("[1]", "[2]", "[3]"));
    Preview completed = previews.get(EDITOR, "prv_1");

    assertThat(previews.rows(EDITOR, completed, 0, 2)).containsExactly("[1]", "[2]");
    assertThat(previews.rows(EDITOR, completed, 2, 2)).containsExactly("[3]");
    assertThat(previews.rows(EDITOR, completed, 3, 2)).isEmpty();
    assertThat(previews.rows(EDITOR, queued, 0, 2)).isEmpty();
  }

  @Test
  void failsAtOnceWhenNoWorkerCanBeReached() {
    queue = job -> fail("no worker");

    Preview failed = submit(EDITOR, QUERY);

    assertThat(failed.status()).isEqualTo(Preview.Status.FAILED);
    assertThat(failed.failure()).extracting(Preview.Failure::code).isEqualTo("not_started");
    assertThat(failed).isEqualTo(previews.get(VIEWER, "prv_1"));
    assertThat(faults.lines).containsExactly("req-1 prv_1 no worker");
  }

  @Test
  void tellsOfAWorkerThatBeganAllTheSame() {
    queue =
        job -> {
          store.start(job.workspace(), job.id());
          fail("the answer was lost");
        };

    assertThat(submit(EDITOR, QUERY).status()).isEqualTo(Preview.Status.RUNNING);
    assertThat(faults.lines).containsExactly("req-1 prv_1 the answer was lost");
  }

  /** Then nothing but time ends it. */
  @Test
  void leavesWhatCannotEvenBeGivenUpToItsDeadline() {
    queue =
        job -> {
          store.cannotGiveUp = true;
          fail("no worker");
        };

    assertThatThrownBy(() -> submit(EDITOR, QUERY)).hasMessage("told to fail");
    assertThat(faults.lines).containsExactly("req-1 prv_1 no worker");
    assertThat(previews.get(EDITOR, "prv_1").status()).isEqualTo(Preview.Status.QUEUED);
    clock.advance(Duration.ofSeconds(121));
    assertThat(previews.get(EDITOR, "prv_1").failure())
        .extracting(Preview.Failure::code)
        .isEqualTo("worker_lost");
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }
}
