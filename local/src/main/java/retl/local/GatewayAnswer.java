package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An answer over HTTP: a function's, or the gateway's own. */
final class GatewayAnswer {
  /** They end the connection or frame the body, which is the server's part. */
  private static final Set<String> SERVERS_OWN =
      Set.of("connection", "content-length", "transfer-encoding", "keep-alive");

  private final int status;
  private final Headers headers;
  private final byte[] body;

  private GatewayAnswer(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The gateway's own, without a body. */
  static GatewayAnswer empty() {
    return new GatewayAnswer(204, new Headers(), new byte[0]);
  }

  /** The gateway's own words. */
  static GatewayAnswer of(int status, String message) {
    Headers headers = new Headers();
    headers.set("Content-Type", "application/json");
    return new GatewayAnswer(
        status, headers, ("{\"message\":\"" + message + "\"}").getBytes(UTF_8));
  }

  /**
   * What a function answered, in payload format 2.0.
   *
   * @throws IOException if it is not of that format. API Gateway would take a value without a
   *     status for a body; here it is a fault, since no function of ours means it
   */
  static GatewayAnswer of(byte[] json) throws IOException {
    if (JSON.std.anyFrom(json) instanceof Map<?, ?> answer
        && answer.get("statusCode") instanceof Number status
        && status.intValue() >= 200
        && status.intValue() <= 599) {
      byte[] body = body(answer);
      return new GatewayAnswer(status.intValue(), headers(answer, body.length > 0), body);
    }
    throw new IOException("The answer has no statusCode from 200 to 599");
  }

  void send(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().putAll(headers);
    boolean empty =
        body.length == 0
            || status == 204
            || status == 304
            || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static byte[] body(Map<?, ?> answer) throws IOException {
    Object body = answer.get("body");
    if (body == null) {
      return new byte[0];
    }
    if (!(body instanceof String text)) {
      throw new IOException("The body is no string");
    }
    try {
      return Boolean.TRUE.equals(answer.get("isBase64Encoded"))
          ? Base64.getDecoder().decode(text)
          : text.getBytes(UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("The body is no base64", e);
    }
  }

  private static Headers headers(Map<?, ?> answer, boolean hasBody) {
    Headers headers = new Headers();
    if (hasBody) {
      headers.set("Content-Type", "text/plain;charset=UTF-8");
    }
    if (answer.get("headers") instanceof Map<?, ?> given) {
      given.forEach(
          (name, value) -> {
            if (!SERVERS_OWN.contains(name.toString().toLowerCase(Locale.ROOT))) {
              headers.set(name.toString(), value.toString());
            }
          });
    }
    if (answer.get("cookies") instanceof List<?> cookies) {
      cookies.forEach(cookie -> headers.add("Set-Cookie", cookie.toString()));
    }
    return headers;
  }
}
