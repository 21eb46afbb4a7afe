package retl.functions.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import retl.api.TestContext;
import retl.api.json.Json;

/** What the authorizer says. */
final class Authorized {
  private Authorized() {}

  /** Of a call with this {@code Authorization} header. */
  static String by(AuthorizeCallerHandler authorizer, String header) {
    String event =
        Json.text(
            json -> {
              json.writeStartObject();
              json.writeObjectFieldStart("headers");
              json.writeStringField("authorization", header);
              json.writeEndObject();
              json.writeEndObject();
            });
    return byEvent(authorizer, event);
  }

  /** Of this event. */
  static String byEvent(RequestStreamHandler authorizer, String event) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      authorizer.handleRequest(
          new ByteArrayInputStream(event.getBytes(UTF_8)), answer, new TestContext());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.toString(UTF_8);
  }
}
