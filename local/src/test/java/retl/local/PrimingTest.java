package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.api.Priming;
import retl.api.Route;
import retl.api.json.Json;
import retl.aws.Clients;
import retl.aws.Environment;
import retl.core.Rehearsal;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the functions rehearse before a snapshot is taken of them. */
@Execution(ExecutionMode.CONCURRENT)
class PrimingTest {
  /** The service's own, which say so in the template. */
  private static final Set<String> UNPRIMED =
      Set.of("CheckHealthFunction", "ReadWorkspaceFunction", "AnswerUnknownRouteFunction");

  /**
   * What a rehearsal cannot have: a whole body would write a secret when it is called for real, and
   * a token needs a key.
   */
  private static final Set<Route> REFUSED =
      Set.of(Route.CREATE_CREDENTIAL, Route.CREATE_TOKEN, Route.DELETE_TOKEN);

  private static final JavaClasses HANDLERS =
      new ClassFileImporter().importPackages("retl.functions");

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> aFunctionRehearsesTheRoutesThatItServes() throws IOException {
    Template template = Template.read(Contract.projectFile("template.yaml"));
    return primed().stream()
        .filter(function -> !routesOf(template, function).isEmpty())
        .map(
            function ->
                DynamicTest.dynamicTest(
                    function.id(),
                    () ->
                        assertThat(rehearsed(HANDLERS.get(function.handler())))
                            .isEqualTo(routesOf(template, function))));
  }

  /** The functions of which a snapshot is taken. */
  static List<Template.Function> primed() throws IOException {
    Template template = Template.read(Contract.projectFile("template.yaml"));
    return template.functions().values().stream()
        .filter(function -> !UNPRIMED.contains(function.id()))
        .filter(
            function ->
                function.id().equals("AuthorizeCallerFunction")
                    || !routesOf(template, function).isEmpty())
        .toList();
  }

  private static Set<String> routesOf(Template template, Template.Function function) {
    return template.routes().stream()
        .filter(route -> route.function().equals(function.id()))
        .map(Template.Route::key)
        .flatMap(key -> Route.of(key).stream())
        .map(Route::name)
        .collect(Collectors.toSet());
  }

  /** The routes that the constructor without arguments names, which only Lambda calls. */
  private static Set<String> rehearsed(JavaClass handler) {
    return handler.getConstructor().getFieldAccesses().stream()
        .map(JavaFieldAccess::getTarget)
        .filter(field -> field.getOwner().isEquivalentTo(Route.class))
        .map(field -> field.getName())
        .collect(Collectors.toSet());
  }

  // Without the secret that keys are derived from: whoever needed it would fail.
  @Test
  void aRehearsalNeitherWritesNorNeedsASecret() throws Exception {
    Path file = Contract.projectFile("template.yaml");
    Template template = Template.read(file);
    try (LocalService service =
        LocalService.start(
            new LocalService.Options(0, folder, false, file), StoreWorkspaces::new)) {
      Map<String, String> variables = new HashMap<>(service.ready().environment());
      variables.put("KEYS_SECRET", "none");
      Functions functions = Functions.of(template, variables);
      List<Map<?, ?>> before = items(variables);

      for (Template.Route route : template.routes()) {
        if (Route.of(route.key()).isPresent() && !UNPRIMED.contains(route.function())) {
          String answer = invoke(functions, route.function(), Route.of(route.key()).get());
          assertThat(status(answer)).as(route.key() + ": " + answer).isBetween(200, 499);
        }
      }

      assertThat(items(variables)).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  @TestFactory
  Stream<DynamicTest> aRehearsedCallSucceedsWhereNothingListens() throws IOException {
    Template template = Template.read(Contract.projectFile("template.yaml"));
    Functions functions = overNothing(template);
    return template.routes().stream()
        .filter(route -> !UNPRIMED.contains(route.function()))
        .filter(route -> Route.of(route.key()).isPresent())
        .map(
            route ->
                DynamicTest.dynamicTest(
                    route.key(),
                    () -> {
                      Route known = Route.of(route.key()).orElseThrow();
                      String answer = rehearse(functions, route.function(), known);
                      boolean isRefused = REFUSED.contains(known);
                      assertThat(status(answer) / 100).as(answer).isEqualTo(isRefused ? 4 : 2);
                    }));
  }

  @Test
  void whatIsRehearsedWithLeavesWithTheRehearsal() throws Exception {
    Functions functions = overNothing(Template.read(Contract.projectFile("template.yaml")));

    String rehearsed = rehearse(functions, "ReadModelsFunction", Route.GET_MODEL);
    String called = invoke(functions, "ReadModelsFunction", Route.GET_MODEL);

    assertThat(status(rehearsed)).isEqualTo(200);
    assertThat(status(called)).isEqualTo(500);
    // A field without a value would be code that is not rehearsed.
    assertThat(TemplateValue.of(Json.parse(rehearsed)).at("body").text())
        .contains("\"sql\":")
        .doesNotContain(":null")
        // In January and February the JDK need not know of leap years, and does not load it.
        .containsPattern("\"createdAt\":\"\\d{4}-(0[3-9]|1[0-2])-");
  }

  private static Functions overNothing(Template template) throws IOException {
    URI nowhere = URI.create("http://127.0.0.1:1");
    return Functions.of(template, LocalService.environment(nowhere, nowhere));
  }

  private static String rehearse(Functions functions, String function, Route route)
      throws Exception {
    StringBuilder answer = new StringBuilder();
    Rehearsal.run(() -> answer.append(invoke(functions, function, route)));
    return answer.toString();
  }

  private static String invoke(Functions functions, String function, Route route) throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] event = Priming.event(route).getBytes(StandardCharsets.UTF_8);
    functions.find(function).orElseThrow().invoke("r", new ByteArrayInputStream(event), answer);
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static int status(String answer) {
    return TemplateValue.of(Json.parse(answer)).at("statusCode").number(0);
  }

  private static List<Map<?, ?>> items(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    try (DynamoDbClient dynamo = new Clients(environment).dynamo()) {
      return dynamo
          .scanPaginator(scan -> scan.tableName(environment.get(Environment.TABLE)))
          .items()
          .stream()
          .<Map<?, ?>>map(item -> item)
          .toList();
    }
  }
}
