package retl.functions.service;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.api.Priming;
import retl.api.json.Json;
import retl.core.Ids;
import retl.core.token.Grant;
import retl.core.token.Tokens;

/**
 * The Lambda authorizer of the HTTP API, with simple responses.
 *
 * <p>It always lets the call through, and says in the context who calls, or nothing. An HTTP API
 * answers a refused call with 403, where a bad token must get 401 and a problem body; so the
 * functions answer that themselves, and none of them does anything for a caller without a
 * workspace. What it says depends on the header alone, so the gateway may keep it for any route.
 */
public final class AuthorizeCallerHandler implements RequestStreamHandler {
  /** Of no token: it stands for one while the function is prepared for its first call. */
  private static final String NO_TOKEN = "0".repeat(Ids.RANDOM_LENGTH);

  private final Tokens tokens;

  // Nobody else holds it: Lambda's list of who is told of a snapshot does so weakly.
  @SuppressWarnings("UnusedVariable")
  private @Nullable Priming priming;

  public AuthorizeCallerHandler() {
    Wiring wiring = new Wiring(System.getenv());
    this(wiring);
    // Hashing a token would take the keys into the snapshot; so the way to the table is a call of
    // its own.
    this.priming =
        Priming.of(
            (input, output, context) -> {
              handleRequest(input, output, context);
              wiring.tokenStore().find(NO_TOKEN);
            },
            List.of("{\"headers\":{\"authorization\":\"Bearer none\"}}"));
  }

  public AuthorizeCallerHandler(Wiring wiring) {
    this.tokens = wiring.tokens();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    Optional<Grant> grant = tokens.authenticate(authorization(Json.parse(event)));
    output.write(answer(grant).getBytes(StandardCharsets.UTF_8));
  }

  private static String authorization(@Nullable Object event) {
    return event instanceof Map<?, ?> fields
            && fields.get("headers") instanceof Map<?, ?> headers
            && headers.get("authorization") instanceof String header
        ? header
        : "";
  }

  private static String answer(Optional<Grant> grant) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("isAuthorized", true);
          json.writeObjectFieldStart("context");
          if (grant.isPresent()) {
            json.writeStringField("workspace", grant.get().workspace());
            json.writeStringField("actor", grant.get().id());
            json.writeStringField("role", grant.get().role().wireName());
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }
}
