package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import retl.standins.Disguises;

/**
 * Secrets go in wherever a caller can put one, and are looked for in all that comes out: answers
 * and logs, of good calls, bad calls and calls of a warehouse that refuses.
 */
@Isolated // It listens to all that the process logs.
class LeaksTest {
  private static final String PASSWORD = "canary-PW \"é\\/+1";
  private static final String SQL = "select 'canary-SQL-7731'";
  private static final Set<String> FIELDS =
      Set.of(
          "level",
          "event",
          "requestId",
          "traceId",
          "route",
          "workspace",
          "actor",
          "status",
          "code",
          "outcome",
          "requests",
          "durationMs",
          "worker",
          "job",
          "jobs",
          "messages",
          "failed",
          "failing",
          "sent",
          "ended",
          "errors",
          "_aws");

  @TempDir static Path folder;

  private static final PrintStream CONSOLE = System.err;
  private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();

  private static LocalService service;

  private final List<String> answers = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    PreparedSample.copyTo(folder.resolve("warehouse"));
    System.setErr(new PrintStream(LOG, true, UTF_8));
    service =
        LocalService.start(
            new LocalService.Options(0, folder, true, Contract.projectFile("template.yaml")),
            StoreWorkspaces::new);
  }

  @AfterAll
  static void end() {
    service.close();
    System.setErr(CONSOLE);
  }

  private static String admin() {
    return Objects.requireNonNull(
        Objects.requireNonNull(service.ready().tokens().get("main")).get("admin"));
  }

  private HttpResponse<String> call(
      String token, String method, String path, @Nullable String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.ready().url().resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=20")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    answers.add(answer.headers().map() + answer.body());
    return answer;
  }

  private static String credential(String name, String password) throws IOException {
    Map<String, Object> body = new LinkedHashMap<>(service.ready().credential().orElseThrow());
    body.put("name", name);
    body.put("secret", Map.of("password", password));
    return JSON.std.asString(body);
  }

  private static String id(HttpResponse<String> answer) throws IOException {
    return String.valueOf(JSON.std.mapFrom(answer.body()).get("id"));
  }

  @Test
  void noSecretComesOutAndEveryLineIsOfTheList() throws Exception {
    String crafted = admin().substring(0, 35) + "canaryTOKEN7731canaryTOKEN7731canaryTOKE_000000";
    sendSecretsEverywhere(crafted);

    String log = LOG.toString(UTF_8);
    String all = String.join("\n", answers) + log;
    List<String> secrets = new ArrayList<>(Disguises.of(PASSWORD));
    secrets.addAll(Disguises.of(admin().substring(31, 74)));
    secrets.addAll(Disguises.of("canaryTOKEN7731"));
    assertThat(secrets).noneMatch(all::contains);
    assertThat(log).doesNotContain("canary");
    assertThat(log.lines().filter(line -> line.contains("\"answered\""))).hasSizeGreaterThan(10);
    assertThat(log.lines().filter(line -> line.contains("\"ran\""))).hasSizeGreaterThanOrEqualTo(2);
    for (String line : log.lines().toList()) {
      assertThat(JSON.std.mapFrom(line).keySet()).as(line).isSubsetOf(FIELDS);
    }
  }

  /** The control: what is looked for would be found in a line that has it in any disguise. */
  @Test
  void aSecretIsFoundInEachDisguise() {
    for (String disguise : Disguises.of(PASSWORD)) {
      assertThat(Disguises.of(PASSWORD)).anyMatch(("{\"message\":\"" + disguise)::contains);
    }
  }

  private void sendSecretsEverywhere(String crafted) throws Exception {
    String credentialId = id(call(admin(), "POST", "/credentials", credential("One", PASSWORD)));
    call(admin(), "POST", "/credentials", credential("one", PASSWORD));
    call(admin(), "POST", "/credentials", credential("Two", PASSWORD).replace("}", ",}"));
    call(admin(), "POST", "/credentials", credential("Two", PASSWORD) + PASSWORD);
    call(admin(), "POST", "/validations", "{\"credentialId\": \"" + credentialId + "\"}");
    call(
        admin(),
        "POST",
        "/validations",
        credential("x", PASSWORD).replaceFirst("\"name\":\"x\",?", ""));
    call(
        admin(),
        "PATCH",
        "/credentials/" + credentialId,
        "{\"secret\": {\"password\": \"canary-PW\"}}");
    call(admin(), "POST", "/previews", preview(credentialId, SQL));
    call(admin(), "POST", "/previews", preview(credentialId, "delete from t where a = 'canary'"));
    call(admin(), "POST", "/models", "{\"name\": \"canary\", \"sql\": \"canary\"}");
    call(admin(), "GET", "/models?search=canary&cursor=canary", null);
    call(admin(), "GET", "/models/canary-7731%0d%0a%7B%22level%22", null);
    call(
        admin(),
        "GET",
        "/nowhere/canary",
        null,
        "X-Canary",
        "canary",
        "X-Amzn-Trace-Id",
        "Root=canary");
    call(
        admin(),
        "POST",
        "/tokens",
        "{\"name\": \"canary\", \"role\": \"canary\"}",
        "Idempotency-Key",
        "canary");
    call(crafted, "GET", "/models", null);
    call("canaryTOKEN7731", "GET", "/models", null);
    call(admin(), "GET", "/credentials/" + credentialId, null);
    call(admin(), "GET", "/credentials/" + credentialId + "/validations", null);
  }

  private static String preview(String credentialId, String sql) {
    return "{\"credentialId\": \"%s\", \"sql\": \"%s\"}".formatted(credentialId, sql);
  }
}
