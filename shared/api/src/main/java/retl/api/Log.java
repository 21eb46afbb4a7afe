package retl.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import retl.api.json.Json;

/**
 * One line of JSON per event, from an allow-list of fields: never a body, a header, or an
 * exception's message, which may quote what it was given.
 */
public final class Log {
  private static final int MAX_FRAMES = 20;

  private Log() {}

  static void answered(
      Context context, String requestId, String route, int status, long startNanos) {
    long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
    write(
        context,
        json -> {
          json.writeStringField("level", "INFO");
          json.writeStringField("event", "answered");
          json.writeStringField("requestId", requestId);
          json.writeStringField("route", route);
          json.writeNumberField("status", status);
          json.writeNumberField("durationMs", millis);
        });
  }

  /** What a function that nobody waits for has done, in numbers. */
  public static void counted(Context context, String event, Map<String, Long> counts) {
    write(
        context,
        json -> {
          json.writeStringField("level", "INFO");
          json.writeStringField("event", event);
          for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
          }
        });
  }

  /** A fault of ours: which exceptions, and where. */
  public static void error(Context context, String requestId, String what, Throwable error) {
    write(
        context,
        json -> {
          json.writeStringField("level", "ERROR");
          json.writeStringField("event", "fault");
          json.writeStringField("requestId", requestId);
          json.writeStringField("route", what);
          json.writeArrayFieldStart("errors");
          for (Throwable each : causes(error)) {
            writeError(json, each);
          }
          json.writeEndArray();
        });
  }

  private static List<Throwable> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause).limit(5).toList();
  }

  private static void writeError(JsonGenerator json, Throwable error) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", error.getClass().getName());
    json.writeArrayFieldStart("at");
    for (StackTraceElement frame :
        List.of(error.getStackTrace()).stream().limit(MAX_FRAMES).toList()) {
      json.writeString(frame.toString());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(Context context, Json.Writing fields) {
    String line =
        Json.text(
            json -> {
              // All but printable ASCII is escaped: some readers of logs end a line at U+0085 or
              // U+2028.
              json.setHighestNonEscapedChar('~');
              json.writeStartObject();
              fields.write(json);
              json.writeEndObject();
            });
    context.getLogger().log(line + "\n");
  }
}
