package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import retl.api.Priming;
import retl.api.Route;
import retl.api.json.Json;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the functions rehearse before a snapshot is taken of them. */
class PrimingTest {
  /** The service's own, which say so in the template. */
  private static final Set<String> UNPRIMED =
      Set.of("CheckHealthFunction", "ReadWorkspaceFunction", "AnswerUnknownRouteFunction");

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

  // The control of the test above: the rehearsal goes as far as the transaction, and what refuses
  // it is that there are no such credentials.
  @Test
  void aRehearsedModelIsRefusedByNothingButItsOwnTransaction() throws Exception {
    Path file = Contract.projectFile("template.yaml");
    Template template = Template.read(file);
    try (LocalService service =
        LocalService.start(
            new LocalService.Options(0, folder.resolve("control"), false, file),
            StoreWorkspaces::new)) {
      Map<String, String> variables = service.ready().environment();
      Functions functions = Functions.of(template, variables);
      int before = items(variables).size();

      String refused = invoke(functions, "CreateModelFunction", Route.CREATE_MODEL);
      assertThat(refused).contains("There are no such credentials.");
      assertThat(items(variables)).hasSize(before);

      saveTheCredentialsThatCannotBe(variables);
      int saved = items(variables).size();
      assertThat(status(invoke(functions, "CreateModelFunction", Route.CREATE_MODEL)))
          .isEqualTo(201);
      assertThat(items(variables)).hasSizeGreaterThan(saved);
    }
  }

  private static void saveTheCredentialsThatCannotBe(Map<String, String> variables) {
    String nothing = "0".repeat(Ids.RANDOM_LENGTH);
    Caller caller = new Caller("wsp_" + nothing, "nobody", Role.ADMIN, "req");
    Credential credential =
        Priming.withCredentials((workspace, id) -> Optional.empty())
            .find(caller.workspace(), "crd_" + nothing)
            .orElseThrow();
    Environment environment = new Environment(variables);
    try (DynamoDbClient dynamo = new Clients(environment).dynamo()) {
      Table table = new Table(dynamo, environment.get(Environment.TABLE));
      DynamoCredentials store =
          new DynamoCredentials(table, new Receipts(table, Clock.systemUTC()));
      Audit audit =
          new Audit(
              "aud_" + nothing,
              Instant.EPOCH,
              caller.actor(),
              "credential.created",
              credential.id(),
              List.of(),
              caller.requestId());
      assertThat(store.begin(caller, credential, null)).isEqualTo(CredentialStore.Begun.BEGUN);
      assertThat(store.activate(caller, credential, audit, null)).isTrue();
    }
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
