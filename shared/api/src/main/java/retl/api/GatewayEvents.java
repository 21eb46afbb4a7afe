package retl.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;

/**
 * Reads API Gateway's HTTP API events, payload format 2.0, without reflection: only the parts that
 * the service uses.
 */
final class GatewayEvents {
  private GatewayEvents() {}

  static APIGatewayV2HTTPEvent read(String text) {
    Map<?, ?> event = object(Json.parse(text));
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey(text(event.get("routeKey")))
        .withRawPath(text(event.get("rawPath")))
        .withHeaders(texts(event.get("headers")))
        .withQueryStringParameters(texts(event.get("queryStringParameters")))
        .withPathParameters(texts(event.get("pathParameters")))
        .withBody(event.get("body") instanceof String body ? body : null)
        .withIsBase64Encoded(Boolean.TRUE.equals(event.get("isBase64Encoded")))
        .withRequestContext(context(object(event.get("requestContext"))))
        .build();
  }

  private static APIGatewayV2HTTPEvent.RequestContext context(Map<?, ?> context) {
    Map<?, ?> http = object(context.get("http"));
    Map<?, ?> authorizer = object(context.get("authorizer"));
    return APIGatewayV2HTTPEvent.RequestContext.builder()
        .withRequestId(text(context.get("requestId")))
        .withHttp(
            APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                .withMethod(text(http.get("method")))
                .build())
        .withAuthorizer(
            APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                .withLambda(new LinkedHashMap<>(texts(authorizer.get("lambda"))))
                .build())
        .build();
  }

  private static Map<?, ?> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  private static Map<String, String> texts(@Nullable Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(value).forEach((key, each) -> texts.put((String) key, text(each)));
    return texts;
  }
}
