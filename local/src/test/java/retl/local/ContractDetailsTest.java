package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import retl.api.Api;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.Json;
import retl.core.Caller;
import retl.core.FieldError;
import retl.core.Fields;
import retl.core.Impact;
import retl.core.ModelUse;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.Role;
import retl.core.SourceUse;
import retl.core.credential.Credential;
import retl.core.credential.CredentialPatch;
import retl.core.credential.NetworkRules;
import retl.core.credential.NewCredential;
import retl.core.model.Model;
import retl.core.model.ModelPatch;
import retl.core.model.NewKeyCheck;
import retl.core.model.NewModel;
import retl.core.model.Restoration;
import retl.core.preview.Guard;
import retl.core.preview.NewPreview;
import retl.core.preview.Preview;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.source.NewSource;
import retl.core.source.Source;
import retl.core.source.SourcePatch;
import retl.core.token.NewToken;
import retl.core.validation.Check;
import retl.core.validation.NewValidation;
import retl.core.validation.Validation;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/** Holds what the OpenAPI document says of words, limits and examples against the code. */
@Execution(ExecutionMode.CONCURRENT)
class ContractDetailsTest {
  private static final Caller ADMIN = new Caller("ws_sample", "tok_sample", Role.ADMIN, "r");

  private final Contract contract;

  ContractDetailsTest() throws IOException {
    contract = Contract.ofProject();
  }

  @ParameterizedTest(name = "{0}.{1}")
  @MethodSource("words")
  void hasTheWordsOfTheCode(String schema, String property, Stream<String> words) {
    assertThat(enumOf(place(contract.schema(schema), property)))
        .containsExactlyInAnyOrderElementsOf(words.toList());
  }

  static Stream<Arguments> words() {
    return Stream.of(
        arguments("Role", "", Stream.of(Role.values()).map(Role::wireName)),
        arguments("Warehouse", "", Stream.of(Warehouse.values()).map(Warehouse::wireName)),
        arguments(
            "CredentialStatus",
            "",
            Stream.of(Credential.Status.values()).map(Credential.Status::wireName)),
        arguments(
            "Validation",
            "status",
            Stream.of(Validation.Status.values()).map(Validation.Status::wireName)),
        arguments(
            "Validation",
            "trigger",
            Stream.of(Validation.Trigger.values()).map(Validation.Trigger::wireName)),
        arguments("Check", "name", Stream.of(Check.Name.values()).map(Check.Name::wireName)),
        arguments("Check", "title", Stream.of(Check.Name.values()).map(Check.Name::title)),
        arguments("Check", "status", Stream.of(Check.Status.values()).map(Check.Status::wireName)),
        arguments(
            "Preview", "status", Stream.of(Preview.Status.values()).map(Preview.Status::wireName)),
        arguments(
            "KeyCheck", "status", Stream.of(Preview.Status.values()).map(Preview.Status::wireName)),
        arguments("Guard", "", Stream.of(Guard.values()).map(Guard::wireName)),
        arguments("ColumnType", "", Stream.of(Column.Type.values()).map(Column.Type::wireName)),
        arguments(
            "Impact",
            "nextSync",
            Stream.of(Impact.NextSync.values()).map(Impact.NextSync::wireName)),
        arguments(
            "FieldError",
            "code",
            Stream.of(FieldError.Code.values()).map(FieldError.Code::wireName)));
  }

  private static TemplateValue place(TemplateValue schema, String property) {
    return property.isEmpty() ? schema : schema.at("properties", property);
  }

  private static List<String> enumOf(TemplateValue schema) {
    return schema.at("enum").items().stream().map(TemplateValue::text).toList();
  }

  /** One of each kind, so that a new problem without an entry here is found. */
  private static final List<Problem> PROBLEMS =
      List.of(
          new Problem.Unauthenticated(),
          new Problem.Forbidden(Role.ADMIN),
          new Problem.NoSuchRoute(),
          new Problem.MethodNotAllowed(List.of("GET")),
          new Problem.NotFound("model"),
          new Problem.TooLarge(1),
          new Problem.NotJson(),
          new Problem.MalformedJson("it is empty"),
          new Problem.InvalidRequest(
              List.of(new FieldError("name", FieldError.Code.MISSING, "This field is needed."))),
          new Problem.InvalidParameter("limit", "too large"),
          new Problem.InvalidCursor(),
          new Problem.QueryRefused(refused(Verdict.Kind.UNSAFE_QUERY)),
          new Problem.QueryRefused(refused(Verdict.Kind.INVALID_QUERY)),
          new Problem.NameTaken("model", "a"),
          new Problem.CredentialNotValid("crd_sample"),
          new Problem.CredentialInUse(List.of(new ModelUse("mdl_sample", "Sample"))),
          new Problem.BreakingChange(
              new Impact(
                  true,
                  Impact.ColumnChanges.NONE,
                  List.of(),
                  Impact.NextSync.FULL,
                  "query_changed")),
          new Problem.ModelInUse(List.of(new SourceUse("src_sample", "Sample"))),
          new Problem.TooManyPreviews(5),
          new Problem.LimitReached("models", 10),
          new Problem.SourceInUse("Sample"),
          new Problem.VersionConflict(),
          new Problem.IdempotencyMismatch(),
          new Problem.RequestInProgress(),
          new Problem.Busy());

  private static Verdict.Refused refused(Verdict.Kind kind) {
    return new Verdict.Refused(kind, "empty", "There is no query.", new TextRange(1, 1, 0, 0));
  }

  @Test
  void publishesTheCodeOfEveryProblem() throws IOException {
    Set<Class<?>> kinds = PROBLEMS.stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(Problem.class.getPermittedSubclasses());

    Set<String> codes = new LinkedHashSet<>();
    for (Problem problem : PROBLEMS) {
      codes.add(answerTo(new Refused(problem)).at("code").text());
    }
    codes.add(answerTo(new IllegalStateException("a fault")).at("code").text());

    assertThat(enumOf(contract.schema("ProblemCode"))).containsExactlyInAnyOrderElementsOf(codes);
  }

  @Test
  void publishesEveryFieldOfAProblem() throws IOException {
    TemplateValue schema = contract.schema("Problem");
    Set<String> known = schema.at("properties").fields().keySet();
    List<String> required =
        schema.at("required").items().stream().map(TemplateValue::text).toList();
    for (Problem problem : PROBLEMS) {
      Set<String> fields = answerTo(new Refused(problem)).fields().keySet();
      assertThat(known).containsAll(fields);
      assertThat(fields).containsAll(required);
    }
  }

  /** The body of the answer of a function that ends with this. */
  private static TemplateValue answerTo(RuntimeException end) throws IOException {
    ApiHandler handler =
        new ApiHandler(Api.WITHOUT_STORES) {
          @Override
          protected Response answer(Request request) {
            throw end;
          }
        };
    String event =
        """
        {"routeKey": "GET /health", "rawPath": "/health", "requestContext": {"requestId": "r"}}
        """;
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(UTF_8)),
        answer,
        new LocalContext(new Template.Function("F", "x", Map.of(), Duration.ofSeconds(3)), "r"));
    String body = TemplateValue.of(Json.parse(answer.toString(UTF_8))).at("body").text();
    return TemplateValue.of(Json.parse(body));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("requestExamples")
  void takesItsOwnExamples(Route route, String name, TemplateValue example) {
    assertThatCode(() -> read(route, example.value())).doesNotThrowAnyException();
  }

  static Stream<Arguments> requestExamples() throws IOException {
    Contract contract = Contract.ofProject();
    return Stream.of(Route.values())
        .flatMap(
            route ->
                bodyOf(contract.operation(route)).at("examples").fields().entrySet().stream()
                    .map(each -> arguments(route, each.getKey(), each.getValue().at("value"))));
  }

  @Test
  void hasExamplesOfEveryBody() throws IOException {
    Set<Route> shown =
        requestExamples().map(each -> (Route) each.get()[0]).collect(Collectors.toSet());

    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Route.values())
                .filter(route -> List.of("POST", "PATCH").contains(route.method()))
                .toList());
  }

  private static TemplateValue bodyOf(TemplateValue operation) {
    return operation.at("requestBody", "content", "application/json");
  }

  /** Reads a body as the route's function does; refuses it by throwing. */
  private static void read(Route route, @Nullable Object body) {
    Fields fields = Fields.of(asJson(body));
    switch (route) {
      case CREATE_TOKEN -> NewToken.read(fields, Instant.EPOCH);
      case CREATE_CREDENTIAL -> NewCredential.read(fields, NetworkRules.STRICT);
      case UPDATE_CREDENTIAL ->
          CredentialPatch.read(fields, savedCredential(), NetworkRules.STRICT);
      case CREATE_VALIDATION -> NewValidation.read(ADMIN, fields, NetworkRules.STRICT);
      case CREATE_PREVIEW -> NewPreview.read(fields);
      case CREATE_MODEL -> NewModel.read(fields);
      case CREATE_KEY_CHECK -> NewKeyCheck.read(fields);
      case RESTORE_MODEL -> Restoration.read(fields);
      case UPDATE_MODEL -> ModelPatch.read(fields, savedModel());
      case CREATE_SOURCE -> NewSource.read(fields);
      case UPDATE_SOURCE -> SourcePatch.read(fields, SAVED_SOURCE);
      default -> throw new IllegalArgumentException(route + " has no body");
    }
  }

  private static final Source SAVED_SOURCE =
      new Source(
          "src_sample",
          "Sample",
          "mdl_sample",
          true,
          0,
          Instant.EPOCH,
          "tok_sample",
          Instant.EPOCH,
          "tok_sample",
          1);

  private static Credential savedCredential() {
    NewCredential saved =
        NewCredential.read(Fields.of(asJson(credential(Map.of(), "secret"))), NetworkRules.STRICT);
    return new Credential(
        "crd_sample",
        saved.name().text(),
        saved.settings(),
        saved.secret().fields(),
        1,
        1,
        Credential.Status.VALID,
        null,
        Instant.EPOCH,
        "tok_sample",
        Instant.EPOCH,
        "tok_sample",
        1);
  }

  private static Model savedModel() {
    return new Model(
        "mdl_sample",
        "Sample",
        null,
        "crd_sample",
        Warehouse.POSTGRES,
        "SELECT 1",
        null,
        null,
        null,
        1,
        0,
        Instant.EPOCH,
        "tok_sample",
        Instant.EPOCH,
        "tok_sample",
        1);
  }

  // The JSON reader makes every whole number a long.
  private static @Nullable Object asJson(@Nullable Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, each) -> copy.put((String) key, asJson(each)));
        yield copy;
      }
      case List<?> list -> list.stream().map(ContractDetailsTest::asJson).toList();
      case null, default -> value;
    };
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("limits")
  void enforcesItsLimits(
      List<String> place, String keyword, Route route, Function<Integer, Object> body) {
    TemplateValue schema =
        contract.openapi().at("components", "schemas").at(place.toArray(String[]::new));
    int limit = schema.at(keyword).number(-1);
    int beyond = limit + (keyword.startsWith("min") ? -1 : 1);

    assertThatCode(() -> read(route, body.apply(limit))).doesNotThrowAnyException();
    assertThatCode(() -> read(route, body.apply(beyond))).isInstanceOf(Refused.class);
  }

  static Stream<Arguments> limits() {
    Function<Integer, Object> rows = limit -> Map.of("modelId", "mdl_sample", "limit", limit);
    Function<Integer, Object> port = number -> credential(Map.of("port", number), "secret");
    Function<Integer, Object> name = length -> model("a".repeat(length), Map.of());
    return Stream.of(
        arguments(List.of("RowLimit"), "minimum", Route.CREATE_PREVIEW, rows),
        arguments(List.of("RowLimit"), "maximum", Route.CREATE_PREVIEW, rows),
        arguments(List.of("Port"), "minimum", Route.CREATE_CREDENTIAL, port),
        arguments(List.of("Port"), "maximum", Route.CREATE_CREDENTIAL, port),
        arguments(
            List.of("Credential", "properties", "name"), "maxLength", Route.CREATE_MODEL, name),
        arguments(
            List.of("SecretText"),
            "maxLength",
            Route.CREATE_CREDENTIAL,
            (Function<Integer, Object>) length -> credential(Map.of(), "s".repeat(length))),
        arguments(
            List.of("Identifier"),
            "maxLength",
            Route.CREATE_CREDENTIAL,
            (Function<Integer, Object>)
                length -> credential(Map.of("user", "u".repeat(length)), "secret")),
        arguments(
            List.of("ModelPatch", "properties", "description"),
            "maxLength",
            Route.UPDATE_MODEL,
            (Function<Integer, Object>) length -> Map.of("description", "d".repeat(length))),
        arguments(
            List.of("NewKeyCheck", "properties", "columns"),
            "maxItems",
            Route.CREATE_KEY_CHECK,
            (Function<Integer, Object>) count -> Map.of("columns", keyColumns(count))),
        arguments(
            List.of("NewKeyCheck", "properties", "columns"),
            "minItems",
            Route.CREATE_KEY_CHECK,
            (Function<Integer, Object>) count -> Map.of("columns", keyColumns(count))),
        arguments(
            List.of("ModelPatch", "properties", "primaryKey"),
            "maxItems",
            Route.UPDATE_MODEL,
            (Function<Integer, Object>) count -> Map.of("primaryKey", keyColumns(count))),
        arguments(
            List.of("NewModel", "properties", "description"),
            "maxLength",
            Route.CREATE_MODEL,
            (Function<Integer, Object>)
                length -> model("Sample", Map.of("description", "d".repeat(length)))),
        arguments(
            List.of("NewModel", "properties", "primaryKey"),
            "maxItems",
            Route.CREATE_MODEL,
            (Function<Integer, Object>) count -> model("Sample", key(count))),
        arguments(
            List.of("NewModel", "properties", "primaryKey"),
            "minItems",
            Route.CREATE_MODEL,
            (Function<Integer, Object>) count -> model("Sample", key(count))));
  }

  private static Map<String, Object> key(int columns) {
    return Map.of("previewId", "prv_sample", "primaryKey", keyColumns(columns));
  }

  private static List<String> keyColumns(int count) {
    return IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
  }

  private static Map<String, Object> model(String name, Map<String, Object> more) {
    Map<String, Object> model = new LinkedHashMap<>(more);
    model.put("name", name);
    model.put("credentialId", "crd_sample");
    model.put("sql", "SELECT 1");
    return model;
  }

  private static Map<String, Object> credential(Map<String, Object> settings, String password) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("host", "db.example.com");
    all.put("database", "shop");
    all.put("user", "retl_reader");
    all.putAll(settings);
    return Map.of(
        "name",
        "Sample",
        "warehouse",
        "postgres",
        "settings",
        all,
        "secret",
        Map.of("password", password));
  }
}
