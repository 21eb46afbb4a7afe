package retl.functions.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModels;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.model.Model;

class SourceHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Ids IDS = Ids.timeOrdered();
  private static final Clock CLOCK = Clock.systemUTC();

  private static CreateSourceHandler create;
  private static ReadSourcesHandler read;
  private static UpdateSourceHandler update;
  private static DeleteSourceHandler delete;

  private final Receipts receipts = new Receipts(AWS.table(), CLOCK);
  private Caller editor;
  private Caller viewer;
  private Caller stranger;
  private String credentialId;
  private String modelId;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateSourceHandler(wiring);
    read = new ReadSourcesHandler(wiring);
    update = new UpdateSourceHandler(wiring);
    delete = new DeleteSourceHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspaceWithAModel() {
    editor = Callers.of(AWS.workspace(), Role.EDITOR);
    viewer = Callers.of(editor.workspace(), Role.VIEWER);
    stranger = Callers.of(AWS.workspace(), Role.ADMIN);
    Credential credential = Samples.credential(IDS.next("crd"), "Shop");
    DynamoCredentials credentials = new DynamoCredentials(AWS.table(), receipts);
    credentials.begin(editor, credential, null);
    credentials.activate(editor, credential, audit(credential.id()), null);
    credentialId = credential.id();
    modelId = model("Orders");
  }

  private Audit audit(String id) {
    return Audit.of(editor, IDS, CLOCK.instant(), "thing.made", id, List.of());
  }

  private String model(String name) {
    Model model = retl.core.model.Samples.model(IDS.next("mdl"), name, credentialId);
    new DynamoModels(AWS.table(), receipts).create(editor, model, audit(model.id()), null);
    return model.id();
  }

  private int countOf(String modelId) {
    return new DynamoModels(AWS.table(), receipts)
        .find(editor.workspace(), modelId)
        .orElseThrow()
        .sourceCount();
  }

  private String body(String name) {
    return "{\"name\": \"%s\", \"modelId\": \"%s\"}".formatted(name, modelId);
  }

  private Call.Answer post(String body) {
    return Call.of("POST /sources").as(editor).body(body).to(create);
  }

  private Call patch(String id, String body) {
    return Call.of("PATCH /sources/{id}").as(editor).id(id).body(body);
  }

  private Call of(String method, String id) {
    return Call.of(method + " /sources/{id}").as(editor).id(id);
  }

  private Call list() {
    return Call.of("GET /sources").as(viewer);
  }

  private static List<String> names(Call.Answer answer) {
    return ((List<?>) answer.json().getOrDefault("items", List.of()))
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get("name"))).toList();
  }

  @Test
  void connectsASourceAndReadsItBack() {
    Call.Answer created = post(body("Newsletter"));

    assertThat(created.status()).isEqualTo(201);
    String id = created.text("id");
    assertThat(id).matches("src_[0-9a-z]{26}");
    assertThat(created.headers())
        .containsEntry("Location", "/sources/" + id)
        .containsEntry("ETag", "\"1\"");
    assertThat(created.json())
        .containsEntry("name", "Newsletter")
        .containsEntry("type", "model")
        .containsEntry("modelId", modelId)
        .containsEntry("enabled", true)
        .containsEntry("connectionCount", 0L);
    Call.Answer got = of("GET", id).as(viewer).to(read);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(created.body());
    assertThat(got.header("ETag")).isEqualTo("\"1\"");
    assertThat(countOf(modelId)).isEqualTo(1);
  }

  @Test
  void renamesTurnsOffAndMoves() {
    String other = model("Customers");
    String id = post(body("Newsletter")).text("id");

    Call.Answer renamed =
        patch(id, "{\"name\": \"Weekly\"}").header("if-match", "\"1\"").to(update);
    Call.Answer moved =
        patch(id, "{\"enabled\": false, \"modelId\": \"%s\"}".formatted(other)).to(update);

    assertThat(renamed.status()).isEqualTo(200);
    assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
    assertThat(moved.json())
        .containsEntry("name", "Weekly")
        .containsEntry("modelId", other)
        .containsEntry("enabled", false)
        .containsEntry("version", 3L);
    assertThat(of("GET", id).to(read).body()).isEqualTo(moved.body());
    assertThat(countOf(modelId)).isZero();
    assertThat(countOf(other)).isEqualTo(1);
    assertThat(post(body("Newsletter")).status()).isEqualTo(201);
  }

  @Test
  void refusesAStaleVersionAndWritesNothing() {
    String id = post(body("Newsletter")).text("id");
    patch(id, "{\"enabled\": false}").to(update);
    List<String> before = AWS.keys(editor.workspace());

    Call.Answer late = patch(id, "{\"name\": \"Late\"}").header("if-match", "\"1\"").to(update);
    Call.Answer gone = of("DELETE", id).header("if-match", "\"1\"").to(delete);

    assertThat(late.status()).isEqualTo(412);
    assertThat(late.text("code")).isEqualTo("version_conflict");
    assertThat(gone.status()).isEqualTo(412);
    assertThat(AWS.keys(editor.workspace())).isEqualTo(before);
    assertThat(names(list().to(read))).containsExactly("Newsletter");
  }

  @Test
  void deletesASource() {
    String id = post(body("Newsletter")).text("id");

    Call.Answer deleted = of("DELETE", id).header("if-match", "\"1\"").to(delete);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(of("GET", id).to(read).text("code")).isEqualTo("not_found");
    assertThat(of("DELETE", id).to(delete).status()).isEqualTo(404);
    assertThat(patch(id, "{}").to(update).status()).isEqualTo(404);
    assertThat(countOf(modelId)).isZero();
  }

  @Test
  void takesANameOnceInAnySpelling() {
    post(body("Straße"));
    String other = post(body("Other")).text("id");

    assertThat(post(body("STRASSE")).text("code")).isEqualTo("name_taken");
    assertThat(patch(other, "{\"name\": \"strasse\"}").to(update).text("code"))
        .isEqualTo("name_taken");
    assertThat(countOf(modelId)).isEqualTo(2);
  }

  @Test
  void tellsWhatIsWrongWithABody() {
    Call.Answer bad =
        post("{\"name\": \" \", \"modelId\": 5, \"enabled\": 1, \"colour\": \"red\"}");
    String id = post(body("Newsletter")).text("id");

    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.badFields())
        .containsExactlyInAnyOrder(
            "name invalid", "modelId wrong_type", "enabled wrong_type", "colour unknown");
    for (String unknown : List.of(IDS.next("mdl"), modelId + "#REV#1", "mdl_1", "")) {
      String model = "\"modelId\": \"" + unknown + "\"";
      assertThat(post("{\"name\": \"a\", " + model + "}").badFields())
          .containsExactly("modelId not_found");
      assertThat(patch(id, "{" + model + "}").to(update).badFields())
          .containsExactly("modelId not_found");
    }
    assertThat(patch(id, "[]").to(update).badFields()).containsExactly("wrong_type");
    assertThat(patch(id, "").to(update).text("code")).isEqualTo("malformed_json");
    assertThat(names(list().to(read))).containsExactly("Newsletter");
  }

  @Test
  void takesNoViewerAndNobody() {
    String id = post(body("Newsletter")).text("id");
    Map<Call, RequestStreamHandler> writes =
        Map.of(
            Call.of("POST /sources").body("{"), create,
            Call.of("PATCH /sources/{id}").id(id).body("{"), update,
            Call.of("DELETE /sources/{id}").id(id), delete);

    writes.forEach(
        (call, handler) -> {
          assertThat(call.to(handler).status()).isEqualTo(401);
          assertThat(call.as(viewer).to(handler).status()).isEqualTo(403);
        });
    assertThat(Call.of("GET /sources").to(read).status()).isEqualTo(401);
    assertThat(names(list().to(read))).containsExactly("Newsletter");
  }

  @Test
  void answersARepeatAsTheFirstAndRefusesAnotherBody() {
    Call call = Call.of("POST /sources").as(editor).header("idempotency-key", "k1");
    Call.Answer first = call.body(body("a")).to(create);
    Call.Answer second = call.to(create);
    Call.Answer other = call.body(body("b")).to(create);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers())
        .containsEntry("Idempotency-Replayed", "true")
        .containsAllEntriesOf(first.headers());
    assertThat(other.text("code")).isEqualTo("idempotency_mismatch");
    assertThat(countOf(modelId)).isEqualTo(1);
  }

  @Test
  void losesNoneOfManyChangesAtTheSameTime() throws Exception {
    List<String> sources = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sources.add(post(body("s" + i)).text("id"));
    }
    List<Callable<Call.Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String id = sources.get(i);
      String name = "renamed" + i;
      calls.add(() -> patch(id, "{\"name\": \"" + name + "\"}").to(update));
      calls.add(() -> patch(id, "{\"enabled\": false}").to(update));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      for (Future<Call.Answer> answer : threads.invokeAll(calls)) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
    }

    assertThat(names(list().query("enabled", "false").to(read)))
        .containsExactly("renamed0", "renamed1", "renamed2", "renamed3", "renamed4", "renamed5");
  }

  @Test
  void listsInPagesAndFilters() {
    String other = model("Customers");
    for (String name : List.of("c", "a", "b")) {
      post(body(name));
    }
    post(body("Alpha").replace(modelId, other));
    patch(post(body("off")).text("id"), "{\"enabled\": false}").to(update);

    Call.Answer first = list().query("limit", "3").to(read);
    Call.Answer second =
        list().query("limit", "3").query("cursor", first.text("nextCursor")).to(read);

    assertThat(names(first)).containsExactly("a", "Alpha", "b");
    assertThat(names(second)).containsExactly("c", "off");
    assertThat(second.json()).doesNotContainKey("nextCursor");
    assertThat(names(list().query("search", "A").to(read))).containsExactly("a", "Alpha");
    assertThat(names(list().query("modelId", other).to(read))).containsExactly("Alpha");
    assertThat(names(list().query("modelId", "none").to(read))).isEmpty();
    assertThat(names(list().query("enabled", "true").query("modelId", modelId).to(read)))
        .containsExactly("a", "b", "c");
    String cursor = first.text("nextCursor");
    assertThat(list().query("cursor", cursor).query("enabled", "true").to(read).text("code"))
        .isEqualTo("invalid_cursor");
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "limit, 0, invalid_parameter",
    "enabled, yes, invalid_parameter",
    "enabled, '', invalid_parameter",
    "cursor, garbage, invalid_cursor",
  })
  void refusesBadParameters(String name, String value, String code) {
    Call.Answer answer = list().query(name, value).to(read);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"src_0123456789abcdefghijklmnop", "src_1", "", "mdl_0123456789abcdefghijklmnop"})
  void knowsNothingUnderOtherIds(String id) {
    assertThat(of("GET", id).to(read).text("code")).isEqualTo("not_found");
    assertThat(of("DELETE", id).to(delete).text("code")).isEqualTo("not_found");
    assertThat(patch(id, "{}").to(update).text("code")).isEqualTo("not_found");
  }

  @Test
  void isAsUnknownInAnotherWorkspaceAsAMissingOne() {
    String id = post(body("Newsletter")).text("id");
    Call call = Call.of("GET /sources/{id}").as(stranger);

    Call.Answer foreign = call.id(id).to(read);
    Call.Answer missing = Call.of("GET /sources/{id}").as(stranger).id(IDS.next("src")).to(read);

    assertThat(foreign.body().replaceAll("src_[0-9a-z]+", "X"))
        .isEqualTo(missing.body().replaceAll("src_[0-9a-z]+", "X"));
    assertThat(of("DELETE", id).as(stranger).to(delete).status()).isEqualTo(404);
    assertThat(patch(id, "{\"name\": \"x\"}").as(stranger).to(update).status()).isEqualTo(404);
    assertThat(Call.of("POST /sources").as(stranger).body(body("Mine")).to(create).badFields())
        .containsExactly("modelId not_found");
    assertThat(names(Call.of("GET /sources").as(stranger).query("modelId", modelId).to(read)))
        .isEmpty();
    assertThat(names(list().to(read))).containsExactly("Newsletter");
  }
}
