package retl.functions.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
import retl.api.Call;
import retl.aws.DynamoValidations;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.validation.Check;
import retl.core.validation.Validation;

class CredentialHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String ACCESS =
      """
      "warehouse": "postgres",
      "settings": {"host": "db.example.com", "database": "shop", "user": "report"},
      "secret": {"password": "s3cret-\\"pass\\""}
      """;

  private static CreateCredentialHandler create;
  private static ReadCredentialsHandler read;
  private static ValidateCredentialsHandler validate;

  private final Ids ids = Ids.timeOrdered();
  private Caller admin;
  private Caller editor;
  private Caller viewer;
  private String workspace;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateCredentialHandler(wiring);
    read = new ReadCredentialsHandler(wiring);
    validate = new ValidateCredentialsHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspace() {
    workspace = AWS.workspace();
    admin = Callers.of(workspace, Role.ADMIN);
    editor = Callers.of(workspace, Role.EDITOR);
    viewer = Callers.of(workspace, Role.VIEWER);
  }

  private Call post(String name) {
    return Call.of("POST /credentials")
        .as(admin)
        .body("{\"name\": \"" + name + "\", " + ACCESS + "}");
  }

  private Call validation(Caller caller, String body) {
    return Call.of("POST /validations").as(caller).body(body);
  }

  private Call list() {
    return Call.of("GET /credentials").as(viewer);
  }

  private static List<String> names(Call.Answer answer) {
    return ((List<?>) answer.json().getOrDefault("items", List.of()))
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get("name"))).toList();
  }

  /** What the worker does: every check passes. */
  private void pass(String id) {
    DynamoValidations store =
        new DynamoValidations(
            AWS.table(), new Receipts(AWS.table(), Clock.systemUTC()), Clock.systemUTC());
    Validation validation = store.find(workspace, id).orElseThrow();
    for (Check.Name name : Check.Name.OF_CREDENTIALS) {
      validation =
          validation.after(
              new Check(name, Check.Status.PASSED, null, null, null, 1L),
              Clock.systemUTC().instant());
    }
    store.update(workspace, validation);
  }

  private List<String> secrets() {
    return AWS.secretNames().stream().filter(name -> name.contains(workspace)).toList();
  }

  @Test
  void aValidationThatNoWorkerTakesHasFailedAndLeavesNoSecret() {
    Map<String, String> unreachable = new HashMap<>(AWS.environment());
    // Nobody listens there.
    unreachable.put("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1");
    Wiring wiring = new Wiring(unreachable);

    Call.Answer unsaved =
        validation(admin, "{" + ACCESS + "}").to(new ValidateCredentialsHandler(wiring));

    assertThat(unsaved.status()).isEqualTo(200);
    assertThat(unsaved.text("status")).isEqualTo("failed");
    assertThat(unsaved.body()).contains("\"code\":\"not_started\"");
    assertThat(secrets()).isEmpty();

    Call.Answer created = post("Shop").to(new CreateCredentialHandler(wiring));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("status")).isEqualTo("unvalidated");
    assertThat(
            Call.of("GET /credentials/{id}/validations")
                .as(viewer)
                .id(created.text("id"))
                .to(read)
                .body())
        .contains("\"code\":\"not_started\"");
  }

  @Test
  void savesCredentialsWithTheirSecretAndStartsTheirValidation() {
    Call.Answer created = post("Shop").to(create);

    assertThat(created.status()).isEqualTo(201);
    String id = created.text("id");
    assertThat(created.headers())
        .containsEntry("Location", "/credentials/" + id)
        .containsEntry("ETag", "\"1\"");
    assertThat(created.json())
        .containsEntry("status", "unvalidated")
        .containsEntry("secretFields", List.of("password"));
    assertThat(secrets()).containsExactly("retl/" + workspace + "/" + id + "/v1");
    assertThat(AWS.jobs(workspace)).singleElement().asString().startsWith("run-validation ");

    Call.Answer got = Call.of("GET /credentials/{id}").as(viewer).id(id).to(read);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(created.body());
    assertThat(got.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void startsNoValidationWhenNoneIsWanted() {
    Call.Answer created =
        Call.of("POST /credentials")
            .as(admin)
            .body("{\"name\": \"Shop\", \"skipValidation\": true, " + ACCESS + "}")
            .to(create);

    assertThat(created.status()).isEqualTo(201);
    assertThat(AWS.jobs(workspace)).isEmpty();
  }

  @Test
  void startsTheChecksOfAQuery() {
    String id = post("Shop").to(create).text("id");
    String body = "{\"credentialId\": \"" + id + "\", \"sql\": \"%s\"}";

    Call.Answer started = validation(editor, body.formatted("select a from t")).to(validate);
    Call.Answer refused = validation(editor, body.formatted("delete from t")).to(validate);

    assertThat(started.status()).isEqualTo(202);
    assertThat((List<?>) started.json().get("checks")).hasSize(4);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("code")).isEqualTo("unsafe_query");
  }

  @Test
  void showsTheSecretNowhere() {
    List<Call.Answer> answers = new ArrayList<>();
    answers.add(post("Shop").header("idempotency-key", "k1").to(create));
    answers.add(post("Shop").header("idempotency-key", "k1").to(create));
    answers.add(post("Shop").to(create));
    answers.add(list().to(read));
    answers.add(validation(admin, "{" + ACCESS + "}").to(validate));
    answers.add(
        validation(admin, "{" + ACCESS.replace("db.example.com", "10.0.0.1") + "}").to(validate));
    answers.add(Call.of("POST /credentials").as(admin).body("{\"password\": \"s3cret").to(create));

    assertThat(answers.toString()).doesNotContain("s3cret");
    assertThat(AWS.everything(workspace)).contains("Shop").doesNotContain("s3cret");
    assertThat(AWS.jobs(workspace).toString()).doesNotContain("s3cret");
  }

  @Test
  void tellsAllBadFieldsAtOnceAndWritesNothing() {
    Call.Answer answer =
        Call.of("POST /credentials")
            .as(admin)
            .body(
                """
                {"warehouse": "postgres", "colour": 1,
                 "settings": {"host": "10.0.0.1", "user": "a;b", "sslMode": "prefer"},
                 "secret": {"password": "•••", "token": "x"}}""")
            .to(create);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.badFields())
        .containsExactlyInAnyOrder(
            "name missing",
            "settings.host invalid",
            "settings.database missing",
            "settings.user invalid",
            "settings.sslMode invalid",
            "secret.password invalid",
            "secret.token unknown",
            "colour unknown");
    assertThat(AWS.keys(workspace)).isEmpty();
    assertThat(secrets()).isEmpty();
  }

  @Test
  void takesANameOnceAndWritesNothingForTheSecond() {
    post("Shop").to(create);
    List<String> before = AWS.keys(workspace);

    Call.Answer answer = post(" SHOP ").to(create);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("name_taken");
    assertThat(AWS.keys(workspace)).isEqualTo(before);
    assertThat(secrets()).hasSize(1);
  }

  @Test
  void answersARepeatAsTheFirst() {
    Call call = post("Shop").header("idempotency-key", "k1");
    Call.Answer first = call.to(create);
    Call.Answer second = call.to(create);

    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers())
        .containsEntry("Idempotency-Replayed", "true")
        .containsAllEntriesOf(first.headers());
    assertThat(AWS.jobs(workspace)).hasSize(1);
    assertThat(post("Other").header("idempotency-key", "k1").to(create).text("code"))
        .isEqualTo("idempotency_mismatch");
  }

  @Test
  void manySameRequestsAtTheSameTimeHaveOneEffectAndNoFalseConflict() throws Exception {
    Callable<Call.Answer> call = () -> post("Shop").header("idempotency-key", "k1").to(create);
    List<Call.Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Call.Answer> answer : threads.invokeAll(Collections.nCopies(16, call))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers)
        .extracting(answer -> answer.status() == 201 ? "201" : answer.text("code"))
        .containsOnly("201", "request_in_progress");
    assertThat(
            answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(Call.Answer::body)
                .distinct())
        .hasSize(1);
    assertThat(names(list().to(read))).containsExactly("Shop");
    assertThat(secrets()).hasSize(1);
    assertThat(AWS.jobs(workspace)).hasSize(1);
  }

  @Test
  void letsInWhoMay() {
    assertThat(post("a").as(editor).to(create).status()).isEqualTo(403);
    assertThat(post("a").as(viewer).to(create).status()).isEqualTo(403);
    assertThat(Call.of("POST /credentials").body("{").to(create).status()).isEqualTo(401);
    assertThat(validation(viewer, "{}").to(validate).status()).isEqualTo(403);
    assertThat(validation(editor, "{" + ACCESS + "}").to(validate).status()).isEqualTo(403);
    assertThat(validation(editor, "{}").to(validate).status()).isEqualTo(403);
    assertThat(AWS.keys(workspace)).isEmpty();
    assertThat(secrets()).isEmpty();
  }

  @Test
  void listsAndFilters() {
    post("beta").to(create);
    post("Alpha").to(create);

    Call.Answer first = list().query("limit", "1").to(read);
    Call.Answer second =
        list().query("limit", "1").query("cursor", first.text("nextCursor")).to(read);

    assertThat(names(first)).containsExactly("Alpha");
    assertThat(names(second)).containsExactly("beta");
    assertThat(second.json()).doesNotContainKey("nextCursor");
    assertThat(names(list().query("search", "AL").to(read))).containsExactly("Alpha");
    assertThat(names(list().query("status", "unvalidated").to(read))).hasSize(2);
    assertThat(names(list().query("status", "valid").to(read))).isEmpty();
    assertThat(names(list().query("warehouse", "snowflake").to(read))).isEmpty();
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "limit, 0, invalid_parameter",
    "limit, 101, invalid_parameter",
    "status, broken, invalid_parameter",
    "status, VALID, invalid_parameter",
    "warehouse, mysql, invalid_parameter",
    "cursor, garbage, invalid_cursor",
  })
  void refusesBadParameters(String name, String value, String code) {
    Call.Answer answer = list().query(name, value).to(read);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo(code);
  }

  @Test
  void validatesSavedCredentials() {
    String credentialId = post("Shop").to(create).text("id");

    Call.Answer answer =
        validation(editor, "{\"credentialId\": \"" + credentialId + "\"}").to(validate);

    assertThat(answer.status()).isEqualTo(202);
    String id = answer.text("id");
    assertThat(answer.headers())
        .containsEntry("Location", "/validations/" + id)
        .containsEntry("Retry-After", "1");
    assertThat(answer.json())
        .containsEntry("credentialId", credentialId)
        .containsEntry("status", "running")
        .containsEntry("trigger", "api");
    assertThat(AWS.jobs(workspace).getLast()).startsWith("run-validation ").contains(id);
    Call.Answer got = Call.of("GET /validations/{id}").as(viewer).id(id).to(read);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(answer.body());
    assertThat(got.headers()).containsKey("ETag");

    pass(id);
    Call.Answer over =
        Call.of("GET /validations/{id}").as(viewer).id(id).header("prefer", "wait=20").to(read);
    assertThat(over.json()).containsEntry("status", "passed").containsKey("finishedAt");
    assertThat(over.header("ETag")).isNotEqualTo(got.header("ETag"));
  }

  @Test
  void validatesUnsavedSettingsAndSavesNothing() {
    Call.Answer answer = validation(admin, "{" + ACCESS + "}").to(validate);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json()).doesNotContainKey("credentialId");
    assertThat(secrets()).containsExactly("retl/" + workspace + "/" + answer.text("id") + "/v1");
    assertThat(names(list().to(read))).isEmpty();
  }

  @Test
  void repeatsAValidationAndWaitsForItWhenThatIsPreferred() {
    Call call = validation(admin, "{" + ACCESS + "}").header("idempotency-key", "k1");
    Call.Answer first = call.to(validate);
    Call.Answer second = call.to(validate);
    pass(first.text("id"));
    Call.Answer third = call.header("prefer", "wait=20").to(validate);
    AWS.forget(workspace, "VALIDATION#");
    Call.Answer fourth = call.to(validate);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(third.status()).isEqualTo(200);
    assertThat(third.json()).containsEntry("status", "passed");
    assertThat(fourth.status()).isEqualTo(202);
    assertThat(fourth.body()).isEqualTo(first.body());
    assertThat(AWS.jobs(workspace)).hasSize(1);
    assertThat(secrets()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource({
    "'', 400, malformed_json",
    "null, 422, invalid_request",
    "[], 422, invalid_request",
    "'{\"credentialId\": \"crd_1\"}', 422, invalid_request",
    "'{\"credentialId\": 5}', 422, invalid_request",
    "'{\"warehouse\": \"mysql\"}', 422, invalid_request",
  })
  void refusesBadValidations(String body, int status, String code) {
    Call.Answer answer = validation(admin, body).to(validate);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text("code")).isEqualTo(code);
    assertThat(AWS.keys(workspace)).isEmpty();
  }

  @Test
  void isAsUnknownElsewhereAsAMissingOne() {
    String id = post("Shop").to(create).text("id");
    String validationId =
        validation(editor, "{\"credentialId\": \"" + id + "\"}").to(validate).text("id");
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    for (Call call :
        List.of(
            Call.of("GET /credentials/{id}").as(stranger).id(id),
            Call.of("GET /credentials/{id}").as(viewer).id(ids.next("crd")),
            Call.of("GET /credentials/{id}").as(viewer).id("x".repeat(3000)),
            Call.of("GET /validations/{id}").as(stranger).id(validationId),
            Call.of("GET /validations/{id}").as(viewer).id(ids.next("val")),
            Call.of("GET /validations/{id}").as(viewer).id(""))) {
      assertThat(call.to(read).text("code")).isEqualTo("not_found");
    }
    assertThat(
            Call.of("POST /validations")
                .as(stranger)
                .body("{\"credentialId\": \"" + id + "\"}")
                .to(validate)
                .badFields())
        .containsExactly("credentialId not_found");
  }
}
