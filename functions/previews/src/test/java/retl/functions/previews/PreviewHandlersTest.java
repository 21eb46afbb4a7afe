package retl.functions.previews;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoPreviews;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

class PreviewHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static SubmitPreviewHandler submit;
  private static ReadPreviewsHandler read;
  private static CancelPreviewHandler cancel;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private DynamoPreviews store;
  private Caller editor;
  private String workspace;
  private String credentialId;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    submit = new SubmitPreviewHandler(wiring);
    read = new ReadPreviewsHandler(wiring);
    cancel = new CancelPreviewHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    Receipts receipts = new Receipts(AWS.table(), clock);
    store = new DynamoPreviews(AWS.table(), receipts);
    workspace = AWS.workspace();
    editor = Callers.of(workspace, Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    credentialId = credential.id();
    DynamoCredentials credentials = new DynamoCredentials(AWS.table(), receipts);
    credentials.begin(editor, credential, null);
    credentials.activate(
        editor,
        credential,
        Audit.of(editor, ids, clock.instant(), "credential.created", credentialId, List.of()),
        null);
  }

  private Call post(String sql) {
    return Call.of("POST /previews")
        .as(editor)
        .body("{\"credentialId\":\"" + credentialId + "\",\"sql\":\"" + sql + "\"}");
  }

  private Call get(String id) {
    return Call.of("GET /previews/{id}").as(Callers.of(workspace, Role.VIEWER)).id(id);
  }

  /** What the worker does. */
  private void finish(String id, List<String> rows) {
    Preview preview = store.find(workspace, id).orElseThrow();
    List<Column> columns = List.of(new Column("a", Column.Type.INT, "int4", null));
    store.start(workspace, preview.id());
    store.finish(
        workspace,
        preview.completed(
            new Preview.Result(columns, rows.size(), true, 0, List.of(), Set.of(), null), 5),
        rows);
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "[" + i + "]").toList();
  }

  private static List<?> rows(Call.Answer answer) {
    return (List<?>) answer.json().getOrDefault("rows", List.of());
  }

  /** The place of a preview that nobody runs would be taken for two minutes. */
  @Test
  void aPreviewThatNoWorkerTakesHasFailedAndGivesItsPlaceBack() {
    Map<String, String> one = new HashMap<>(AWS.environment());
    one.put("PREVIEWS_PER_WORKSPACE", "1");
    Map<String, String> unreachable = new HashMap<>(one);
    // Nobody listens there.
    unreachable.put("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1");
    SubmitPreviewHandler withoutWorker = new SubmitPreviewHandler(new Wiring(unreachable));
    SubmitPreviewHandler withWorker = new SubmitPreviewHandler(new Wiring(one));

    Call.Answer failed = post("select 1").header("idempotency-key", "k").to(withoutWorker);
    Call.Answer again = post("select 1").header("idempotency-key", "k").to(withoutWorker);
    Call.Answer next = post("select 1").to(withWorker);
    Call.Answer beyond = post("select 1").to(withWorker);

    assertThat(failed.status()).isEqualTo(200);
    assertThat(failed.text("status")).isEqualTo("failed");
    assertThat(failed.body()).contains("\"code\":\"not_started\"");
    assertThat(again.text("id")).isEqualTo(failed.text("id"));
    assertThat(get(failed.text("id")).to(read).text("status")).isEqualTo("failed");
    assertThat(next.status()).isEqualTo(202);
    assertThat(beyond.status()).isEqualTo(429);
  }

  @Test
  void submitsAJobAndAnswersAtOnce() {
    Call.Answer answer = post("select 1").to(submit);

    assertThat(answer.status()).isEqualTo(202);
    String id = answer.text("id");
    assertThat(answer.headers())
        .containsEntry("Location", "/previews/" + id)
        .containsEntry("Retry-After", "1")
        .containsKey("ETag");
    assertThat(answer.json())
        .containsEntry("status", "queued")
        .containsEntry("limited", false)
        .containsKey("expiresAt")
        .doesNotContainKeys("rows", "columns", "sql");
    assertThat(AWS.jobs(workspace))
        .containsExactly("run-preview {\"workspace\":\"" + workspace + "\",\"id\":\"" + id + "\"}");
    assertThat(get(id).to(read).body()).isEqualTo(answer.body());
  }

  @Test
  void givesThePagesOfACompletedPreview() {
    String id = post("select 1").to(submit).text("id");
    finish(id, numbered(25));

    Call.Answer first = get(id).to(read);
    Call.Answer third = get(id).query("page", "3").to(read);
    Call.Answer large = get(id).query("page", "2").query("pageSize", "20").to(read);
    Call.Answer behind = get(id).query("page", "1000000").query("pageSize", "100").to(read);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json())
        .containsEntry("status", "completed")
        .containsEntry("rowCount", 25L)
        .containsEntry("limited", true)
        .containsEntry("page", 1L)
        .containsEntry("pageSize", 10L);
    assertThat(rows(first)).hasSize(10).first().isEqualTo(List.of(0L));
    assertThat(rows(third)).hasSize(5).first().isEqualTo(List.of(20L));
    assertThat(rows(large)).hasSize(5).first().isEqualTo(List.of(20L));
    assertThat(behind.status()).isEqualTo(200);
    assertThat(rows(behind)).isEmpty();
    assertThat(first.header("ETag")).isNotEqualTo(third.header("ETag"));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({"page, 0", "page, -1", "page, 1000001", "page, x", "pageSize, 0", "pageSize, 101"})
  void refusesPagesThatCannotBe(String name, String value) {
    String id = post("select 1").to(submit).text("id");

    Call.Answer answer = get(id).query(name, value).to(read);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("invalid_parameter");
    assertThat(answer.text("detail")).startsWith(name + ": ");
  }

  @Test
  void refusesABadPageBeforeItWaits() {
    String id = post("select 1").to(submit).text("id");

    assertThat(get(id).query("page", "0").header("prefer", "wait=20").to(read).status())
        .isEqualTo(400);
  }

  @Test
  void keepsAnswersBelowWhatLambdaCanGive() {
    String row = "[\"" + "\\\"".repeat(300_000) + "\"]";
    Call call = post("select 1").header("idempotency-key", "k1");
    String id = call.to(submit).text("id");
    finish(id, Collections.nCopies(10, row));

    Call.Answer tooLarge = get(id).to(read);
    Call.Answer one = get(id).query("pageSize", "1").query("page", "10").to(read);
    Call.Answer submitted = call.header("prefer", "wait=20").to(submit);

    assertThat(tooLarge.status()).isEqualTo(400);
    assertThat(tooLarge.text("detail")).startsWith("pageSize: ");
    assertThat(rows(one)).hasSize(1);
    assertThat(submitted.json()).containsEntry("page", 1L).containsEntry("pageSize", 4L);
    assertThat(rows(submitted)).hasSize(4);
  }

  @Test
  void waitsForTheEndWhenThatIsPreferred() {
    // Not a virtual thread: one that spins would take the stand-ins' carrier.
    Thread worker =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (AWS.jobs(workspace).isEmpty()) {
                    Thread.onSpinWait();
                  }
                  String job = AWS.jobs(workspace).getFirst();
                  finish(job.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1"), numbered(3));
                });

    Call.Answer answer = post("select 1").header("prefer", "wait=20").to(submit);

    assertThat(worker).isNotNull();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).containsEntry("status", "completed");
    assertThat(rows(answer)).hasSize(3);
    assertThat(answer.headers())
        .containsEntry("Location", "/previews/" + answer.text("id"))
        .doesNotContainKey("Retry-After");
    assertThat(get(answer.text("id")).header("prefer", "wait=20").to(read).status()).isEqualTo(200);
  }

  @Test
  void answersAsItStandsWhenTheWaitIsOver() {
    Call.Answer answer = post("select 1").header("prefer", "wait=1").to(submit);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json()).containsEntry("status", "queued");
  }

  @Test
  void repeatsTheAnswerAndSubmitsOnce() {
    Call call = post("select 1").header("idempotency-key", "k1");
    Call.Answer first = call.to(submit);
    Call.Answer second = call.to(submit);

    assertThat(second.status()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(AWS.jobs(workspace)).hasSize(1);
  }

  @Test
  void aRepeatThatWaitsIsToldHowItEnded() {
    Call call = post("select 1").header("idempotency-key", "k1");
    Call.Answer first = call.to(submit);
    finish(first.text("id"), numbered(2));

    Call.Answer second = call.header("prefer", "wait=20").to(submit);

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(rows(second)).hasSize(2);
  }

  @Test
  void aRepeatThatWaitsForAPreviewThatIsGoneIsAnsweredAsTheFirst() {
    Call call = post("select 1").header("idempotency-key", "k1");
    Call.Answer first = call.to(submit);
    AWS.forget(workspace, "PREVIEW#");

    Call.Answer second = call.header("prefer", "wait=20").to(submit);

    assertThat(second.status()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body());
  }

  private Call delete(String id) {
    return Call.of("DELETE /previews/{id}").as(editor).id(id);
  }

  @Test
  void cancelsAtOnceWhatNobodyHasBegun() {
    String id = post("select 1").to(submit).text("id");

    Call.Answer answer = delete(id).to(cancel);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json()).containsEntry("status", "canceled").doesNotContainKey("error");
    assertThat(answer.headers()).containsEntry("Location", "/previews/" + id);
    assertThat(get(id).to(read).json()).containsEntry("status", "canceled");
    assertThat(delete(id).to(cancel).json()).containsEntry("status", "canceled");
  }

  @Test
  void marksWhatRunsAndLeavesWhatIsOver() {
    String id = post("select 1").to(submit).text("id");
    store.start(workspace, id);

    assertThat(delete(id).to(cancel).json()).containsEntry("status", "running");
    assertThat(store.isCanceled(workspace, id)).isTrue();

    String over = post("select 1").to(submit).text("id");
    finish(over, numbered(3));
    assertThat(delete(over).to(cancel).json()).containsEntry("status", "completed");
    assertThat(rows(get(over).to(read))).hasSize(3);
  }

  @Test
  void cancelsForEditorsOfItsWorkspaceOnly() {
    String id = post("select 1").to(submit).text("id");

    assertThat(delete(id).as(Callers.of(workspace, Role.VIEWER)).to(cancel).status())
        .isEqualTo(403);
    assertThat(delete(id).as(Callers.of(AWS.workspace(), Role.ADMIN)).to(cancel).status())
        .isEqualTo(404);
    assertThat(get(id).to(read).json()).containsEntry("status", "queued");
  }

  @Test
  void oneMoreThanMayRunIsToldToWaitUntilAnotherHasEnded() {
    Map<String, String> one = new HashMap<>(AWS.environment());
    one.put("PREVIEWS_PER_WORKSPACE", "1");
    SubmitPreviewHandler limited = new SubmitPreviewHandler(new Wiring(one));
    Call call = post("select 1").header("idempotency-key", "k1");
    String id = call.to(limited).text("id");

    Call.Answer refused = post("select 2").to(limited);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text("code")).isEqualTo("too_many_previews");
    assertThat(refused.header("Retry-After")).isEqualTo("2");
    assertThat(AWS.jobs(workspace)).hasSize(1);
    assertThat(call.to(limited).text("id")).isEqualTo(id);

    finish(id, numbered(1));
    assertThat(post("select 2").to(limited).status()).isEqualTo(202);
  }

  @Test
  void refusesBeforeAnythingIsKeptOrStarted() {
    Call.Answer unsafe = post("delete from t").to(submit);
    Call.Answer empty = post(" -- nothing").to(submit);
    Call.Answer unknown =
        Call.of("POST /previews")
            .as(editor)
            .body("{\"credentialId\":\"crd_1\",\"sql\":\"select 1\"}")
            .to(submit);
    Call.Answer unknownModel =
        Call.of("POST /previews").as(editor).body("{\"modelId\":\"mdl_1#REV#1\"}").to(submit);
    Call.Answer viewer = post("select 1").as(Callers.of(workspace, Role.VIEWER)).to(submit);

    assertThat(unsafe.status()).isEqualTo(422);
    assertThat(unsafe.text("code")).isEqualTo("unsafe_query");
    assertThat(empty.text("code")).isEqualTo("invalid_query");
    assertThat(unknown.badFields()).containsExactly("credentialId not_found");
    assertThat(unknownModel.badFields()).containsExactly("modelId not_found");
    assertThat(viewer.status()).isEqualTo(403);
    assertThat(AWS.jobs(workspace)).isEmpty();
    assertThat(AWS.keys(workspace)).noneMatch(key -> key.startsWith("PREVIEW#"));
  }

  @ParameterizedTest(name = "limit {0}: {1}")
  @CsvSource({
    "0, limit invalid",
    "1001, limit invalid",
    "1.5, limit wrong_type",
    "\"5\", limit wrong_type",
    "1e99, limit wrong_type",
  })
  void refusesLimits(String limit, String error) {
    Call.Answer answer =
        Call.of("POST /previews")
            .as(editor)
            .body(
                "{\"credentialId\":\""
                    + credentialId
                    + "\",\"sql\":\"select 1\",\"limit\":"
                    + limit
                    + "}")
            .to(submit);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.badFields()).containsExactly(error);
  }

  @Test
  void isAsUnknownElsewhereAsAMissingOne() {
    String id = post("select 1").to(submit).text("id");
    finish(id, numbered(1));
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    for (Call call :
        List.of(
            Call.of("GET /previews/{id}").as(stranger).id(id),
            get(ids.next("prv")),
            get(id + "#ROWS"),
            get("x".repeat(3000)))) {
      assertThat(call.to(read).status()).isEqualTo(404);
    }
    assertThat(get(id).to(read).status()).isEqualTo(200);
  }

  @Test
  void anAnswerHasNothingOfTheQueryOrTheTable() {
    Call.Answer answer = post("select 'only me'").to(submit);

    assertThat(answer.body()).doesNotContain("only me", "retl-test");
    assertThat(answer.log()).allMatch(line -> !line.contains("only me"));
    assertThat(Map.copyOf(answer.headers()).toString()).doesNotContain("only me");
  }
}
