package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** What both services' protocols share: JSON without classes, ids and answers. */
final class Wire {
  private Wire() {}

  /** The value of a JSON text: maps, lists, strings, numbers, booleans. */
  static Object parse(byte[] json) throws IOException {
    return JSON.std.anyFrom(json);
  }

  static byte[] json(Object value) {
    try {
      return JSON.std.asBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException("Nothing is written but to memory", e);
    }
  }

  /** The id of this call, the same whenever asked, also sent back with the answer. */
  static String requestId(HttpExchange exchange) {
    String known = exchange.getResponseHeaders().getFirst("x-amzn-RequestId");
    if (known != null) {
      return known;
    }
    String fresh = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("x-amzn-RequestId", fresh);
    return fresh;
  }

  static void answer(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    requestId(exchange);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
