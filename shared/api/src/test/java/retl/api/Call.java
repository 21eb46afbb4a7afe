package retl.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Caller;

/** A call of the API as API Gateway hands it to a function, and what the function answers. */
public final class Call {
  private final String routeKey;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, String> query = new LinkedHashMap<>();
  private final Map<String, String> path = new LinkedHashMap<>();
  private final Map<String, String> authorizer = new LinkedHashMap<>();
  private String rawPath;
  private @Nullable String body;
  private boolean isBase64;

  private Call(String routeKey) {
    this.routeKey = routeKey;
    this.rawPath = routeKey.substring(routeKey.indexOf(' ') + 1);
  }

  /** A call of the route with this key, such as {@code GET /models/{id}}. */
  public static Call of(String routeKey) {
    return new Call(routeKey);
  }

  /** A call of a route that nobody has: the gateway gives it to the route {@code $default}. */
  public static Call ofUnknown(String rawPath) {
    Call call = new Call("$default");
    call.rawPath = rawPath;
    return call;
  }

  /** Who calls, in the words of the authorizer. */
  public Call as(Caller caller) {
    authorizer.put("workspace", caller.workspace());
    authorizer.put("actor", caller.actor());
    authorizer.put("role", caller.role().wireName());
    return this;
  }

  /** One word of the authorizer more, or another one. */
  public Call authorized(String key, String value) {
    authorizer.put(key, value);
    return this;
  }

  /** The {@code {id}} of the path. */
  public Call id(String id) {
    return inPath("id", id);
  }

  /** What stands in the path at this name. */
  public Call inPath(String name, String value) {
    path.put(name, value);
    rawPath = rawPath.replace("{" + name + "}", value);
    return this;
  }

  /** A header by its lower-case name. */
  public Call header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** A query parameter. */
  public Call query(String name, String value) {
    query.put(name, value);
    return this;
  }

  /** The body as it was sent. */
  public Call body(String text) {
    body = text;
    return this;
  }

  /** The body as the gateway hands over what is no text. */
  public Call base64(String text) {
    body = text;
    isBase64 = true;
    return this;
  }

  /** The event, payload format 2.0. */
  public String event() {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", "2.0");
          json.writeStringField("routeKey", routeKey);
          json.writeStringField("rawPath", rawPath);
          writeTexts(json, "headers", headers);
          writeTexts(json, "queryStringParameters", query);
          writeTexts(json, "pathParameters", path);
          json.writeObjectFieldStart("requestContext");
          json.writeStringField("requestId", "req-1");
          json.writeObjectFieldStart("authorizer");
          writeTexts(json, "lambda", authorizer);
          json.writeEndObject();
          json.writeEndObject();
          if (body != null) {
            json.writeStringField("body", body);
          }
          json.writeBooleanField("isBase64Encoded", isBase64);
          json.writeEndObject();
        });
  }

  // What is empty is not there, as in the gateway's own events.
  private static void writeTexts(JsonGenerator json, String field, Map<String, String> texts)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeObjectFieldStart(field);
      for (Map.Entry<String, String> text : texts.entrySet()) {
        json.writeStringField(text.getKey(), text.getValue());
      }
      json.writeEndObject();
    }
  }

  /** What the handler answers. */
  public Answer to(RequestStreamHandler handler) {
    TestContext context = new TestContext();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event().getBytes(UTF_8)), output, context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Answer.of(output.toString(UTF_8), context.lines());
  }

  /**
   * An answer.
   *
   * @param log the lines that were written to the log meanwhile
   */
  public record Answer(int status, Map<String, String> headers, String body, List<String> log) {

    @SuppressWarnings("unchecked") // The answer's shape is payload format 2.0.
    static Answer of(String text, List<String> log) {
      Map<String, Object> answer = (Map<String, Object>) Objects.requireNonNull(Json.parse(text));
      return new Answer(
          ((Long) get(answer, "statusCode")).intValue(),
          (Map<String, String>) get(answer, "headers"),
          (String) get(answer, "body"),
          log);
    }

    private static Object get(Map<String, Object> object, String field) {
      return Objects.requireNonNull(object.get(field), field);
    }

    /** A header, which must be there. */
    public String header(String name) {
      return Objects.requireNonNull(headers.get(name), name);
    }

    /** The body's fields. */
    @SuppressWarnings("unchecked") // Every answer with a body is an object.
    public Map<String, Object> json() {
      return (Map<String, Object>) Objects.requireNonNull(Json.parse(body));
    }

    /** A text in the body, which must be there. */
    public String text(String field) {
      return (String) get(json(), field);
    }

    /** The bad fields, each as {@code field code}. */
    public List<String> badFields() {
      return ((List<?>) get(json(), "errors"))
          .stream()
              .map(error -> (Map<?, ?>) error)
              .map(error -> (error.get("field") + " " + error.get("code")).strip())
              .toList();
    }
  }
}
