package retl.callers;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retl.local.Functions;
import retl.local.Template;
import retl.local.Template.Route;

/**
 * The service's own functions, called as API Gateway calls them: the authorizer, then the route.
 */
final class Deployment {
  private final Template template;
  private final Functions functions;

  Deployment(Template template, Functions functions) {
    this.template = template;
    this.functions = functions;
  }

  /** The routes of the template. */
  List<Route> routes() {
    return template.routes();
  }

  /** Answers a call, which must name a route of the template. */
  Answer call(Call call) {
    return call(call, route(call).authorizer().isPresent() ? authorized(call) : null);
  }

  /** What the authorizer says of a call's token, which the gateway keeps for a while. */
  @Nullable Object authorized(Call call) {
    String function = route(call).authorizer().orElseThrow().function();
    Map<String, Object> event = Map.of("headers", Map.of("authorization", "Bearer " + call.token));
    return invoke(function, event).get("context");
  }

  /** Answers a call of a caller whom the authorizer has let in before. */
  Answer call(Call call, @Nullable Object authorized) {
    Route route = route(call);
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("requestId", call.requestId);
    context.put("http", Map.of("method", route.method()));
    if (route.authorizer().isPresent() && authorized != null) {
      context.put("authorizer", Map.of("lambda", authorized));
    }
    return new Answer(invoke(route.function(), call.event(context)));
  }

  private Route route(Call call) {
    return template.routes().stream()
        .filter(each -> each.key().equals(call.route))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No route " + call.route));
  }

  /** Invokes a function by its logical id. */
  Map<?, ?> invoke(String function, Object event) {
    try {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      functions
          .find(function)
          .orElseThrow(() -> new IllegalArgumentException("No function " + function))
          .invoke(
              "invocation",
              new ByteArrayInputStream(JSON.std.asString(event).getBytes(StandardCharsets.UTF_8)),
              answer);
      return JSON.std.mapFrom(answer.toString(StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A field that must be there. */
  static Object field(Map<?, ?> object, String name) {
    return Objects.requireNonNull(object.get(name), name);
  }

  /** The token in an answer of the bootstrap function. */
  static String bootstrapped(Map<?, ?> answer) {
    return (String) field((Map<?, ?>) field(answer, "token"), "token");
  }

  /** A request. */
  record Call(
      String route,
      String token,
      String requestId,
      Map<String, String> path,
      Map<String, String> query,
      Map<String, String> headers,
      @Nullable String body) {

    static Call of(String route, String token) {
      return new Call(route, token, "req", Map.of(), Map.of(), Map.of(), null);
    }

    Call path(String name, String value) {
      return new Call(route, token, requestId, with(path, name, value), query, headers, body);
    }

    Call query(String name, String value) {
      return new Call(route, token, requestId, path, with(query, name, value), headers, body);
    }

    Call header(String name, String value) {
      return new Call(route, token, requestId, path, query, with(headers, name, value), body);
    }

    Call body(Object value) {
      try {
        return new Call(route, token, requestId, path, query, headers, JSON.std.asString(value));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The fields of its body. */
    Map<String, Object> fields() {
      try {
        return body == null ? Map.of() : JSON.std.mapFrom(body);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(map);
      more.put(name, value);
      return more;
    }

    private Map<String, Object> event(Map<String, Object> context) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("version", "2.0");
      event.put("routeKey", route);
      event.put("rawPath", rawPath());
      event.put("headers", headers);
      event.put("queryStringParameters", query);
      event.put("pathParameters", path);
      event.put("requestContext", context);
      if (body != null) {
        event.put("body", body);
      }
      return event;
    }

    private String rawPath() {
      String raw = route.substring(route.indexOf(' ') + 1);
      for (Map.Entry<String, String> each : path.entrySet()) {
        raw = raw.replace("{" + each.getKey() + "}", each.getValue());
      }
      return raw;
    }
  }

  /** What a call was answered. */
  record Answer(Map<?, ?> whole) {
    int status() {
      return (Integer) field(whole, "statusCode");
    }

    String bodyText() {
      return (String) field(whole, "body");
    }

    Map<?, ?> headers() {
      return (Map<?, ?>) field(whole, "headers");
    }

    Map<?, ?> body() {
      try {
        return JSON.std.mapFrom(bodyText());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    String text(String field) {
      return String.valueOf(body().get(field));
    }

    /** The items of a list. */
    List<Map<?, ?>> items() {
      List<Map<?, ?>> items = new ArrayList<>();
      ((List<?>) field(body(), "items")).forEach(item -> items.add((Map<?, ?>) item));
      return items;
    }
  }
}
