package retl.api;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Ids;
import retl.core.Rehearsal;
import retl.core.Role;

/**
 * Runs a function's own path before Lambda takes the snapshot that later starts are made of, so
 * that their first call finds classes loaded and code compiled.
 *
 * <p>The calls come from a workspace that cannot exist and name things that do not. Made for real
 * they are refused, before anything would be written; in a {@link Rehearsal} they succeed, and
 * nothing is sent. Of all of them together one line is logged. They need no key, so no secret is in
 * the snapshot. What keeps sockets closes them itself before the snapshot.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">AWS:
 *     Lambda SnapStart runtime hooks for Java</a>
 */
public final class Priming implements Resource {
  /** No workspace has this id: it is older than the service. */
  static final String WORKSPACE = "wsp_" + "0".repeat(Ids.RANDOM_LENGTH);

  /** What ids of things that never were end with. */
  private static final String NOTHING = "0".repeat(Ids.RANDOM_LENGTH);

  private static final String SQL =
      "WITH c AS (SELECT id, email FROM customers WHERE country = 'DE') SELECT * FROM c";

  /**
   * How often each route is rehearsed, and how often all together are called for real, over the
   * HTTP client that a rehearsal leaves out. As the template starts it, the JVM compiles what was
   * called a hundred times, or more often while much else waits to be compiled, and looks at every
   * 64th call whether it was.
   */
  private static final int CALLS = 260;

  /**
   * What Lambda's client of the runtime loads for a first call. It would not only take its time
   * then: code that was compiled while there was one class of contexts alone would be thrown away
   * for a second one.
   */
  private static final List<String> RUNTIME =
      List.of(
          "com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext",
          "com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal");

  private final RequestStreamHandler handler;
  private final List<String> events;

  private Priming(RequestStreamHandler handler, List<String> events) {
    this.handler = handler;
    this.events = List.copyOf(events);
  }

  /**
   * Rehearses these events before the snapshot; for functions that have one ahead, since asking to
   * be told takes a start 45 ms. The function keeps what is returned: who is to be told is held
   * weakly.
   */
  public static Priming of(RequestStreamHandler handler, List<String> events) {
    Priming priming = new Priming(handler, events);
    Core.getGlobalContext().register(priming);
    return priming;
  }

  static Priming of(ApiHandler handler, Route... routes) {
    return of(handler, Stream.of(routes).flatMap(Priming::events).toList());
  }

  /** Calls of the route: one with an idempotency key and one without, where it takes any. */
  static Stream<String> events(Route route) {
    return route.method().equals("POST")
        ? Stream.of(event(route, true), event(route, false))
        : Stream.of(event(route, false));
  }

  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> snapshot) throws IOException {
    long start = System.nanoTime();
    loadRuntime();
    int eachForReal = Math.ceilDiv(CALLS, events.size());
    callEach(eachForReal);
    Rehearsal.run(() -> callEach(CALLS));
    // The runtime's own logger is rehearsed by this line, too.
    Log.rehearsed(events.size() * (eachForReal + CALLS), start);
  }

  private static void loadRuntime() {
    for (String name : RUNTIME) {
      try {
        Class.forName(name);
      } catch (ClassNotFoundException e) {
        // Another version of the client, which loads what it needs by itself.
      }
    }
  }

  // It opens the connection that the first caller would have to wait for.
  @Override
  public void afterRestore(org.crac.Context<? extends Resource> snapshot) {
    try {
      call(events.getFirst());
    } catch (IOException | RuntimeException e) {
      // Lambda would give up the whole restore. The caller's own call meets the fault and says so.
      return;
    }
  }

  private void callEach(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      for (String event : events) {
        call(event);
      }
    }
  }

  private void call(String event) throws IOException {
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
        OutputStream.nullOutputStream(),
        new Silent());
  }

  /** A call of the route whose ids name nothing, so that it is refused. */
  public static String event(Route route) {
    return event(route, route.method().equals("POST"));
  }

  private static String event(Route route, boolean hasKey) {
    String id = id(route);
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", "2.0");
          json.writeStringField("routeKey", route.key());
          json.writeStringField("rawPath", path(route, id));
          json.writeStringField("rawQueryString", "");
          json.writeObjectFieldStart("headers");
          json.writeStringField("content-type", "application/json");
          if (hasKey) {
            // Looking for the receipt of an earlier call is a read of the table.
            json.writeStringField("idempotency-key", "priming");
          }
          json.writeEndObject();
          json.writeObjectFieldStart("pathParameters");
          json.writeStringField("id", id);
          json.writeStringField("n", "1");
          json.writeStringField("checkId", "kch_" + NOTHING);
          json.writeEndObject();
          json.writeObjectFieldStart("requestContext");
          json.writeStringField("requestId", "priming");
          json.writeObjectFieldStart("http");
          json.writeStringField("method", route.method());
          json.writeEndObject();
          json.writeObjectFieldStart("authorizer");
          json.writeObjectFieldStart("lambda");
          json.writeStringField("workspace", WORKSPACE);
          json.writeStringField("actor", "priming");
          json.writeStringField("role", Role.ADMIN.wireName());
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
          if (!route.method().equals("GET")) {
            json.writeStringField("body", body(route));
          }
          json.writeBooleanField("isBase64Encoded", false);
          json.writeEndObject();
        });
  }

  /**
   * As complete as it can be for a call that is refused when it is made for real: what it names is
   * not there. What names nothing, new credentials and tokens, is not complete.
   */
  private static String body(Route route) {
    return switch (route) {
      case CREATE_MODEL ->
          "{\"name\": \"Priming\", \"credentialId\": \"crd_%s\", \"sql\": \"%s\"}"
              .formatted(NOTHING, SQL);
      case CREATE_PREVIEW ->
          "{\"credentialId\": \"crd_%s\", \"sql\": \"%s\"}".formatted(NOTHING, SQL);
      case CREATE_SOURCE -> "{\"name\": \"Priming\", \"modelId\": \"mdl_%s\"}".formatted(NOTHING);
      case CREATE_VALIDATION -> "{\"credentialId\": \"crd_%s\"}".formatted(NOTHING);
      case CREATE_KEY_CHECK -> "{\"columns\": [\"id\"]}";
      case UPDATE_MODEL, UPDATE_SOURCE, UPDATE_CREDENTIAL -> "{\"name\": \"Priming\"}";
      default -> "{}";
    };
  }

  private static String path(Route route, String id) {
    return route
        .path()
        .replace("{id}", id)
        .replace("{n}", "1")
        .replace("{checkId}", "kch_" + NOTHING);
  }

  private static String id(Route route) {
    String type =
        switch (route.path().split("/", -1)[1]) {
          case "models" -> "mdl";
          case "credentials" -> "crd";
          case "previews" -> "prv";
          case "validations" -> "val";
          case "sources" -> "src";
          case "tokens" -> "tok";
          default -> "xxx";
        };
    return type + "_" + NOTHING;
  }

  /** The context of a call that nobody made. */
  private static final class Silent implements Context, LambdaLogger {
    @Override
    public LambdaLogger getLogger() {
      return this;
    }

    @Override
    public void log(String message) {
      // There is no caller whom a line could be of use to.
    }

    @Override
    public void log(byte[] message) {
      // As above.
    }

    @Override
    public String getAwsRequestId() {
      return "priming";
    }

    @Override
    public String getLogGroupName() {
      return "";
    }

    @Override
    public String getLogStreamName() {
      return "";
    }

    @Override
    public String getFunctionName() {
      return "";
    }

    @Override
    public String getFunctionVersion() {
      return "";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "";
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
      return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
      return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 25_000;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 1024;
    }
  }
}
