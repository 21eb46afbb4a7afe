package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;
import retl.api.json.Json;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Watch;
import retl.core.schedule.Slots;

/** Validation by schedule in the whole service, from the scheduler's event to a real warehouse. */
class ScheduledRunsTest {
  /** Midnight of a day, in minutes. */
  private static final long DAY =
      Duration.between(Instant.EPOCH, Instant.parse("2026-03-01T00:00:00Z")).toMinutes();

  @TempDir static Path folder;

  private static LocalService service;
  private static long minute = DAY;
  private static Functions functions;

  @TempDir Path told;

  @BeforeAll
  static void start() throws IOException {
    Path template = Contract.projectFile("template.yaml");
    PreparedSample.copyTo(folder.resolve("warehouse"));
    service =
        LocalService.start(
            new LocalService.Options(0, folder, true, template), StoreWorkspaces::new);
    functions = Functions.of(Template.read(template), service.ready().environment());
  }

  @AfterAll
  static void end() {
    service.close();
  }

  private static Map<String, Object> call(String method, String path, String body)
      throws Exception {
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(service.ready().url().resolve(path))
                    .header("Authorization", "Bearer " + tokens("main").get("admin"))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString())
            .body();
    return answer.isEmpty() ? Map.of() : JSON.std.mapFrom(answer);
  }

  private static Map<String, String> tokens(String workspace) {
    return Objects.requireNonNull(service.ready().tokens().get(workspace));
  }

  /** Saves credentials of the sample warehouse. */
  private static String save(String name, Map<String, Object> other) throws Exception {
    Map<String, Object> body = new LinkedHashMap<>(service.ready().credential().orElseThrow());
    body.put("name", name);
    body.put("skipValidation", true);
    body.putAll(other);
    return String.valueOf(call("POST", "/credentials", JSON.std.asString(body)).get("id"));
  }

  private static List<?> history(String id) throws Exception {
    return (List<?>)
        Objects.requireNonNull(call("GET", "/credentials/" + id + "/validations", "").get("items"));
  }

  private static String invoke(Functions all, String function, String event) throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    all.find(function)
        .orElseThrow()
        .invoke("test", new ByteArrayInputStream(event.getBytes(UTF_8)), answer);
    return answer.toString(UTF_8);
  }

  private static String message(String id, String body) {
    return "{\"messageId\": \"%s\", \"body\": %s}"
        .formatted(id, "\"" + body.replace("\"", "\\\"") + "\"");
  }

  private static String due(String credentialId, long minute) {
    return """
        {"workspace": "main", "credentialId": "%s", "place": "127.0.0.1", "minute": %d}"""
        .formatted(credentialId, minute);
  }

  @Test
  void validatesInItsSlotAndOnceHoweverOftenTheScheduleFires() throws Exception {
    String id = save("In its slot", Map.of());
    long minute = DAY + Slots.of(id);
    String event = "{\"time\": \"" + Instant.EPOCH.plus(Duration.ofMinutes(minute)) + "\"}";

    invoke(functions, "DispatchValidationsFunction", event);
    Instant end = Instant.now().plusSeconds(60);
    while ("unvalidated".equals(call("GET", "/credentials/" + id, "").get("status"))
        && Instant.now().isBefore(end)) {
      Thread.onSpinWait();
    }
    invoke(
        functions,
        "RunScheduledValidationsFunction",
        "{\"Records\": [" + message("again", due(id, minute)) + "]}");

    assertThat(call("GET", "/credentials/" + id, "")).containsEntry("status", "valid");
    assertThat(history(id))
        .singleElement()
        .satisfies(
            run ->
                assertThat(((Map<?, ?>) run).get("trigger") + " " + ((Map<?, ?>) run).get("status"))
                    .isEqualTo("schedule passed"));
  }

  @Test
  void namesOnlyTheMessagesThatFailed() throws Exception {
    String id = save("In a batch", Map.of());
    String batch =
        "{\"Records\": [%s, %s, %s, %s]}"
            .formatted(
                message("garbage", "{"),
                message("incomplete", "{\"workspace\": \"main\"}"),
                message("gone", due("crd_00000000000000000000000009", 1)),
                message("good", due(id, DAY)));

    String answer = invoke(functions, "RunScheduledValidationsFunction", batch);

    assertThat(answer)
        .isEqualTo(
            "{\"batchItemFailures\":[{\"itemIdentifier\":\"garbage\"},"
                + "{\"itemIdentifier\":\"incomplete\"}]}");
    assertThat(history(id)).hasSize(1);
  }

  /** Lambda would end the function in the middle of a validation. */
  @Test
  void leavesToTheNextRunWhatThereIsNoTimeFor() throws Exception {
    String id = save("Too late", Map.of());
    Path shorter =
        Files.writeString(
            told.resolve("template.yaml"),
            Files.readString(Contract.projectFile("template.yaml"))
                .replace("Timeout: 330", "Timeout: 60"));
    Functions hurried = Functions.of(Template.read(shorter), service.ready().environment());

    String answer =
        invoke(
            hurried,
            "RunScheduledValidationsFunction",
            "{\"Records\": [" + message("late", due(id, DAY)) + "]}");

    assertThat(answer).contains("\"late\"");
    assertThat(history(id)).isEmpty();
  }

  @Test
  void theAlarmOfFailingCredentialsCountsThoseThatBeginToFail() throws Exception {
    Instant longAgo = Instant.now().minus(Duration.ofHours(2));

    String young = refusedBefore(1, longAgo);
    String failing = refusedBefore(2, longAgo);

    assertThat(alarmed(validated(young))).as("not lasting yet").isZero();
    assertThat(alarmed(validated(failing))).isOne();
    assertThat(call("GET", "/credentials/" + failing, "")).containsEntry("status", "failing");
    assertThat(alarmed(validated(failing))).as("known already").isZero();
    call("DELETE", "/credentials/" + young, "");
    call("DELETE", "/credentials/" + failing, "");
  }

  /** Credentials with a wrong password, refused this often by now. */
  private static String refusedBefore(int refusals, Instant first) throws Exception {
    String id =
        save("Refused " + refusals, Map.of("secret", Map.of("password", "no-such-password")));
    Environment environment = new Environment(service.ready().environment());
    Table table = new Table(new Clients(environment).dynamo(), environment.get(Environment.TABLE));
    DynamoCredentials credentials =
        new DynamoCredentials(table, new Receipts(table, Clock.systemUTC()));
    Credential saved = credentials.find("main", id).orElseThrow();
    credentials.recordValidation(
        "main",
        new CredentialStore.Result(
            id,
            saved.settings(),
            saved.secretVersion(),
            new Credential.LastValidation("val_" + id, "failed", "authentication_failed", first),
            new Watch.Next(new Watch(refusals, first, 0), null, null)));
    return id;
  }

  /** The line that the worker logs of a batch with these credentials. */
  private static TemplateValue validated(String id) throws Exception {
    PrintStream console = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try {
      String batch = "{\"Records\": [" + message("one", due(id, minute++)) + "]}";
      invoke(functions, "RunScheduledValidationsFunction", batch);
    } finally {
      System.setErr(console);
    }
    return log.toString(UTF_8)
        .lines()
        .filter(line -> line.contains("\"validated\""))
        .map(line -> TemplateValue.of(Json.parse(line)))
        .findFirst()
        .orElseThrow();
  }

  /** What the alarm counts of a line that was logged. */
  private static long alarmed(TemplateValue line) throws IOException {
    TemplateValue alarm =
        TemplateValue.of(
                new Yaml(new CloudFormationTags())
                    .load(Files.readString(Contract.projectFile("template.yaml"))))
            .at("Resources", "FailingCredentialsAlarm", "Properties");
    TemplateValue dimension = alarm.at("Dimensions").items().getFirst();
    TemplateValue metrics = line.at("_aws", "CloudWatchMetrics").items().getFirst();

    assertThat(metrics.at("Namespace")).isEqualTo(alarm.at("Namespace"));
    assertThat(metrics.at("Dimensions").items().getFirst().items())
        .containsExactly(dimension.at("Name"));
    assertThat(line.at(dimension.at("Name").text())).isEqualTo(dimension.at("Value"));
    assertThat(metrics.at("Metrics").items())
        .extracting(metric -> metric.at("Name"))
        .contains(alarm.at("MetricName"));
    return line.at(alarm.at("MetricName").text()).number(-1);
  }

  @Test
  void validateAllSaysOfEachWhatWasFound() throws Exception {
    save("By hand", Map.of());
    save("By hand, wrong password", Map.of("secret", Map.of("password", "no-such-password")));
    Files.writeString(
        told.resolve("dev.json"),
        JSON.std.asString(
            Map.of(
                "url", service.ready().url().toString(),
                "workspaces",
                    List.of(
                        Map.of("id", "main", "tokens", tokens("main")),
                        Map.of("id", "other", "tokens", tokens("other"))))));
    StringWriter out = new StringWriter();

    int code =
        new CommandLine(new ValidateAllCommand())
            .setOut(new PrintWriter(out, true))
            .execute("--data", told.toString());

    assertThat(code).isEqualTo(1);
    assertThat(out.toString().lines())
        .startsWith("main")
        .anyMatch(line -> line.matches("  passed  By hand \\(crd_[0-9a-z]{26}\\)"))
        .anyMatch(line -> line.startsWith("  failed  By hand, wrong password (crd_"))
        .anyMatch(line -> line.startsWith("          Verifying Connection: authentication_failed"))
        .containsSequence("other", "  no credentials", "1 failed.");
    assertThat(out.toString()).doesNotContain("no-such-password");
  }

  @Test
  void validateAllSaysWhenNothingRuns() {
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new ValidateAllCommand())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  err.append(failure.getMessage());
                  return 1;
                })
            .execute("--data", told.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("No ./dev runs over the folder " + told + ": start one first");
  }
}
