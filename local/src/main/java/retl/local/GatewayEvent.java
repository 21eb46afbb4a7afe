package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The events that API Gateway makes of a request, in payload format 2.0: one for the authorizer,
 * one for the function.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
 *     integrations</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html">Lambda
 *     authorizers</a>
 */
final class GatewayEvent {
  private static final String ACCOUNT = "000000000000";
  private static final String API = "local";
  private static final DateTimeFormatter COMMON_LOG_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Bodies of every other type reach the function in base64. */
  private static final Pattern TEXT_TYPE =
      Pattern.compile(
          "(text/.*|application/(json|javascript|xml|[^;]+\\+(json|xml)))\\s*(;.*)?",
          Pattern.CASE_INSENSITIVE);

  private final HttpExchange exchange;
  private final Routes.Match match;
  private final String requestId;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> cookies = new ArrayList<>();

  GatewayEvent(HttpExchange exchange, Routes.Match match, String requestId) {
    this.exchange = exchange;
    this.match = match;
    this.requestId = requestId;
    exchange.getRequestHeaders().forEach(this::header);
    headers.put("x-forwarded-for", sourceIp());
    headers.put("x-forwarded-port", Integer.toString(exchange.getLocalAddress().getPort()));
    headers.put("x-forwarded-proto", "http");
  }

  /** The path of a request as API Gateway sees it: decoded. */
  static String path(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** What the authorizer's function is asked. */
  Map<String, Object> forAuthorizer(List<String> identity) {
    Map<String, Object> event = event(context());
    event.put("type", "REQUEST");
    event.put(
        "routeArn",
        "arn:aws:execute-api:us-east-1:%s:%s/$default/%s%s"
            .formatted(ACCOUNT, API, exchange.getRequestMethod(), path(exchange)));
    event.put("identitySource", identity);
    return event;
  }

  /**
   * What the route's function is given.
   *
   * @param caller what the authorizer said of the caller; empty when the route has none
   */
  Map<String, Object> forFunction(Optional<Map<?, ?>> caller, byte[] body) {
    Map<String, Object> context = context();
    caller.ifPresent(said -> context.put("authorizer", Map.of("lambda", said)));
    Map<String, Object> event = event(context);
    Optional<String> text = text(body);
    event.put("isBase64Encoded", text.isEmpty() && body.length > 0);
    if (body.length > 0) {
      event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)));
    }
    return event;
  }

  private Map<String, Object> event(Map<String, Object> context) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", match.route().key());
    event.put("rawPath", path(exchange));
    event.put("rawQueryString", query());
    if (!cookies.isEmpty()) {
      event.put("cookies", cookies);
    }
    event.put("headers", headers);
    if (!query().isEmpty()) {
      event.put("queryStringParameters", queryParameters());
    }
    if (!match.parameters().isEmpty()) {
      event.put("pathParameters", match.parameters());
    }
    event.put("requestContext", context);
    return event;
  }

  private Map<String, Object> context() {
    Instant now = Instant.now();
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("method", exchange.getRequestMethod());
    http.put("path", path(exchange));
    http.put("protocol", exchange.getProtocol());
    http.put("sourceIp", sourceIp());
    http.put("userAgent", header("user-agent").orElse(""));
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("accountId", ACCOUNT);
    context.put("apiId", API);
    context.put("domainName", header("host").orElse("127.0.0.1"));
    context.put("domainPrefix", API);
    context.put("http", http);
    context.put("requestId", requestId);
    context.put("routeKey", match.route().key());
    context.put("stage", "$default");
    context.put("time", COMMON_LOG_TIME.format(now));
    context.put("timeEpoch", now.toEpochMilli());
    return context;
  }

  private void header(String name, List<String> values) {
    if (name.equalsIgnoreCase("cookie")) {
      values.forEach(value -> cookies.addAll(List.of(value.split(";\\s*"))));
    } else {
      headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
    }
  }

  private String query() {
    String query = exchange.getRequestURI().getRawQuery();
    return query == null ? "" : query;
  }

  private Map<String, String> queryParameters() {
    return Pattern.compile("&")
        .splitAsStream(query())
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], UTF_8),
                pair -> pair.length == 1 ? "" : URLDecoder.decode(pair[1], UTF_8),
                (first, second) -> first + "," + second,
                LinkedHashMap::new));
  }

  /** The body as text when its type says so and it is UTF-8. */
  private Optional<String> text(byte[] body) {
    if (!TEXT_TYPE.matcher(header("content-type").orElse("")).matches()
        || header("content-encoding").isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private String sourceIp() {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }
}
