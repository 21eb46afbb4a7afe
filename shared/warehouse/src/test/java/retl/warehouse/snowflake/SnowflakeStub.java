package retl.warehouse.snowflake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import retl.warehouse.Certificate;

/**
 * Snowflake's HTTP protocol, spoken by this JVM: the real driver logs in, runs statements, waits
 * for results, fetches parts of them, renews its session and closes it. What a statement gives is
 * told by each test; nothing here understands SQL.
 */
final class SnowflakeStub implements AutoCloseable {
  /** The context of a session as the login answers it; null where the role has no access. */
  record Context(@Nullable String role, @Nullable String warehouse, @Nullable String database) {}

  /**
   * A request that was made.
   *
   * @param body its values by their paths
   */
  record Call(String path, String query, String authorization, Map<String, String> body) {
    String sql() {
      return body.getOrDefault("sqlText", "");
    }
  }

  /** What the stub answers: a status and a JSON text. */
  record Answer(int status, String body) {}

  private record Statement(String part, Function<Call, Answer> answer) {}

  static {
    // As Snowflake itself does; else the second packet of an answer may wait 40 ms for the driver.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final String OK = "\"code\":null,\"message\":null,\"success\":true}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<Function<Call, Answer>>> scripts = new ConcurrentHashMap<>();
  private final Map<String, Function<Call, Answer>> paths = new ConcurrentHashMap<>();
  private final List<Statement> statements = new CopyOnWriteArrayList<>();
  private final Map<String, Object> sessionParameters = new ConcurrentHashMap<>();
  private volatile Context context = new Context("READER", "LOADING", "SHOP");

  private SnowflakeStub(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** One with the certificate that this JVM trusts, for every name of Snowflake's. */
  static SnowflakeStub withTls() {
    try {
      HttpsServer server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(Certificate.trusted().context()));
      return new SnowflakeStub(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One as an emulator on this machine is. */
  static SnowflakeStub withoutTls() {
    try {
      return new SnowflakeStub(HttpServer.create(anyPort(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Every request so far. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Keeps no call that was made so far. */
  void forgetCalls() {
    calls.clear();
  }

  /** The SQL of every request so far. */
  List<String> statements() {
    return calls.stream()
        .filter(it -> it.path().endsWith("/query-request"))
        .map(Call::sql)
        .toList();
  }

  /** What every login answers from now on. */
  void context(Context context) {
    this.context = context;
  }

  /** What the next request of a path is answered, once for each time that this is called. */
  void next(String path, Function<Call, Answer> answer) {
    scripts.computeIfAbsent(path, it -> new ConcurrentLinkedQueue<>()).add(answer);
  }

  /** What every request of a path is answered from now on. */
  void always(String path, Function<Call, Answer> answer) {
    paths.put(path, answer);
  }

  /** What each statement that has this part is answered; what was told last counts. */
  void on(String partOfSql, Function<Call, Answer> answer) {
    statements.addFirst(new Statement(partOfSql, answer));
  }

  /** What each statement that has this part gives. */
  void rows(String partOfSql, List<Map<String, Object>> columns, List<? extends List<?>> rows) {
    on(partOfSql, call -> result(columns, rows));
  }

  /** A result of texts alone, as SHOW gives it. */
  void texts(String partOfSql, List<String> names, List<? extends List<?>> rows) {
    rows(partOfSql, names.stream().map(it -> column(it, "text")).toList(), rows);
  }

  static Map<String, Object> column(String name, String type) {
    return column(name, type, 0, 0, 16_777_216);
  }

  static Map<String, Object> column(
      String name, String type, int precision, int scale, int length) {
    Map<String, Object> column = new LinkedHashMap<>();
    column.put("name", name);
    column.put("type", type);
    column.put("precision", precision);
    column.put("scale", scale);
    column.put("length", length);
    column.put("nullable", true);
    return column;
  }

  Answer result(List<Map<String, Object>> columns, List<? extends List<?>> rows) {
    return result(columns, rows, "");
  }

  /**
   * A result.
   *
   * @param more further fields of the data, each with a comma before it
   */
  Answer result(List<Map<String, Object>> columns, List<? extends List<?>> rows, String more) {
    return new Answer(
        200,
        "{\"data\":{\"parameters\":"
            + JsonText.of(parameters())
            + ",\"rowtype\":"
            + JsonText.of(columns)
            + ",\"rowset\":"
            + JsonText.of(rows)
            + ",\"total\":"
            + rows.size()
            + ",\"returned\":"
            + rows.size()
            + ",\"queryId\":\"01b2-0001\",\"numberOfBinds\":0,\"arrayBindSupported\":false"
            + ",\"statementTypeId\":4096,\"version\":1,\"queryResultFormat\":\"json\""
            + more
            + "},"
            + OK);
  }

  /** An error of a statement. */
  static Answer error(int code, String sqlState, String message) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("errorCode", "%06d".formatted(code));
    data.put("sqlState", sqlState);
    data.put("queryId", "01b2-0002");
    return new Answer(
        200,
        "{\"data\":"
            + JsonText.of(data)
            + ",\"code\":\"%06d\",\"message\":".formatted(code)
            + JsonText.of(message)
            + ",\"success\":false}");
  }

  /** A login that is refused. */
  static Answer refusal(int code, String message) {
    return new Answer(
        200,
        "{\"data\":{\"authnMethod\":\"USERNAME_PASSWORD\"},\"code\":\"%d\",\"message\":"
                .formatted(code)
            + JsonText.of(message)
            + ",\"success\":false}");
  }

  /** The answer that a statement still runs, and where to ask for it. */
  static Answer inProgress() {
    return new Answer(
        200,
        "{\"data\":{\"getResultUrl\":\"/queries/01b2-0001/result\",\"queryId\":\"01b2-0001\"},"
            + "\"code\":\"333333\",\"message\":null,\"success\":true}");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = read(exchange);
      calls.add(call);
      Answer answer = answer(call);
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Call read(HttpExchange exchange) throws IOException {
    byte[] bytes;
    try (InputStream in = exchange.getRequestBody()) {
      boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      bytes = (isZipped ? new GZIPInputStream(in) : in).readAllBytes();
    }
    String text = new String(bytes, UTF_8);
    return new Call(
        exchange.getRequestURI().getPath(),
        String.valueOf(exchange.getRequestURI().getRawQuery()),
        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
        text.startsWith("{") ? JsonText.flat(text) : Map.of());
  }

  private Answer answer(Call call) {
    Queue<Function<Call, Answer>> script =
        scripts.getOrDefault(call.path(), new ConcurrentLinkedQueue<>());
    Function<Call, Answer> scripted = script.poll();
    if (scripted != null) {
      return scripted.apply(call);
    }
    Function<Call, Answer> always = paths.get(call.path());
    if (always != null) {
      return always.apply(call);
    }
    return switch (call.path()) {
      case "/session/v1/login-request" -> login(call);
      case "/queries/v1/query-request" -> query(call);
      case "/session/token-request" ->
          new Answer(
              200, "{\"data\":{\"sessionToken\":\"renewed\",\"masterToken\":\"master2\"}," + OK);
      case "/session", "/queries/v1/abort-request", "/telemetry/send" ->
          new Answer(200, "{\"data\":null," + OK);
      default -> new Answer(404, "");
    };
  }

  private Answer login(Call call) {
    sessionParameters.clear();
    call.body()
        .forEach(
            (path, value) -> {
              if (path.startsWith("data.SESSION_PARAMETERS.")) {
                sessionParameters.put(path.substring(path.lastIndexOf('.') + 1), value);
              }
            });
    return loggedIn();
  }

  /** The answer to a login that is let in. */
  Answer loggedIn() {
    Map<String, @Nullable Object> session = new LinkedHashMap<>();
    session.put("databaseName", context.database());
    session.put("schemaName", null);
    session.put("warehouseName", context.warehouse());
    session.put("roleName", context.role());
    return new Answer(
        200,
        "{\"data\":{\"token\":\"first\",\"masterToken\":\"master\",\"masterValidityInSeconds\":14400"
            + ",\"sessionId\":4711,\"serverVersion\":\"9.30.1\",\"parameters\":"
            + JsonText.of(parameters())
            + ",\"sessionInfo\":"
            + JsonText.of(session)
            + "},"
            + OK);
  }

  private List<Map<String, Object>> parameters() {
    List<Map<String, Object>> parameters = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("AUTOCOMMIT", true);
    values.put("CLIENT_TELEMETRY_ENABLED", false);
    values.put("CLIENT_RESULT_CHUNK_SIZE", 48);
    values.put("CLIENT_PREFETCH_THREADS", 1);
    values.put("CLIENT_MEMORY_LIMIT", 128);
    values.put("TIMESTAMP_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM");
    values.put("TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3");
    values.put("TIMESTAMP_LTZ_OUTPUT_FORMAT", "");
    values.put("TIMESTAMP_TZ_OUTPUT_FORMAT", "");
    values.put("DATE_OUTPUT_FORMAT", "YYYY-MM-DD");
    values.put(
        "TIME_OUTPUT_FORMAT", sessionParameters.getOrDefault("TIME_OUTPUT_FORMAT", "HH24:MI:SS"));
    values.put("TIMEZONE", sessionParameters.getOrDefault("TIMEZONE", "America/Los_Angeles"));
    values.put("BINARY_OUTPUT_FORMAT", "HEX");
    values.forEach((name, value) -> parameters.add(Map.of("name", name, "value", value)));
    return parameters;
  }

  private Answer query(Call call) {
    return statements.stream()
        .filter(it -> call.sql().contains(it.part()))
        .findFirst()
        .map(it -> it.answer().apply(call))
        .orElseGet(() -> error(1003, "42000", "The stub knows nothing of: " + call.sql()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
