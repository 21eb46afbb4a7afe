import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long the functions of models take from their start to their first answer, and from the end of a rehearsal, which
 * is where a snapshot is taken, to the first one after it. They run from their zips, under the client that Lambda runs
 * them with, on one core, against the stores of local mode behind TLS; a function that answers "{}" takes turns with
 * them. What a real restore takes is not in here: nothing is restored, the process only goes on.
 *
 * <p>benchmarks/cold-start runs it.
 */
public final class ColdStart {
  private static final int WARM_CALLS = 20;
  private static final int STORE_WARM_UP = 2_000;

  private final Path root;
  private final Path runtime;
  private final Path work;
  private final Map<String, String> environment;
  private final String options;
  private final Api api;

  private ColdStart(
      Path root,
      Path runtime,
      Path work,
      Map<String, String> environment,
      String options,
      Api api) {
    this.root = root;
    this.runtime = runtime;
    this.work = work;
    this.environment = environment;
    this.options = options;
    this.api = api;
  }

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path work = Path.of(args[2]);
    int rounds = Integer.parseInt(args[3]);
    Map<String, Object> dev = JSON.std.mapFrom(Files.readString(work.resolve("data/dev.json")));
    Map<String, String> environment = new LinkedHashMap<>();
    Map<String, Object> variables = JSON.std.mapFrom(Files.readString(work.resolve("data/env.json")));
    Map<?, ?> functions = (Map<?, ?>) variables.get("Parameters");
    functions.forEach((name, value) -> environment.put((String) name, (String) value));
    Map<?, ?> createModel = (Map<?, ?>) variables.get("CreateModelFunction");
    String options = (String) createModel.get("JAVA_TOOL_OPTIONS");
    for (String limited : List.of("MODELS", "SOURCES", "CREDENTIALS", "TOKENS", "PREVIEWS")) {
      environment.put(limited + "_PER_WORKSPACE", "100000");
    }
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", args[4]);
    new ColdStart(root, Path.of(args[1]), work, environment, options, Api.over(dev)).run(rounds);
  }

  private void run(int rounds) throws Exception {
    Map<String, List<Double>> figures = new LinkedHashMap<>();
    warmStore();
    for (int round = 0; round < rounds; round++) {
      add(figures, "hello, cold", cold(HELLO, work.resolve("hello"), "{}"));
      try (Function hello = start(HELLO, work.resolve("hello"), false)) {
        hello.awaitReady();
        add(figures, "hello, first after init", hello.call("{}"));
        add(figures, "hello, warm", warm(hello, () -> "{}"));
      }
      add(figures, "create model, cold", cold(CREATE, models(), api.createModel()));
      add(figures, "get model, cold", cold(READ, models(), api.getModel()));
      try (Function created = start(CREATE, models(), false)) {
        created.awaitReady();
        add(figures, "create model, first after init, not rehearsed", created.call(api.createModel()));
      }
      try (Function created = start(CREATE, models(), true)) {
        add(figures, "create model, hooks after the restore", created.restore());
        add(figures, "create model, first after snapshot", created.call(api.createModel()));
        add(figures, "create model, warm", warm(created, api::createModel));
      }
      try (Function read = start(READ, models(), true)) {
        add(figures, "get model, hooks after the restore", read.restore());
        add(figures, "get model, first after snapshot", read.call(api.getModel()));
        add(figures, "memory after it, MB", read.residentMegabytes());
        add(figures, "get model, warm", warm(read, api::getModel));
      }
      System.err.println("round " + (round + 1) + " of " + rounds);
    }
    figures.forEach((name, values) -> System.out.printf("%-48s %8.1f%n", name, median(values)));
    ratio(figures, "create model, cold", "hello, cold");
    ratio(figures, "get model, first after snapshot", "get model, warm");
    ratio(
        figures,
        "create model, first after init, not rehearsed",
        "create model, first after snapshot");
  }

  /** A real store is never cold, and what is measured is not how fast this one warms up. */
  private void warmStore() throws Exception {
    try (Function created = start(CREATE, models(), false)) {
      for (int i = 0; i < STORE_WARM_UP; i++) {
        created.call(api.createModel());
      }
    }
  }

  /** It runs as Lambda starts a function that says nothing of how. */
  private static final String HELLO = "Hello";

  private static final String CREATE = "retl.functions.models.CreateModelHandler";
  private static final String READ = "retl.functions.models.ReadModelsHandler";

  private Path models() {
    return work.resolve("models");
  }

  private static double warm(Function function, Callable<String> event) throws Exception {
    List<Double> warm = new ArrayList<>();
    for (int i = 0; i < WARM_CALLS; i++) {
      String next = event.call();
      pause();
      warm.add(function.call(next));
    }
    return median(warm.subList(WARM_CALLS / 2, WARM_CALLS));
  }

  /**
   * Before each call but a cold one: a function asks a moment before it waits, and one that has
   * just worked answers in half the time of one that has to be woken.
   */
  private static void pause() throws InterruptedException {
    Thread.sleep(50);
  }

  private double cold(String handler, Path task, String event) throws Exception {
    long start = System.nanoTime();
    try (Function function = start(handler, task, false)) {
      function.call(event);
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private Function start(String handler, Path task, boolean isSnapshot) throws Exception {
    return new Function(handler, task, isSnapshot);
  }

  private static void add(Map<String, List<Double>> figures, String name, double value) {
    figures.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  private static void ratio(Map<String, List<Double>> figures, String above, String below) {
    System.out.printf(
        "%s / %s: %.2f%n", above, below, median(figures.get(above)) / median(figures.get(below)));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** One process of a function, and the Runtime API that it asks for events. */
  private final class Function implements AutoCloseable {
    private final HttpServer server;
    private final Process process;
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch rehearsed = new CountDownLatch(1);
    private final CountDownLatch restored = new CountDownLatch(1);
    private volatile CompletableFuture<String> answer = new CompletableFuture<>();

    Function(String handler, Path task, boolean isSnapshot) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/2018-06-01/runtime/", this::serve);
      server.start();
      List<String> command = new ArrayList<>(List.of("taskset", "-c", "1"));
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin/java").toString(),
              "-XX:+UseSerialGC",
              "-XX:MaxRAM=1024m",
              "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
              "-cp",
              runtimeClient(),
              "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
              handler));
      ProcessBuilder builder = new ProcessBuilder(command).directory(task.toFile());
      builder.environment().putAll(environment);
      builder
          .environment()
          .put("JAVA_TOOL_OPTIONS", handler.equals(HELLO) ? "-XX:TieredStopAtLevel=1" : options);
      builder.environment().put("LD_LIBRARY_PATH", task.resolve("lib").toString());
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
      builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "benchmark");
      builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");
      builder.environment().put("AWS_LAMBDA_FUNCTION_VERSION", "1");
      builder.environment().put("AWS_LAMBDA_INITIALIZATION_TYPE", isSnapshot ? "snap-start" : "on-demand");
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("functions.log").toFile()));
      process = builder.start();
    }

    /** Without the HTTP client that lies beside it for machines of other processors than Lambda's. */
    private String runtimeClient() throws IOException {
      try (Stream<Path> jars = Files.list(runtime)) {
        return jars.filter(jar -> !jar.getFileName().toString().startsWith("aws-crt"))
            .map(Path::toString)
            .filter(jar -> jar.endsWith(".jar"))
            .sorted()
            .collect(Collectors.joining(":"));
      }
    }

    /** Waits until the function has been made and asks for its first event. */
    void awaitReady() throws Exception {
      require(ready.await(60, TimeUnit.SECONDS), "The function did not start.");
      pause();
    }

    /**
     * Waits for the end of what it does before a snapshot, and lets it go on.
     *
     * @return the milliseconds until it asks for an event
     */
    double restore() throws Exception {
      require(rehearsed.await(60, TimeUnit.SECONDS), "The function did not rehearse.");
      long start = System.nanoTime();
      restored.countDown();
      require(ready.await(60, TimeUnit.SECONDS), "The function did not start.");
      double millis = (System.nanoTime() - start) / 1e6;
      pause();
      return millis;
    }

    /** The milliseconds from an event to its answer. */
    double call(String event) throws Exception {
      answer = new CompletableFuture<>();
      long start = System.nanoTime();
      events.add(event);
      String text = answer.get(60, TimeUnit.SECONDS);
      double millis = (System.nanoTime() - start) / 1e6;
      require(text.equals("{}") || text.startsWith("{\"statusCode\":20"), text);
      return millis;
    }

    double residentMegabytes() throws IOException {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
          .findFirst()
          .orElse(Double.NaN);
    }

    private void serve(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath().substring("/2018-06-01/runtime/".length());
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.equals("invocation/next")) {
          ready.countDown();
          exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "benchmark");
          exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 29_000));
          exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:benchmark");
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          send(exchange, 200, events.take());
        } else if (path.equals("restore/next")) {
          rehearsed.countDown();
          restored.await();
          send(exchange, 200, "");
        } else {
          send(exchange, 202, "");
          answer.complete(new String(body, StandardCharsets.UTF_8));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly().waitFor();
      server.stop(0);
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** The running service, for what the events need to be there, and the events. */
  private record Api(String url, String token, String workspace, String credential, String model) {
    static Api over(Map<String, Object> dev) throws Exception {
      Map<?, ?> workspace = (Map<?, ?>) ((List<?>) dev.get("workspaces")).getFirst();
      String token = (String) ((Map<?, ?>) workspace.get("tokens")).get("admin");
      Api api = new Api((String) dev.get("url"), token, (String) workspace.get("id"), "", "");
      Map<String, Object> body = new LinkedHashMap<>();
      ((Map<?, ?>) dev.get("sampleWarehouse")).forEach((key, value) -> body.put((String) key, value));
      body.put("name", "Benchmark " + System.nanoTime());
      body.put("skipValidation", true);
      String credential = api.post("/credentials", body);
      Map<String, Object> model =
          Map.of("name", "Read " + System.nanoTime(), "credentialId", credential, "sql", SQL);
      return new Api(api.url, token, api.workspace, credential, api.post("/models", model));
    }

    private static final String SQL = "SELECT id, email FROM customers WHERE country = 'DE'";

    String createModel() throws IOException {
      String body =
          JSON.std.asString(
              Map.of("name", "Created " + System.nanoTime(), "credentialId", credential, "sql", SQL));
      return event("POST", "/models", Map.of(), body);
    }

    String getModel() throws IOException {
      return event("GET", "/models/{id}", Map.of("id", model), null);
    }

    private String event(String method, String path, Map<String, String> parameters, String body)
        throws IOException {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("version", "2.0");
      event.put("routeKey", method + " " + path);
      event.put("rawPath", path.replace("{id}", parameters.getOrDefault("id", "")));
      event.put("rawQueryString", "");
      event.put("headers", Map.of("content-type", "application/json", "host", "localhost"));
      event.put("pathParameters", parameters);
      event.put(
          "requestContext",
          Map.of(
              "requestId", "benchmark",
              "http", Map.of("method", method, "path", path, "sourceIp", "192.0.2.1"),
              "authorizer",
                  Map.of("lambda", Map.of("workspace", workspace, "actor", "benchmark", "role", "admin"))));
      if (body != null) {
        event.put("body", body);
      }
      event.put("isBase64Encoded", false);
      return JSON.std.asString(event);
    }

    private String post(String path, Map<String, Object> body) throws Exception {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url + path))
                      .header("Authorization", "Bearer " + token)
                      .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(body)))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      require(response.statusCode() == 201, response.body());
      return (String) JSON.std.mapFrom(response.body()).get("id");
    }
  }
}
