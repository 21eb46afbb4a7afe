package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.NotedFaults;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.job.Job;
import retl.core.preview.Preview;
import retl.core.preview.Previews;
import retl.core.query.PickyGate;

/** The models of the bench have the columns id, a and a. */
class KeyChecksTest {
  private final Bench bench = new Bench();
  private final List<Job> jobs = new ArrayList<>();
  private int number;
  private final Previews previews =
      new Previews(
          bench.previews,
          bench.credentials,
          (workspace, modelId) -> Optional.empty(),
          new PickyGate(),
          this::take,
          new NotedFaults(),
          type -> type + "_" + ++number,
          bench.clock);
  private boolean isOutOfReach;
  private final KeyChecks checks = new KeyChecks(bench.store, previews);

  private void take(Job job) {
    if (isOutOfReach) {
      throw new IllegalStateException("no worker");
    }
    jobs.add(job);
  }

  private Preview submit(Caller caller, String modelId, String... columns) {
    return checks.submit(caller, modelId, new NewKeyCheck(List.of(columns)), Receipt.Writer.none());
  }

  @Test
  void runsTheQueryOfTheModelAsAJob() {
    Preview check = submit(EDITOR, "mdl_1", "id");

    assertThat(check)
        .extracting(
            Preview::id,
            Preview::status,
            Preview::credentialId,
            Preview::targetVersion,
            Preview::sql)
        .containsExactly("kch_1", Preview.Status.QUEUED, "crd_1", 1, Bench.SQL);
    assertThat(check.wanted()).isEqualTo(new Preview.Wanted.Key("mdl_1", 4, List.of("id")));
    assertThat(jobs).containsExactly(new Job("ws1", check.id()));
    assertThat(bench.previews.audits)
        .singleElement()
        .extracting(Audit::action, Audit::resource, Audit::fields)
        .containsExactly("key_check.submitted", check.id(), List.of("columns"));
    assertThat(checks.get(VIEWER, "mdl_1", check.id())).isEqualTo(check);
  }

  @Test
  void hasFailedWhenItCannotBeHandedToAWorker() {
    isOutOfReach = true;

    Preview check = submit(EDITOR, "mdl_1", "id");

    assertThat(check.failure()).extracting(Preview.Failure::code).isEqualTo("not_started");
    assertThat(checks.get(EDITOR, "mdl_1", check.id())).isEqualTo(check);
  }

  static final List<Arguments> COLUMNS =
      List.of(
          Arguments.of(List.of("ID"), List.of("columns[0] invalid")),
          Arguments.of(List.of("id", "a"), List.of("columns[1] invalid")),
          Arguments.of(
              List.of("nothing", "id", ""), List.of("columns[0] invalid", "columns[2] invalid")));

  @ParameterizedTest(name = "{0}")
  @FieldSource("COLUMNS")
  void refusesColumnsThatTheQueryDoesNotHaveExactlyOnce(List<String> columns, List<String> errors) {
    assertThat(badFields(() -> submit(EDITOR, "mdl_1", columns.toArray(String[]::new))))
        .isEqualTo(errors);
    assertThat(jobs).isEmpty();
  }

  /** Its columns may be those of an earlier query. */
  @Test
  void refusesAModelThatIsNotVerified() {
    assertThat(badFields(() -> submit(EDITOR, "mdl_raw", "id")))
        .containsExactly("columns not_verified");
  }

  @Test
  void refusesBeforeAnythingIsKeptOrStarted() {
    assertThat(problemOf(() -> submit(VIEWER, "mdl_1", "id")))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(problemOf(() -> submit(STRANGER, "mdl_1", "id")))
        .isEqualTo(new Problem.NotFound("model"));
    assertThat(bench.previews.kept).isEmpty();
    assertThat(jobs).isEmpty();
  }

  @Test
  void isFoundBelowItsModelOnlyInItsWorkspaceAndUntilItExpires() {
    String id = submit(EDITOR, "mdl_1", "id").id();
    Problem notFound = new Problem.NotFound("key check");

    assertThat(problemOf(() -> checks.get(EDITOR, "mdl_2", id))).isEqualTo(notFound);
    assertThat(problemOf(() -> checks.get(STRANGER, "mdl_1", id))).isEqualTo(notFound);
    assertThat(problemOf(() -> checks.get(EDITOR, "mdl_1", "kch_none"))).isEqualTo(notFound);
    bench.clock.advance(Duration.ofMinutes(14));
    assertThat(checks.get(EDITOR, "mdl_1", id).failure())
        .extracting(Preview.Failure::code)
        .isEqualTo("worker_lost");
    bench.clock.advance(Duration.ofMinutes(1));
    assertThat(problemOf(() -> checks.get(EDITOR, "mdl_1", id))).isEqualTo(notFound);
  }

  @Test
  void previewsAndChecksAreNotTakenForEachOther() {
    String check = submit(EDITOR, "mdl_1", "id").id();
    bench.run("prv_9", "crd_1", Bench.SQL, Bench.COLUMNS);

    assertThat(problemOf(() -> previews.get(EDITOR, check)))
        .isEqualTo(new Problem.NotFound("preview"));
    assertThat(problemOf(() -> checks.get(EDITOR, "mdl_1", "prv_9")))
        .isEqualTo(new Problem.NotFound("key check"));
  }

  /** It knows the columns of the key alone. */
  @Test
  void verifiesNothing() {
    Preview check = submit(EDITOR, "mdl_1", "id");
    finish(check);

    assertThat(
            badFields(
                () ->
                    bench.update(
                        EDITOR, "mdl_1", IfMatch.NONE, Bench.body("previewId", check.id()))))
        .containsExactly("previewId not_found");
  }

  private void finish(Preview check) {
    bench.previews.finish(
        "ws1",
        check.completed(
            new Preview.Result(
                List.of(Bench.COLUMNS.getFirst()),
                1,
                false,
                0,
                List.of(),
                Set.of(),
                new Preview.KeyCounts(9, 7, 1, List.of(2L))),
            5),
        List.of("[1]"));
  }

  @Test
  void givesTheKeysThatStandInSeveralRows() {
    Preview queued = submit(EDITOR, "mdl_1", "id");
    assertThat(checks.duplicates(EDITOR, queued)).isEmpty();
    finish(queued);

    assertThat(checks.duplicates(EDITOR, checks.get(EDITOR, "mdl_1", queued.id())))
        .containsExactly("[1]");
  }

  @Test
  void leavesAReceipt() {
    checks.submit(EDITOR, "mdl_1", new NewKeyCheck(List.of("id")), Receipts.writer(Preview::id));

    assertThat(bench.previews.receipts).hasSize(1);
    bench.previews.knowsKey = true;
    assertThat(problemOf(() -> submit(EDITOR, "mdl_1", "id")))
        .isEqualTo(new Problem.RequestInProgress());
    assertThat(jobs).hasSize(1);
  }

  static final List<Arguments> BODIES =
      List.of(
          Arguments.of(Map.of(), List.of("columns missing")),
          Arguments.of(Map.of("columns", "id"), List.of("columns wrong_type")),
          Arguments.of(Map.of("columns", List.of()), List.of("columns invalid")),
          Arguments.of(Map.of("columns", List.of("id", "id")), List.of("columns invalid")),
          Arguments.of(Map.of("columns", List.of("id", 5L)), List.of("columns[1] wrong_type")),
          Arguments.of(
              Map.of("columns", Collections.nCopies(65, "a")), List.of("columns too_long")),
          Arguments.of(
              Map.of("columns", List.of("a".repeat(1025))), List.of("columns[0] too_long")),
          Arguments.of(Map.of("columns", List.of("id"), "limit", 5L), List.of("limit unknown")));

  @ParameterizedTest(name = "{1}")
  @FieldSource("BODIES")
  void refusesBodies(Map<String, Object> body, List<String> errors) {
    assertThat(badFields(() -> NewKeyCheck.read(Fields.of(body)))).isEqualTo(errors);
  }

  @Test
  void readsColumnsAsTheyAreSpelled() {
    Map<String, Object> body = Map.of("columns", List.of("Id \"x\"", " "));

    assertThat(NewKeyCheck.read(Fields.of(body)).columns()).containsExactly("Id \"x\"", " ");
  }
}
