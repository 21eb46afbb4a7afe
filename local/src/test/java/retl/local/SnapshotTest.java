package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.aws.Clients;
import retl.aws.Environment;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * What is in a function's process at the moment in which Lambda takes the snapshot: all functions
 * that have one, in one process, run by Lambda's own client and its hooks, over the stores of local
 * mode. It is the memory itself that is looked through.
 */
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(OS.LINUX) // Lambda's client is for nothing else, and so is the way to see sockets.
class SnapshotTest {
  /** Far longer than anything here takes. */
  private static final long PATIENCE_SECONDS = 120;

  /**
   * Sources of chance for secrets and ids that would draw alike in every copy of a snapshot. The
   * SDK has a {@code java.util.Random} for the time at which it renews credentials, and may.
   */
  private static final Set<String> REPEATABLE =
      Set.of(
          "java.util.SplittableRandom",
          "sun.security.provider.DRBG",
          "sun.security.provider.HashDrbg",
          "sun.security.provider.HmacDrbg",
          "sun.security.provider.CtrDrbg");

  /** What Lambda's client gives to a call: for a new class, compiled code would be thrown away. */
  private static final String CONTEXT =
      "com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext";

  @TempDir Path folder;

  @Test
  void holdsNoConnectionNoSecretAndNoChanceThatCopiesWouldShare() throws Exception {
    Path file = Contract.projectFile("template.yaml");
    LocalService.Options options = new LocalService.Options(0, folder.resolve("data"), false, file);
    try (LocalService service = LocalService.start(options, StoreWorkspaces::new);
        Function function = new Function(service.ready().environment())) {
      String secret = secret(service.ready().environment());
      function.awaitRehearsed();

      assertThat(function.hasLoaded(CONTEXT)).isTrue();
      assertThat(function.hasLoaded(CONTEXT + "OfNobody")).isFalse();
      function.awaitNoConnectionTo(service.ready().environment());
      assertThat(function.holds(secret)).isFalse();
      assertThat(function.classes())
          .doesNotContainAnyElementsOf(REPEATABLE)
          .contains("sun.security.provider.NativePRNG");

      // The control: the first token that it knows takes the key into its memory.
      String token = service.ready().tokens().values().iterator().next().get("admin");
      function.restore();
      assertThat(function.call("{\"headers\":{\"authorization\":\"Bearer " + token + "\"}}"))
          .contains("\"role\":\"admin\"");
      assertThat(function.connections()).isNotEmpty();
      assertThat(function.holds(secret)).isTrue();
    }
  }

  private static String secret(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    try (SecretsManagerClient secrets = new Clients(environment).secrets()) {
      return secrets
          .getSecretValue(get -> get.secretId(environment.get(Environment.KEYS_SECRET)))
          .secretString();
    }
  }

  /** The process of the functions, and the Runtime API that it asks for events. */
  private final class Function implements AutoCloseable {
    private final HttpServer server;
    private final Process process;
    private final CountDownLatch rehearsed = new CountDownLatch(1);
    private final CountDownLatch restored = new CountDownLatch(1);
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Path log = folder.resolve("function.log");

    Function(Map<String, String> environment) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/2018-06-01/runtime/", this::serve);
      server.createContext("/credentials", this::serveCredentials);
      server.start();
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
              "-DprojectRoot=" + System.getProperty("projectRoot"),
              "-cp",
              System.getProperty("java.class.path"),
              "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
              EveryFunction.class.getName());
      Map<String, String> variables = builder.environment();
      variables.putAll(variablesOfFunctions(environment));
      variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
      variables.put("AWS_LAMBDA_FUNCTION_NAME", "every");
      variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
      variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
      variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
      variables.put(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "http://127.0.0.1:" + server.getAddress().getPort() + "/credentials");
      variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of-the-function");
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      process = builder.start();
    }

    /** Those of all functions, and an identity provider's. */
    private static Map<String, String> variablesOfFunctions(Map<String, String> local)
        throws IOException {
      Template template = Template.read(Contract.projectFile("template.yaml"));
      Map<String, String> variables = new HashMap<>();
      Map<String, Map<String, String>> environments = Functions.environments(template, local);
      environments.values().forEach(variables::putAll);
      // Those of a function that has a snapshot, as others have others.
      variables.putAll(Objects.requireNonNull(environments.get("CreateModelFunction")));
      // A function that has a snapshot asks for them instead.
      variables.remove("AWS_ACCESS_KEY_ID");
      variables.remove("AWS_SECRET_ACCESS_KEY");
      variables.put("OIDC_ISSUER", "https://nobody.invalid/");
      variables.put("OIDC_AUDIENCE", "retl");
      variables.put("OIDC_WORKSPACE_CLAIM", "workspace");
      variables.put("OIDC_ROLE_CLAIM", "role");
      return variables;
    }

    private void serveCredentials(HttpExchange exchange) throws IOException {
      boolean isOurs =
          "of-the-function".equals(exchange.getRequestHeaders().getFirst("Authorization"));
      try (exchange) {
        send(
            exchange,
            isOurs ? 200 : 403,
            """
            {"AccessKeyId": "local", "SecretAccessKey": "local", "Token": "local",
             "Expiration": "2106-12-31T23:59:59Z"}
            """);
      }
    }

    private void serve(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath().substring("/2018-06-01/runtime/".length());
      try (exchange) {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (path) {
          case "restore/next" -> {
            rehearsed.countDown();
            restored.await();
            send(exchange, 200, "");
          }
          case "invocation/next" -> {
            String event = events.take();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "r");
            exchange
                .getResponseHeaders()
                .set(
                    "Lambda-Runtime-Deadline-Ms",
                    Long.toString(System.currentTimeMillis() + 60_000));
            exchange
                .getResponseHeaders()
                .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:x:1:function:every");
            send(exchange, 200, event);
          }
          default -> {
            send(exchange, 202, "");
            answers.add(body);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }

    void awaitRehearsed() throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      boolean has = false;
      while (!has && answers.isEmpty() && process.isAlive() && System.nanoTime() < end) {
        has = rehearsed.await(100, TimeUnit.MILLISECONDS);
      }
      assertThat(has).as(Files.readString(log) + answers).isTrue();
      assertThat(Files.readString(log)).contains("\"event\":\"rehearsed\"");
    }

    void restore() {
      restored.countDown();
    }

    String call(String event) throws InterruptedException {
      events.add(event);
      return String.valueOf(answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** The ports to which connections stand, but for that of the Runtime API. */
    Set<Integer> connections() throws IOException {
      Set<String> own = new HashSet<>();
      try (Stream<Path> files = Files.list(proc("fd"))) {
        for (Path each : files.toList()) {
          try {
            own.add(Files.readSymbolicLink(each).toString());
          } catch (IOException e) {
            // It was closed meanwhile.
          }
        }
      }
      Set<Integer> ports = new HashSet<>();
      for (String family : List.of("tcp", "tcp6")) {
        for (String line : Files.readAllLines(proc("net").resolve(family))) {
          String[] fields = line.strip().split("\\s+", -1);
          if (own.contains("socket:[" + fields[9] + "]")) {
            ports.add(Integer.parseInt(fields[2].split(":", 2)[1], 16));
          }
        }
      }
      ports.remove(server.getAddress().getPort());
      ports.remove(0);
      return ports;
    }

    private Path proc(String name) {
      return Path.of("/proc", Long.toString(process.pid()), name);
    }

    /** The native client closes its connections in a thread of its own. */
    void awaitNoConnectionTo(Map<String, String> environment) throws Exception {
      Set<Integer> stores =
          environment.entrySet().stream()
              .filter(each -> each.getKey().startsWith("AWS_ENDPOINT_URL"))
              .map(each -> URI.create(each.getValue()).getPort())
              .collect(Collectors.toSet());
      assertThat(stores).isNotEmpty();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!connections().isEmpty()
          && System.nanoTime() < end
          && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
        // Nothing tells of a socket that another process closes.
      }
      assertThat(connections()).isEmpty();
    }

    /** True when the text is among what its heap keeps alive. */
    boolean holds(String text) throws Exception {
      Path dump = folder.resolve("heap.hprof");
      Files.deleteIfExists(dump);
      jcmd("GC.heap_dump", dump.toString());
      // Every byte is a character here, and texts of ASCII lie in the heap as bytes.
      boolean found = Files.readString(dump, StandardCharsets.ISO_8859_1).contains(text);
      Files.delete(dump);
      return found;
    }

    /** The classes of which there are instances. */
    Set<String> classes() throws Exception {
      return jcmd("GC.class_histogram").stream()
          .map(line -> line.strip().split("\\s+", -1))
          .filter(fields -> fields.length >= 4)
          .map(fields -> fields[3])
          .collect(Collectors.toSet());
    }

    /** True when it has loaded the class of this name. */
    boolean hasLoaded(String name) throws Exception {
      return jcmd("VM.class_hierarchy", name).stream().anyMatch(line -> line.contains(name));
    }

    private List<String> jcmd(String... command) throws Exception {
      List<String> whole = new ArrayList<>();
      whole.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
      whole.add(Long.toString(process.pid()));
      whole.addAll(List.of(command));
      Process jcmd = new ProcessBuilder(whole).redirectErrorStream(true).start();
      String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jcmd.waitFor()).as(output).isZero();
      return output.lines().toList();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
      server.stop(0);
    }
  }
}
