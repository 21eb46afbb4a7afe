package retl.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What API Gateway does for web pages of other origins, by an API's {@code CorsConfiguration}: it
 * answers a browser's preflight request itself, and adds its headers to the answers of functions.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html">CORS
 *     for HTTP APIs</a>
 */
final class Cors {
  private final TemplateValue configuration;
  private final Set<String> origins;

  /**
   * @param configuration the API's, as it stands in the template; a condition around it holds
   * @param origins of the web pages that may call, exactly as browsers send them
   */
  Cors(TemplateValue configuration, Set<String> origins) {
    TemplateValue condition = configuration.at("Fn::If");
    this.configuration = condition.items().isEmpty() ? configuration : condition.items().get(1);
    this.origins = Set.copyOf(origins);
  }

  /**
   * The answer to a preflight request; empty for every other request, and when no page may call.
   */
  Optional<GatewayAnswer> preflight(HttpExchange exchange) {
    boolean isPreflight =
        exchange.getRequestMethod().equals("OPTIONS")
            && exchange.getRequestHeaders().containsKey("Origin")
            && exchange.getRequestHeaders().containsKey("Access-Control-Request-Method");
    return isPreflight && !origins.isEmpty()
        ? Optional.of(GatewayAnswer.empty())
        : Optional.empty();
  }

  /** Adds what a page of an allowed origin needs to any answer; another page gets nothing. */
  void allow(HttpExchange exchange) {
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null && origins.contains(origin)) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Access-Control-Allow-Methods", list("AllowMethods"));
      headers.set("Access-Control-Allow-Headers", list("AllowHeaders"));
      headers.set("Access-Control-Expose-Headers", list("ExposeHeaders"));
      headers.set("Access-Control-Max-Age", configuration.at("MaxAge").text());
      headers.set("Vary", "Origin");
    }
  }

  private String list(String name) {
    return configuration.at(name).items().stream()
        .map(TemplateValue::text)
        .collect(Collectors.joining(","));
  }
}
