package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import retl.api.json.Json;

/** Holds the routes of the code, the template and the OpenAPI document together. */
@Execution(ExecutionMode.CONCURRENT)
class ContractTest {
  @TempDir Path folder;

  @Test
  void codeTemplateAndOpenApiAgree() throws IOException {
    assertThat(Contract.ofProject().faults()).isEmpty();
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    "template.yaml, 'Path: /models/{id}', 'Path: /model/{id}', 'GET /models/{id} is missing in the template'",
    "template.yaml, 'Path: /models/{id}', 'Path: /model/{id}', 'GET /model/{id} is in the template alone'",
    "template.yaml, 'Method: POST', 'Method: PUT', 'PUT /credentials is in the template alone'",
    "template.yaml, ReadModelsHandler, ReadModelHandler, 'ReadModelsFunction has no class retl.functions.models.ReadModelHandler'",
    "template.yaml, functions.models.CreateModelHandler, functions.models.Wiring, 'CreateModelFunction has a handler that is none: retl.functions.models.Wiring'",
    "template.yaml, 'Authorizer: NONE', 'Authorizer: Token', 'GET /health is deployed with another authorizer'",
    "openapi.yaml, '/previews/{id}:', '/preview/{id}:', 'GET /previews/{id} is missing in the OpenAPI document'",
    "openapi.yaml, '    post:', '    patch:', 'PATCH /models is in the OpenAPI document alone'",
    "openapi.yaml, listModels, getModels, 'GET /models has another operationId than listModels'",
    "openapi.yaml, 'x-required-role: editor', 'x-required-role: viewer', 'POST /models is documented with another role than EDITOR'",
    "openapi.yaml, 'security: []', 'x-security: []', 'GET /health is documented as if it needed a token'",
  })
  void findsWhereTheyDisagree(String file, String text, String instead, String fault)
      throws IOException {
    for (String name : List.of("template.yaml", "openapi.yaml")) {
      String content = Files.readString(Contract.projectFile(name));
      Files.writeString(
          folder.resolve(name), name.equals(file) ? content.replace(text, instead) : content);
    }

    assertThat(
            Contract.read(folder.resolve("template.yaml"), folder.resolve("openapi.yaml")).faults())
        .contains(fault);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void setsTheVariablesThatAFunctionNeeds(Template.Function function) throws IOException {
    assertThat(made(function)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void missesAVariableThatIsNotSet(Template.Function function) {
    Map<String, TemplateValue> fewer = new HashMap<>(function.variables());
    fewer.remove("TABLE_NAME");

    assertThatThrownBy(
            () ->
                made(
                    new Template.Function(
                        function.id(), function.handler(), fewer, function.timeout())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing: TABLE_NAME");
  }

  /** The function as it starts with what the template sets, and with what Lambda sets. */
  private static Functions made(Template.Function function) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    // What only a deployment knows; a number, since some of it is one.
    function.variables().keySet().forEach(name -> environment.put(name, "1"));
    environment.replace("OIDC_ISSUER", "https://login.example.com");
    environment.replace("OIDC_WORKSPACES", "");
    environment.replace("OIDC_ROLES", "");
    return Functions.of(
        new Template(
            Map.of(),
            Map.of(function.id(), function),
            List.of(),
            List.of(),
            TemplateValue.NONE,
            Map.of()),
        environment);
  }

  static Stream<Template.Function> functions() throws IOException {
    return Contract.ofProject().template().functions().values().stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void servesItsRoutes(Template.Route route) throws Exception {
    assertThat(codeOf(route, route.function())).isNotEqualTo("no_such_route");
  }

  @ParameterizedTest
  @CsvSource({"POST, /models, ReadModelsFunction", "GET, /models, ReadCredentialsFunction"})
  void doesNotServeAnothersRoutes(String method, String path, String function) throws Exception {
    Template.Route route =
        routes().filter(each -> each.key().equals(method + " " + path)).findFirst().orElseThrow();

    assertThat(codeOf(route, function)).isEqualTo("no_such_route");
  }

  static Stream<Template.Route> routes() throws IOException {
    return Contract.ofProject().template().routes().stream()
        .filter(route -> !route.path().equals(Template.DEFAULT));
  }

  /**
   * The code of the problem with which a function answers a bad call of a route; empty when it
   * answers with none. No store is there, so one that must look it up answers with a fault.
   */
  private static String codeOf(Template.Route route, String function) throws Exception {
    Template.Function called =
        functions().filter(each -> each.id().equals(function)).findFirst().orElseThrow();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    made(called)
        .find(function)
        .orElseThrow()
        .invoke("r", new ByteArrayInputStream(badCall(route).getBytes(UTF_8)), answer);
    TemplateValue response = TemplateValue.of(Json.parse(answer.toString(UTF_8)));
    return TemplateValue.of(Json.parse(response.at("body").text())).at("code").text();
  }

  private static String badCall(Template.Route route) {
    return """
    {"routeKey": "%s", "rawPath": "%s", "headers": {}, "pathParameters": {"id": "sample"},
     "queryStringParameters": {"limit": "0", "page": "0"}, "body": "no JSON",
     "requestContext": {"requestId": "r", "http": {"method": "%s"}, "authorizer": {"lambda":
       {"workspace": "ws_sample", "actor": "tok_sample", "role": "admin"}}}}
    """
        .formatted(route.key(), route.path(), route.method());
  }
}
