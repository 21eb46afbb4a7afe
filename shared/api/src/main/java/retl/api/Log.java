package retl.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.FaultLog;
import retl.core.job.Job;

/**
 * One line of JSON per event, from an allow-list of fields: never a body, a header, or an
 * exception's message, which may quote what it was given. Lines with numbers are CloudWatch metrics
 * as well, in its embedded metric format. docs/logs.md lists fields and metrics.
 */
public final class Log {
  private static final int MAX_FRAMES = 20;
  private static final String NAMESPACE = "retl-models";

  /** What callers may put around it is left out. */
  private static final Pattern TRACE =
      Pattern.compile("(?:^|;)\\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)");

  private Log() {}

  /** A request of the API and its answer. */
  static void answered(
      Context context,
      APIGatewayV2HTTPEvent event,
      int status,
      @Nullable String code,
      long startNanos) {
    write(
        context.getLogger(),
        "INFO",
        "answered",
        json -> {
          writeRequest(json, event);
          writeCaller(json, event);
          json.writeNumberField("status", status);
          if (code != null) {
            json.writeStringField("code", code);
          }
          json.writeStringField(
              "outcome", status < 400 ? "ok" : status < 500 ? "refused" : "fault");
          json.writeNumberField("requests", 1);
          json.writeNumberField("durationMs", millisSince(startNanos));
          writeMetrics(
              json,
              List.of("route", "outcome"),
              Map.of("requests", "Count", "durationMs", "Milliseconds"));
        });
  }

  /** A function has rehearsed before a snapshot: no request. */
  static void rehearsed(int calls, long startNanos) {
    write(
        LambdaRuntime.getLogger(),
        "INFO",
        "rehearsed",
        json -> {
          json.writeNumberField("calls", calls);
          json.writeNumberField("durationMs", millisSince(startNanos));
        });
  }

  private static void writeRequest(JsonGenerator json, APIGatewayV2HTTPEvent event)
      throws IOException {
    json.writeStringField("requestId", event.getRequestContext().getRequestId());
    Map<String, String> headers = event.getHeaders();
    String trace = headers == null ? null : headers.get("x-amzn-trace-id");
    Matcher root = TRACE.matcher(Objects.requireNonNullElse(trace, ""));
    if (root.find()) {
      json.writeStringField("traceId", root.group(1));
    }
    json.writeStringField("route", event.getRouteKey());
  }

  // The authorizer's words, which no caller can write.
  private static void writeCaller(JsonGenerator json, APIGatewayV2HTTPEvent event)
      throws IOException {
    Map<String, Object> authorizer = event.getRequestContext().getAuthorizer().getLambda();
    for (String word : List.of("workspace", "actor")) {
      if (authorizer != null && authorizer.get(word) instanceof String text) {
        json.writeStringField(word, text);
      }
    }
  }

  /** A job that a worker has run. */
  public static void ran(
      Context context, String worker, Job job, boolean isFault, long startNanos) {
    write(
        context.getLogger(),
        "INFO",
        "ran",
        json -> {
          json.writeStringField("requestId", context.getAwsRequestId());
          json.writeStringField("worker", worker);
          json.writeStringField("workspace", job.workspace());
          json.writeStringField("job", job.id());
          json.writeStringField("outcome", isFault ? "fault" : "ok");
          json.writeNumberField("jobs", 1);
          json.writeNumberField("durationMs", millisSince(startNanos));
          writeMetrics(
              json,
              List.of("worker", "outcome"),
              Map.of("jobs", "Count", "durationMs", "Milliseconds"));
        });
  }

  /** What a function that nobody waits for has done, in numbers. */
  public static void counted(Context context, String event, Map<String, Long> counts) {
    write(
        context.getLogger(),
        "INFO",
        event,
        json -> {
          json.writeStringField("requestId", context.getAwsRequestId());
          for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
          }
          Map<String, String> units =
              counts.keySet().stream().collect(Collectors.toMap(name -> name, name -> "Count"));
          writeMetrics(json, List.of("event"), units);
        });
  }

  /** A fault of ours while a request was answered: which exceptions, and where. */
  static void error(Context context, APIGatewayV2HTTPEvent event, Throwable error) {
    write(
        context.getLogger(),
        "ERROR",
        "fault",
        json -> {
          writeRequest(json, event);
          writeErrors(json, error);
        });
  }

  /**
   * A fault of ours in a function that nobody waits for.
   *
   * @param what the id of what it was about
   */
  public static void error(Context context, String what, Throwable error) {
    error(context.getLogger(), context.getAwsRequestId(), what, error);
  }

  /** Writes a line for each fault of ours in a request that is answered all the same. */
  public static FaultLog faults() {
    return (caller, what, fault) ->
        error(LambdaRuntime.getLogger(), caller.requestId(), what, fault);
  }

  private static void error(LambdaLogger logger, String requestId, String what, Throwable error) {
    write(
        logger,
        "ERROR",
        "fault",
        json -> {
          json.writeStringField("requestId", requestId);
          json.writeStringField("job", what);
          writeErrors(json, error);
        });
  }

  private static void writeErrors(JsonGenerator json, Throwable error) throws IOException {
    json.writeArrayFieldStart("errors");
    for (Throwable each :
        Stream.iterate(error, e -> e != null, Throwable::getCause).limit(5).toList()) {
      json.writeStartObject();
      json.writeStringField("type", each.getClass().getName());
      json.writeArrayFieldStart("at");
      for (StackTraceElement frame : Stream.of(each.getStackTrace()).limit(MAX_FRAMES).toList()) {
        json.writeString(frame.toString());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long millisSince(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
  }

  // CloudWatch makes metrics of these fields of the line; no agent and no call is needed.
  private static void writeMetrics(
      JsonGenerator json, List<String> dimensions, Map<String, String> units) throws IOException {
    json.writeObjectFieldStart("_aws");
    json.writeNumberField("Timestamp", System.currentTimeMillis());
    json.writeArrayFieldStart("CloudWatchMetrics");
    json.writeStartObject();
    json.writeStringField("Namespace", NAMESPACE);
    json.writeArrayFieldStart("Dimensions");
    json.writeStartArray();
    for (String dimension : dimensions) {
      json.writeString(dimension);
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (Map.Entry<String, String> unit : units.entrySet()) {
      json.writeStartObject();
      json.writeStringField("Name", unit.getKey());
      json.writeStringField("Unit", unit.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(LambdaLogger logger, String level, String event, Json.Writing fields) {
    String line =
        Json.text(
            json -> {
              // All but printable ASCII is escaped: some readers of logs end a line at U+0085 or
              // U+2028.
              json.setHighestNonEscapedChar('~');
              json.writeStartObject();
              json.writeStringField("level", level);
              json.writeStringField("event", event);
              fields.write(json);
              json.writeEndObject();
            });
    logger.log(line + "\n");
  }
}
