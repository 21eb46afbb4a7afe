package retl.api;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.ADMIN;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.VIEWER;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.api.json.Json;
import retl.core.Callers;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.TestClock;

class ApiHandlerTest {
  private final Map<String, Receipt.Kept> receipts = new HashMap<>();
  private final List<Request> answered = new ArrayList<>();
  private final Api api =
      new Api(
          new Cursors(new TestKeys("key"), new TestClock()),
          (caller, once) -> receipts.get(caller.workspace() + once.route() + once.key()));

  private ApiHandler handler(Function<Request, Response> answer) {
    return new ApiHandler(api) {
      @Override
      protected Response answer(Request request) {
        answered.add(request);
        return answer.apply(request);
      }
    };
  }

  /** Makes something once per idempotency key, as a store would. */
  private Response make(Request request) {
    request.body().end();
    Function<String, Response> answer =
        made -> Response.created("/models/" + made, 1, json -> json.writeString(made));
    Receipt receipt = request.receipts(answer).receiptOf("m" + answered.size());
    if (receipt != null) {
      String key = request.caller().workspace() + receipt.once().route() + receipt.once().key();
      receipts.put(key, new Receipt.Kept(receipt.once().bodyHash(), receipt));
    }
    return answer.apply("m" + answered.size());
  }

  private static Call post(String body) {
    return Call.of("POST /models").as(EDITOR).body(body);
  }

  @Test
  void answersWithTheHeadersOfEveryAnswer() {
    Call.Answer answer =
        Call.of("GET /models")
            .as(VIEWER)
            .to(handler(r -> Response.ok(json -> json.writeNumber(1))));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.headers())
        .isEqualTo(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff"));
  }

  @Test
  void problemsHaveThemToo() {
    Call.Answer answer = Call.of("GET /models").to(handler(r -> Response.ok(json -> {})));

    assertThat(answer.headers())
        .containsEntry("Content-Type", "application/problem+json")
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("X-Content-Type-Options", "nosniff");
  }

  @Test
  void givesTheCallerToItsAnswer() {
    Call.of("GET /models").as(ADMIN).to(handler(r -> Response.ok(json -> json.writeNumber(1))));

    assertThat(answered).extracting(Request::caller).containsExactly(ADMIN);
  }

  @Test
  void knowsNobodyWithoutTheAuthorizersWord() {
    ApiHandler handler = handler(this::make);
    for (Call call :
        List.of(
            Call.of("POST /models"),
            Call.of("POST /models").body("{"),
            post("{}").authorized("role", ""),
            post("{}").authorized("role", "Admin"),
            post("{}").authorized("role", "owner"),
            post("{}").authorized("workspace", ""),
            post("{}").authorized("actor", ""))) {
      Call.Answer answer = call.to(handler);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text("code")).isEqualTo("unauthenticated");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
    assertThat(answered).isEmpty();
  }

  @ParameterizedTest(name = "{0} as {1}: {2}")
  @CsvSource({
    "GET /workspace, VIEWER, 200",
    "GET /models/{id}, VIEWER, 200",
    "POST /models, VIEWER, 403",
    "POST /models, EDITOR, 200",
    "POST /previews, VIEWER, 403",
    "POST /credentials, EDITOR, 403",
    "POST /credentials, ADMIN, 200",
    "POST /validations, VIEWER, 403",
    "POST /validations, EDITOR, 200",
  })
  void judgesTheRole(String route, Role role, int status) {
    Call.Answer answer =
        Call.of(route)
            .as(Callers.of("ws1", role))
            .to(handler(r -> Response.ok(json -> json.writeNumber(1))));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answered).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void judgesTheRoleBeforeBodyAndKey() {
    Call.Answer answer =
        Call.of("POST /models")
            .as(VIEWER)
            .body("{")
            .header("content-type", "text/plain")
            .header("idempotency-key", " ")
            .to(handler(this::make));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("detail")).isEqualTo("This needs the role editor.");
  }

  @Test
  void answersHealthWithoutACaller() {
    assertThat(
            Call.of("GET /health")
                .to(handler(r -> Response.ok(json -> json.writeNumber(1))))
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource({
    "/nothing, no_such_route, ''",
    "/models/a/b, no_such_route, ''",
    "/models/, no_such_route, ''",
    "'', no_such_route, ''",
    "/validations, method_not_allowed, POST",
    "/validations/val_1, method_not_allowed, GET",
    "/credentials, method_not_allowed, 'GET, POST'",
  })
  void tellsUnknownPathsFromUnknownMethodsWithoutACaller(String path, String code, String allow) {
    Call.Answer answer = Call.ofUnknown(path).to(handler(r -> Response.ok(json -> {})));

    assertThat(answer.text("code")).isEqualTo(code);
    assertThat(answer.headers().getOrDefault("Allow", "")).isEqualTo(allow);
    assertThat(answer.status()).isEqualTo(allow.isEmpty() ? 404 : 405);
    assertThat(answer.text("instance")).isEqualTo(path);
  }

  @Test
  void turnsRefusalsIntoProblems() {
    Call.Answer answer =
        Call.of("GET /models/{id}")
            .as(VIEWER)
            .id("mdl_9")
            .to(
                handler(
                    request -> {
                      throw new Refused(new Problem.NotFound("model"));
                    }));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("instance")).isEqualTo("/models/mdl_9");
    assertThat(answer.text("requestId")).isEqualTo("req-1");
  }

  @Test
  void hidesAFaultAndLogsWhereItWas() {
    Call.Answer answer =
        post("{\"password\":\"s3cret\"}")
            .to(
                handler(
                    request -> {
                      throw new IllegalStateException(
                          "s3cret in a message", new ArithmeticException("s3cret"));
                    }));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text("code")).isEqualTo("internal_error");
    assertThat(answer.body()).doesNotContain("s3cret", "IllegalState", "retl.");
    assertThat(answer.log()).hasSize(2);
    assertThat(answer.log().getFirst())
        .contains(
            "\"level\":\"ERROR\"",
            "\"requestId\":\"req-1\"",
            "\"type\":\"java.lang.IllegalStateException\"",
            "\"type\":\"java.lang.ArithmeticException\"",
            "retl.api.ApiHandlerTest")
        .doesNotContain("s3cret");
  }

  @Test
  void logsOneLineOfJsonForEachAnswer() {
    Call.Answer answer = post("{\"s3cret\":1}").header("x", "s3cret").to(handler(this::make));

    assertThat(answer.log()).hasSize(1);
    String line = answer.log().getFirst();
    assertThat(line).endsWith("}\n").doesNotContain("s3cret").containsOnlyOnce("\n");
    assertThat(Json.parse(line))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("level", "INFO")
        .containsEntry("event", "answered")
        .containsEntry("requestId", "req-1")
        .containsEntry("route", "POST /models")
        .containsEntry("status", 422L)
        .containsEntry("code", "invalid_request")
        .containsEntry("outcome", "refused")
        .containsEntry("workspace", "ws1")
        .containsEntry("actor", "tok_editor")
        .containsEntry("requests", 1L)
        .containsOnlyKeys(
            "level",
            "event",
            "requestId",
            "route",
            "workspace",
            "actor",
            "status",
            "code",
            "outcome",
            "requests",
            "durationMs",
            "_aws");
  }

  /** The shape that CloudWatch makes metrics of. */
  @Test
  void everyLineOfAnAnswerIsMetricsOfItsRouteAndOutcome() {
    Map<?, ?> line = fields(post("{}").to(handler(this::make)).log().getFirst());

    assertThat(line.get("_aws"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("Timestamp", "CloudWatchMetrics")
        .extractingByKey("CloudWatchMetrics", InstanceOfAssertFactories.list(Map.class))
        .singleElement(InstanceOfAssertFactories.MAP)
        .containsEntry("Namespace", "retl-models")
        .containsEntry("Dimensions", List.of(List.of("route", "outcome")))
        .extractingByKey("Metrics", InstanceOfAssertFactories.list(Map.class))
        .containsExactlyInAnyOrder(
            Map.of("Name", "requests", "Unit", "Count"),
            Map.of("Name", "durationMs", "Unit", "Milliseconds"));
    assertThat(line.get("outcome")).isEqualTo("ok");
    assertThat(line.get("requests")).isInstanceOf(Long.class);
    assertThat(line.get("durationMs")).isInstanceOf(Long.class);
  }

  private static Map<?, ?> fields(String line) {
    return (Map<?, ?>) Objects.requireNonNull(Json.parse(line));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Root=1-6b06443c-000000000000000000000001, 1-6b06443c-000000000000000000000001",
    "'Self=1-1;Root=1-6b06443c-000000000000000000000001;Sampled=0', 1-6b06443c-000000000000000000000001",
    "Root=s3cret,",
    "'Root=1-6b06443c-000000000000000000000001\r\n{\"level\"',",
    "'',",
  })
  void aTraceIdIsLoggedAndNothingElseThatACallerWritesThere(String header, String traceId) {
    Call.Answer answer = post("{}").header("x-amzn-trace-id", header).to(handler(this::make));

    assertThat(fields(answer.log().getFirst()).get("traceId")).isEqualTo(traceId);
  }

  @Test
  void aLineStaysOneLineWhateverIsInIt() {
    TestContext context = new TestContext();

    Log.error(context, "req\r\n-1\u0085\u2028 a\nb\"\u001b[31m", new Error("x"));

    assertThat(context.lines()).hasSize(1);
    assertThat(context.lines().getFirst().stripTrailing())
        .doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]")
        .contains("req\\r\\n-1");
  }

  @Test
  void repeatsTheAnswerToTheSameRequest() {
    ApiHandler handler = handler(this::make);
    Call call = post("{}").header("idempotency-key", "k1");
    Call.Answer first = call.to(handler);
    Call.Answer second = call.to(handler);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers())
        .containsEntry("Idempotency-Replayed", "true")
        .containsAllEntriesOf(first.headers());
    assertThat(answered).hasSize(1);
  }

  @Test
  void doesNotRepeatForOthers() {
    ApiHandler handler = handler(this::make);
    post("{}").header("idempotency-key", "k1").to(handler);

    Call.of("POST /models")
        .as(Callers.of("ws2", Role.EDITOR))
        .body("{}")
        .header("idempotency-key", "k1")
        .to(handler);
    post("{}").header("idempotency-key", "k2").to(handler);
    Call.of("POST /previews").as(EDITOR).body("{}").header("idempotency-key", "k1").to(handler);
    post("{}").to(handler);

    assertThat(answered).hasSize(5);
  }

  @Test
  void refusesAnotherBodyUnderTheSameKey() {
    ApiHandler handler = handler(this::make);
    post("{}").header("idempotency-key", "k1").to(handler);

    Call.Answer answer = post("{ }").header("idempotency-key", "k1").to(handler);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("code")).isEqualTo("idempotency_mismatch");
    assertThat(answered).hasSize(1);
  }

  @Test
  void tellsThatTheFirstRequestGoesOn() {
    Call call = post("{}").header("idempotency-key", "k1");
    String hash = Response.sha256("{}");
    receipts.put("ws1POST /modelsk1", new Receipt.Kept(hash, null));

    Call.Answer answer = call.to(handler(this::make));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("request_in_progress");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answered).isEmpty();
  }

  /**
   * Two same requests at the same time: the store lets one through, and the other finds its
   * receipt.
   */
  @Test
  void repeatsTheAnswerOfTheRequestThatWasFaster() {
    ApiHandler handler =
        handler(
            request -> {
              make(request);
              throw new Refused(new Problem.RequestInProgress());
            });

    Call.Answer answer = post("{}").header("idempotency-key", "k1").to(handler);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers()).containsEntry("Idempotency-Replayed", "true");
  }

  @Test
  void keepsNoRefusal() {
    ApiHandler handler = handler(this::make);
    Call call = post("{\"a\":1}").header("idempotency-key", "k1");

    assertThat(call.to(handler).status()).isEqualTo(422);
    assertThat(call.to(handler).headers()).doesNotContainKey("Idempotency-Replayed");
    assertThat(answered).hasSize(2);
  }

  @Test
  void refusesABadKeyBeforeAnythingIsDone() {
    Call.Answer answer = post("{}").header("idempotency-key", "a b").to(handler(this::make));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("invalid_parameter");
    assertThat(answered).isEmpty();
  }
}
