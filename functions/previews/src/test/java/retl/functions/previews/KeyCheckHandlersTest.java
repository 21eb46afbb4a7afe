package retl.functions.previews;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModels;
import retl.aws.DynamoPreviews;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.model.Model;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

/** The model has the columns id, Id, a and a. */
class KeyCheckHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static SubmitKeyCheckHandler submit;
  private static ReadKeyChecksHandler read;

  private final Ids ids = Ids.timeOrdered();
  private DynamoPreviews store;
  private DynamoModels models;
  private String workspace;
  private Caller editor;
  private String credentialId;
  private Model model;

  @BeforeAll
  static void makeFunctions() {
    Wiring wiring = new Wiring(AWS.environment());
    submit = new SubmitKeyCheckHandler(wiring);
    read = new ReadKeyChecksHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspaceWithAModel() {
    TestClock clock = new TestClock();
    Receipts receipts = new Receipts(AWS.table(), clock);
    store = new DynamoPreviews(AWS.table(), receipts);
    models = new DynamoModels(AWS.table(), receipts);
    workspace = AWS.workspace();
    editor = Callers.of(workspace, Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    credentialId = credential.id();
    DynamoCredentials credentials = new DynamoCredentials(AWS.table(), receipts);
    credentials.begin(editor, credential, null);
    credentials.activate(editor, credential, audit("credential.created", credentialId), null);
    List<Column> columns = new ArrayList<>();
    for (String name : List.of("id", "Id", "a", "a")) {
      columns.add(new Column(name, Column.Type.INT, "int4", null));
    }
    model =
        retl.core.model.Samples.verified(
            retl.core.model.Samples.model(ids.next("mdl"), "Orders", credentialId),
            new Model.Verified(ids.next("prv"), TestClock.START.truncatedTo(ChronoUnit.MILLIS), 1),
            columns,
            null);
    models.create(editor, model, audit("model.created", model.id()), null);
  }

  private Audit audit(String action, String id) {
    return Audit.of(editor, ids, TestClock.START, action, id, List.of());
  }

  private Call post(String body) {
    return Call.of("POST /models/{id}/key-checks").as(editor).id(model.id()).body(body);
  }

  private Call post() {
    return post("{\"columns\": [\"id\", \"Id\"]}");
  }

  private Call get(String modelId, String checkId) {
    return Call.of("GET /models/{id}/key-checks/{checkId}")
        .as(Callers.of(workspace, Role.VIEWER))
        .id(modelId)
        .inPath("checkId", checkId);
  }

  private Call get(String checkId) {
    return get(model.id(), checkId);
  }

  /** What the worker does. */
  private void finish(String id, List<String> rows, List<Long> copies) {
    Preview check = store.find(workspace, id).orElseThrow();
    store.start(workspace, id);
    store.finish(
        workspace,
        check.completed(
            new Preview.Result(
                List.of(),
                rows.size(),
                false,
                0,
                List.of(),
                Set.of(Guard.STATEMENT_GATE),
                new Preview.KeyCounts(5_000_000_000L, 7, 2, copies)),
            5),
        rows);
  }

  @Test
  void submitsAJobAndAnswersAtOnce() {
    Call.Answer answer = post().to(submit);

    assertThat(answer.status()).isEqualTo(202);
    String id = answer.text("id");
    assertThat(id).startsWith("kch_");
    assertThat(answer.headers())
        .containsEntry("Location", "/models/" + model.id() + "/key-checks/" + id)
        .containsEntry("Retry-After", "1")
        .containsKey("ETag");
    assertThat(answer.json())
        .containsEntry("modelId", model.id())
        .containsEntry("revision", 1L)
        .containsEntry("columns", List.of("id", "Id"))
        .containsEntry("status", "queued")
        .containsOnlyKeys("id", "modelId", "revision", "columns", "status", "expiresAt");
    assertThat(AWS.jobs(workspace))
        .containsExactly("run-preview {\"workspace\":\"" + workspace + "\",\"id\":\"" + id + "\"}");
    assertThat(get(id).to(read).body()).isEqualTo(answer.body());
    assertThat(AWS.keys(workspace)).anyMatch(key -> key.startsWith("AUDIT-OF#" + id));
  }

  @Test
  void givesWhatWasCounted() {
    String id = post().to(submit).text("id");
    finish(id, List.of("[1,{\"a\": 1e400}]", "[2,null]"), List.of(4L, 2L));

    Call.Answer answer = get(id).to(read);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isNotEmpty();
    assertThat(answer.body())
        .contains(
            "\"rowCount\":5000000000,\"distinctKeys\":7,\"nullKeys\":2,\"duplicates\":["
                + "{\"values\":[1,{\"a\": 1e400}],\"count\":4},"
                + "{\"values\":[2,null],\"count\":2}],"
                + "\"truncatedCells\":0,\"notices\":[],\"guards\":[\"statementGate\"]");
  }

  @Test
  void givesAnEmptyListWhenNoKeyStandsInSeveralRows() {
    String id = post().to(submit).text("id");
    finish(id, List.of(), List.of());

    assertThat(get(id).to(read).json()).containsEntry("duplicates", List.of());
  }

  @Test
  void keepsAnswersBelowWhatLambdaCanGive() {
    String id = post().to(submit).text("id");
    finish(
        id,
        Collections.nCopies(10, "[\"" + "\\\"".repeat(300_000) + "\"]"),
        Collections.nCopies(10, 2L));

    Call.Answer answer = get(id).to(read);

    assertThat(answer.status()).isEqualTo(200);
    assertThat((List<?>) answer.json().get("duplicates")).hasSize(4);
  }

  @Test
  void tellsWhyItFailed() {
    String id = post().to(submit).text("id");
    Preview check = store.find(workspace, id).orElseThrow();
    store.finish(
        workspace,
        check.failed(new Preview.Failure("key_not_comparable", "No equality.", null), 5L),
        List.of());

    assertThat(get(id).to(read).json())
        .containsEntry("status", "failed")
        .containsEntry("error", Map.of("code", "key_not_comparable", "message", "No equality."))
        .doesNotContainKeys("rowCount", "duplicates");
  }

  @Test
  void repeatsTheAnswerSubmitsOnceAndTellsARepeatThatWaitsHowItEnded() {
    Call call = post().header("idempotency-key", "k1");
    Call.Answer first = call.to(submit);
    Call.Answer second = call.to(submit);
    finish(first.text("id"), List.of(), List.of());
    Call.Answer third = call.header("prefer", "wait=20").to(submit);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(AWS.jobs(workspace)).hasSize(1);
    assertThat(third.status()).isEqualTo(200);
    assertThat(third.json()).containsEntry("status", "completed");
    assertThat(get(first.text("id")).header("prefer", "wait=20").to(read).status()).isEqualTo(200);
  }

  @Test
  void aCheckThatNoWorkerTakesHasFailedAtOnceAndGivesItsPlaceBack() {
    Map<String, String> one = new HashMap<>(AWS.environment());
    one.put("PREVIEWS_PER_WORKSPACE", "1");
    Map<String, String> unreachable = new HashMap<>(one);
    // Nobody listens there.
    unreachable.put("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1");
    SubmitKeyCheckHandler withoutWorker = new SubmitKeyCheckHandler(new Wiring(unreachable));

    Call.Answer failed = post().header("idempotency-key", "k").to(withoutWorker);
    Call.Answer again = post().header("idempotency-key", "k").to(withoutWorker);
    Call.Answer next = post().to(new SubmitKeyCheckHandler(new Wiring(one)));

    assertThat(failed.status()).isEqualTo(200);
    assertThat(failed.text("status")).isEqualTo("failed");
    assertThat(failed.body()).contains("\"code\":\"not_started\"");
    assertThat(again.text("id")).isEqualTo(failed.text("id"));
    assertThat(get(failed.text("id")).to(read).text("status")).isEqualTo("failed");
    assertThat(next.status()).isEqualTo(202);
  }

  @Test
  void answersAsItStandsWhenTheWaitIsOver() {
    Call.Answer answer = post().header("prefer", "wait=1").to(submit);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json()).containsEntry("status", "queued");
  }

  @Test
  void countsAsOneOfThePreviewsOfAWorkspace() {
    Map<String, String> one = new HashMap<>(AWS.environment());
    one.put("PREVIEWS_PER_WORKSPACE", "1");
    SubmitKeyCheckHandler limited = new SubmitKeyCheckHandler(new Wiring(one));
    String id = post().to(limited).text("id");

    Call.Answer refused = post().to(limited);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text("code")).isEqualTo("too_many_previews");
    assertThat(refused.header("Retry-After")).isEqualTo("2");

    finish(id, List.of(), List.of());
    assertThat(post().to(limited).status()).isEqualTo(202);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                              | columns missing",
        "{\"columns\": []}               | columns invalid",
        "{\"columns\": [\"id\", \"id\"]} | columns invalid",
        "{\"columns\": [\"ID\"]}         | columns[0] invalid",
        "{\"columns\": [\"id\", \"a\"]}  | columns[1] invalid",
        "{\"columns\": [\"id\", null]}   | columns[1] wrong_type",
        "{\"column\": \"id\"}            | columns missing,column unknown"
      })
  void refusesColumnsBeforeAnythingIsKeptOrStarted(String body, String errors) {
    Call.Answer answer = post(body).to(submit);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.badFields()).containsExactly(errors.split(","));
    assertThat(AWS.jobs(workspace)).isEmpty();
    assertThat(AWS.keys(workspace)).noneMatch(key -> key.startsWith("PREVIEW#"));
  }

  @Test
  void refusesAModelThatIsNotVerified() {
    Model raw = retl.core.model.Samples.model(ids.next("mdl"), "Raw", credentialId);
    models.create(editor, raw, audit("model.created", raw.id()), null);

    assertThat(post().id(raw.id()).to(submit).badFields()).containsExactly("columns not_verified");
  }

  @Test
  void isForEditorsOfItsWorkspaceOnly() {
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    assertThat(post("{").as(Callers.of(workspace, Role.VIEWER)).to(submit).status()).isEqualTo(403);
    assertThat(post().as(stranger).to(submit).status()).isEqualTo(404);
    assertThat(post().id(ids.next("mdl")).to(submit).status()).isEqualTo(404);
  }

  @Test
  void isAsUnknownElsewhereAsAMissingOne() {
    String id = post().to(submit).text("id");
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    for (Call call :
        List.of(
            get(id).as(stranger),
            get(ids.next("mdl"), id),
            get(ids.next("kch")),
            get(id.replace("kch", "prv")),
            get(id + "#ROWS"),
            get("x".repeat(3000)))) {
      assertThat(call.to(read).status()).isEqualTo(404);
    }
    Call asPreview = Call.of("GET /previews/{id}").as(editor).id(id);
    assertThat(asPreview.to(new ReadPreviewsHandler(new Wiring(AWS.environment()))).status())
        .isEqualTo(404);
    assertThat(get(id).to(read).status()).isEqualTo(200);
  }
}
