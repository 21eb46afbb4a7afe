package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process of its own, over the handlers of the tests' template. */
@Execution(ExecutionMode.CONCURRENT)
class DevTest {
  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  /** What the process runs. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      System.exit(Dev.run(environment -> new FixtureWorkspaces(), args));
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void tellsScriptsWhatTheyNeed() throws Exception {
    PreparedSample.copyTo(folder.resolve("warehouse"));
    start("--port", "0");

    Map<String, Object> told = JSON.std.mapFrom(Files.readString(folder.resolve("dev.json")));
    assertThat(told).containsOnlyKeys("url", "workspaces", "sampleWarehouse");
    assertThat(text(told, "url")).matches("http://127\\.0\\.0\\.1:\\d+");
    assertThat((List<?>) told.get("workspaces"))
        .hasSize(2)
        .allSatisfy(
            workspace -> {
              assertThat(map(workspace)).containsOnlyKeys("id", "tokens");
              assertThat(map(map(workspace).get("tokens")))
                  .containsOnlyKeys("admin", "editor", "viewer");
            });
    Map<String, Object> sample = map(told.get("sampleWarehouse"));
    assertThat(sample)
        .containsOnlyKeys("warehouse", "settings", "secret")
        .containsEntry("warehouse", "postgres");
    assertThat(map(sample.get("settings")))
        .containsOnlyKeys("host", "port", "database", "user", "sslMode");
    assertThat(map(sample.get("secret"))).containsOnlyKeys("password");
    for (String file : List.of("dev.json", "tokens.json", "credential.json")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void answersAndReachesItsFunctionsAndStores() throws Exception {
    start("--port", "0", "--no-sample");
    Map<String, Object> told = JSON.std.mapFrom(Files.readString(folder.resolve("dev.json")));

    Map<String, Object> seen = JSON.std.mapFrom(get(text(told, "url") + "/health"));
    Map<String, Object> environment = map(seen.get("environment"));
    assertThat(told).doesNotContainKey("sampleWarehouse");
    assertThat(environment).containsEntry("LOCAL_MODE", "true");
    assertThat(get(text(environment, "AWS_ENDPOINT_URL_DYNAMODB"))).contains("__type");
    HttpRequest invocation =
        HttpRequest.newBuilder(
                URI.create(
                    text(environment, "AWS_ENDPOINT_URL_LAMBDA")
                        + "/2015-03-31/functions/Worker/invocations"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(HttpClient.newHttpClient().send(invocation, BodyHandlers.ofString()).body())
        .contains("Worker");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void startsAgainWithTheSameTokensAndLeavesNothingRunning(boolean killed) throws Exception {
    Process first = start("--port", "0", "--no-sample");
    String tokens = Files.readString(folder.resolve("tokens.json"));
    List<ProcessHandle> children = first.children().toList();
    assertThat(children).isNotEmpty();

    if (killed) {
      first.destroyForcibly().waitFor();
    } else {
      first.destroy();
      assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(folder.resolve("dev.json")).doesNotExist();
    }
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }

    start("--port", "0", "--no-sample");
    assertThat(folder.resolve("tokens.json")).hasContent(tokens);
  }

  @Test
  void saysInOneLineThatItsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());

      assertThat(failure("--port", port, "--data", folder.toString()))
          .containsExactly("dev: Port " + port + " is in use by another program");
    }
  }

  @Test
  void saysInOneLineThatItsFolderIsInUse() throws Exception {
    start("--port", "0", "--no-sample");

    assertThat(failure("--port", "0", "--data", folder.toString()))
        .containsExactly("dev: The data folder " + folder + " is in use by another ./dev");
  }

  @Test
  void saysInOneLineThatItsFolderCannotBe() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(failure("--port", "0", "--data", file.toString()))
        .singleElement()
        .asString()
        .startsWith("dev: The data folder " + file + " cannot be used");
  }

  @Test
  void saysInOneLineThatTheTemplateIsNotThere() throws Exception {
    Path missing = folder.resolve("missing.yaml");

    assertThat(
            failure("--port", "0", "--data", folder.toString(), "--template", missing.toString()))
        .singleElement()
        .asString()
        .contains("missing.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com:8765",
        "https://127.0.0.1:8765",
        "http://127.0.0.1",
        "http://127.0.0.1:8765/x",
        "http://127.0.0.1:8765@example.com:80"
      })
  void leadsNobodysCredentialsToAnotherMachine(String endpoint) throws Exception {
    assertThat(failure("--data", folder.toString(), "--snowflake-endpoint", endpoint))
        .containsExactly("dev: --snowflake-endpoint must be http://127.0.0.1:<port>");
  }

  private Process start(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--data", folder.toString()));
    Process process = process(arguments);
    String line = process.inputReader().readLine();
    while (line != null && !line.contains("Ctrl-C")) {
      line = process.inputReader().readLine();
    }
    assertThat(line).isNotNull();
    return process;
  }

  /** What it says on the standard error when it does not start. */
  private List<String> failure(String... options) throws Exception {
    Process process = process(List.of(options));
    List<String> said = process.errorReader().readAllLines();
    assertThat(process.waitFor()).isEqualTo(1);
    return said;
  }

  private Process process(List<String> options) throws Exception {
    List<String> command = OwnJvm.command(Main.class);
    command.addAll(options);
    if (!options.contains("--template")) {
      Path template = Path.of(DevTest.class.getResource("template.yaml").toURI());
      command.addAll(List.of("--template", template.toString()));
    }
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    return process;
  }

  private static String get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  @SuppressWarnings("unchecked") // JSON's objects are maps by text.
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static String text(Map<String, Object> in, String name) {
    return String.valueOf(in.get(name));
  }
}
