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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.PostgresSettings;
import retl.core.credential.SavedCredentials;

/**
 * Runs a function's own path before Lambda takes the snapshot that later starts are made of, so
 * that their first call finds classes loaded and code compiled.
 *
 * <p>The rehearsed calls come from a workspace that cannot exist and name things that do not, so
 * whatever they would write is refused by its own condition; nothing is logged of them. They need
 * no key, so no secret is in the snapshot. What keeps sockets closes them itself before the
 * snapshot.
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

  /** The JVM compiles what is called some hundred times; most is called several times a call. */
  private static final int TIMES = 40;

  private final RequestStreamHandler handler;
  private final List<String> events;

  private Priming(RequestStreamHandler handler, List<String> events) {
    this.handler = handler;
    this.events = List.copyOf(events);
  }

  /**
   * Rehearses these events before the snapshot. The function keeps what is returned: who is to be
   * told of a snapshot is held weakly.
   */
  public static Priming of(RequestStreamHandler handler, List<String> events) {
    Priming priming = new Priming(handler, events);
    Core.getGlobalContext().register(priming);
    return priming;
  }

  static Priming of(ApiHandler handler, Route... routes) {
    return of(handler, List.of(routes).stream().map(Priming::event).toList());
  }

  /**
   * Finds credentials in the workspace that cannot exist, and everywhere else what is saved: so the
   * rehearsal of a call that writes goes all the way to the transaction, which the table refuses
   * because they are not there.
   */
  public static SavedCredentials withCredentials(SavedCredentials saved) {
    return (workspace, id) ->
        saved
            .find(workspace, id)
            .or(() -> workspace.equals(WORKSPACE) ? Optional.of(credential(id)) : Optional.empty());
  }

  private static Credential credential(String id) {
    Instant never = Instant.EPOCH;
    return new Credential(
        id,
        "Priming",
        new PostgresSettings("priming.invalid", 5432, "none", "none", "verify-full", "none"),
        List.of("password"),
        1,
        1,
        Credential.Status.UNVALIDATED,
        null,
        never,
        "priming",
        never,
        "priming",
        1);
  }

  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> snapshot) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      for (String event : events) {
        handler.handleRequest(
            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
            OutputStream.nullOutputStream(),
            new Silent());
      }
    }
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> snapshot) {
    // The next call is a call like any other.
  }

  /** A call of the route whose ids name nothing, so that it is refused. */
  public static String event(Route route) {
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
          if (route.method().equals("POST")) {
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

  /** As complete as it can be for a call that must be refused: what it names is not there. */
  private static String body(Route route) {
    return switch (route) {
      case CREATE_MODEL ->
          "{\"name\": \"Priming\", \"credentialId\": \"crd_%s\", \"sql\": \"%s\"}"
              .formatted(NOTHING, SQL);
      case CREATE_PREVIEW ->
          "{\"credentialId\": \"crd_%s\", \"sql\": \"%s\"}".formatted(NOTHING, SQL);
      case CREATE_SOURCE -> "{\"name\": \"Priming\", \"modelId\": \"mdl_%s\"}".formatted(NOTHING);
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
