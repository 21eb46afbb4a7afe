package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

class ModelHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String SQL = "select id, name from customers";

  private static CreateModelHandler create;
  private static ReadModelsHandler read;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private Caller editor;
  private String credentialId;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateModelHandler(wiring);
    read = new ReadModelsHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    editor = Callers.of(AWS.workspace(), Role.EDITOR);
    credentialId = credential("Shop");
  }

  private Receipts receipts() {
    return new Receipts(AWS.table(), clock);
  }

  private String credential(String name) {
    Credential credential = Samples.credential(ids.next("crd"), name);
    DynamoCredentials store = new DynamoCredentials(AWS.table(), receipts());
    store.begin(editor, credential, null);
    store.activate(editor, credential, audit(credential.id()), null);
    return credential.id();
  }

  private Audit audit(String id) {
    return Audit.of(editor, ids, clock.instant(), "thing.made", id, List.of());
  }

  private String preview(Duration expiresIn) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Preview preview =
        new Preview(
            ids.next("prv"),
            Preview.Status.QUEUED,
            credentialId,
            1,
            SQL,
            new Preview.Wanted.Rows(50),
            null,
            null,
            null,
            now.plus(Duration.ofMinutes(2)),
            now.plus(expiresIn));
    List<Column> columns =
        List.of(
            new Column("id", Column.Type.INT, "int8", null),
            new Column("name", Column.Type.STRING, "text", true));
    DynamoPreviews store = new DynamoPreviews(AWS.table(), receipts());
    store.create(editor, preview, audit(preview.id()), null);
    store.finish(
        editor.workspace(),
        preview.completed(new Preview.Result(columns, 0, false, 0, List.of(), Set.of(), null), 5),
        List.of());
    return preview.id();
  }

  private String body(String name, String more) {
    return """
    {"name": "%s", "credentialId": "%s", "sql": "%s"%s}\
    """
        .formatted(name, credentialId, SQL, more);
  }

  private Call.Answer post(String body) {
    return Call.of("POST /models").as(editor).body(body).to(create);
  }

  private Call list() {
    return Call.of("GET /models").as(Callers.of(editor.workspace(), Role.VIEWER));
  }

  private static List<String> names(Call.Answer answer) {
    return ((List<?>) answer.json().getOrDefault("items", List.of()))
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get("name"))).toList();
  }

  @Test
  void savesAModelAndReadsItBack() {
    Call.Answer created = post(body("Orders", ", \"description\": \"All\""));

    assertThat(created.status()).isEqualTo(201);
    String id = created.text("id");
    assertThat(created.headers())
        .containsEntry("Location", "/models/" + id)
        .containsEntry("ETag", "\"1\"")
        .containsEntry("Content-Type", "application/json");
    assertThat(created.json())
        .containsEntry("name", "Orders")
        .containsEntry("sql", SQL)
        .containsEntry("revision", 1L)
        .containsEntry("sourceCount", 0L)
        .doesNotContainKeys("verified", "columns", "primaryKey");

    Call.Answer got = Call.of("GET /models/{id}").as(editor).id(id).to(read);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(created.body());
    assertThat(got.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void keepsTheQueryByteForByte() {
    String sql = " select 'é😀\\u00e9', \\\"a\\\" -- x\\r\\n;\\n ";

    Call.Answer created =
        post("{\"name\":\"a\",\"credentialId\":\"" + credentialId + "\",\"sql\":\"" + sql + "\"}");

    assertThat(created.text("sql")).isEqualTo(" select 'é😀é', \"a\" -- x\r\n;\n ");
  }

  @Test
  void savesAVerifiedModelWithColumnsAndKey() {
    String previewId = preview(Duration.ofMinutes(15));

    Call.Answer created =
        post(body("Customers", ", \"previewId\": \"" + previewId + "\", \"primaryKey\": [\"id\"]"));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json()).containsEntry("primaryKey", List.of("id")).containsKey("columns");
    assertThat(created.body()).contains("\"verified\":{\"previewId\":\"" + previewId + "\"");
  }

  @Test
  void tellsPreviewsThatDoNotFit() {
    String expired = preview(Duration.ofSeconds(-1));
    String good = preview(Duration.ofMinutes(15));

    assertThat(post(body("a", ", \"previewId\": \"" + expired + "\"")).badFields())
        .containsExactly("previewId does_not_match");
    for (String unknown : List.of(ids.next("prv"), good + "#ROWS", "")) {
      assertThat(post(body("a", ", \"previewId\": \"" + unknown + "\"")).badFields())
          .containsExactly("previewId not_found");
    }
    assertThat(
            post(body("a", ", \"previewId\": \"" + good + "\", \"primaryKey\": [\"id\", \"no\"]"))
                .badFields())
        .containsExactly("primaryKey[1] invalid");
    assertThat(post(body("a", ", \"primaryKey\": [\"id\"]")).badFields())
        .containsExactly("primaryKey not_verified");
    assertThat(names(list().to(read))).isEmpty();
  }

  @Test
  void tellsAllBadFieldsAtOnceAndWritesNothing() {
    List<String> before = AWS.keys(editor.workspace());

    Call.Answer answer = post("{\"name\": \" \", \"credentialId\": 5, \"colour\": \"red\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("code")).isEqualTo("invalid_request");
    assertThat(answer.badFields())
        .containsExactlyInAnyOrder(
            "name invalid", "credentialId wrong_type", "sql missing", "colour unknown");
    assertThat(answer.json().get("details"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("name", "credentialId", "sql", "colour");
    assertThat(AWS.keys(editor.workspace())).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource({
    "'', 400, malformed_json",
    "'{\"name\":', 400, malformed_json",
    "'{} {}', 400, malformed_json",
    "'{\"name\":1e99999999999}', 400, malformed_json",
    "null, 422, invalid_request",
    "[], 422, invalid_request",
    "5, 422, invalid_request",
  })
  void tellsBodiesThatAreNoObject(String body, int status, String code) {
    Call.Answer answer = post(body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text("code")).isEqualTo(code);
    if (status == 422) {
      assertThat(answer.badFields()).containsExactly("wrong_type");
    }
  }

  @Test
  void tellsAnUnsafeQueryAndWhere() {
    Call.Answer answer =
        post(
            "{\"name\":\"a\",\"credentialId\":\""
                + credentialId
                + "\",\"sql\":\"select 1;\\n delete from t\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json())
        .containsEntry("code", "unsafe_query")
        .containsEntry("line", 2L)
        .containsEntry("column", 2L)
        .containsEntry("offset", 11L);
    assertThat(names(list().to(read))).isEmpty();
  }

  @Test
  void tellsAnEmptyQuery() {
    Call.Answer answer =
        post("{\"name\":\"a\",\"credentialId\":\"" + credentialId + "\",\"sql\":\"\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("code")).isEqualTo("invalid_query");
  }

  @Test
  void takesANameOnceInAnySpelling() {
    post(body("Straße", ""));

    Call.Answer answer = post(body("STRASSE", ""));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("name_taken");
    assertThat(names(list().to(read))).containsExactly("Straße");
  }

  @Test
  void refusesUnknownAndFailingCredentials() {
    Call.Answer unknown = post("{\"name\":\"a\",\"credentialId\":\"crd_1\",\"sql\":\"select 1\"}");
    new DynamoCredentials(AWS.table(), receipts())
        .recordValidation(
            editor.workspace(),
            Samples.result(
                credentialId,
                1,
                Credential.Status.FAILING,
                new Credential.LastValidation(ids.next("val"), "failed", "x", clock.instant())));
    Call.Answer failing = post(body("a", ""));

    assertThat(unknown.badFields()).containsExactly("credentialId not_found");
    assertThat(failing.status()).isEqualTo(409);
    assertThat(failing.text("code")).isEqualTo("credential_not_valid");
  }

  @Test
  void takesNoViewerAndNobody() {
    Caller viewer = Callers.of(editor.workspace(), Role.VIEWER);

    assertThat(Call.of("POST /models").as(viewer).body("{").to(create).status()).isEqualTo(403);
    assertThat(Call.of("POST /models").body("{").to(create).status()).isEqualTo(401);
    assertThat(Call.of("GET /models").to(read).status()).isEqualTo(401);
  }

  @Test
  void answersARepeatAsTheFirstAndRefusesAnotherBody() {
    Call call =
        Call.of("POST /models").as(editor).header("idempotency-key", "k1").body(body("a", ""));
    Call.Answer first = call.to(create);
    Call.Answer second = call.to(create);
    Call.Answer other = call.body(body("b", "")).to(create);

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers())
        .containsEntry("Idempotency-Replayed", "true")
        .containsAllEntriesOf(first.headers());
    assertThat(other.text("code")).isEqualTo("idempotency_mismatch");
    assertThat(names(list().to(read))).containsExactly("a");
  }

  @Test
  void keepsNoRefusalUnderAKey() {
    Call call = Call.of("POST /models").as(editor).header("idempotency-key", "k1");

    assertThat(call.body("{}").to(create).status()).isEqualTo(422);
    assertThat(call.body(body("a", "")).to(create).status()).isEqualTo(201);
  }

  @Test
  void manySameRequestsAtTheSameTimeHaveOneEffectAndNoFalseConflict() throws Exception {
    Callable<Call.Answer> call =
        () ->
            Call.of("POST /models")
                .as(editor)
                .header("idempotency-key", "k1")
                .body(body("a", ""))
                .to(create);
    List<Call.Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Call.Answer> answer :
          threads.invokeAll(java.util.Collections.nCopies(16, call))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).extracting(Call.Answer::status).containsOnly(201);
    assertThat(answers.stream().map(Call.Answer::body).distinct()).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> !answer.headers().containsKey("Idempotency-Replayed"))
        .hasSize(1);
  }
}
