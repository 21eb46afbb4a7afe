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
import retl.api.Log;
import retl.api.Priming;
import retl.api.json.Json;
import retl.core.Ids;
import retl.core.Rehearsal;
import retl.core.token.Token;
import retl.core.token.Tokens;
import retl.functions.service.provider.Identity;
import retl.functions.service.provider.IdentityProvider;

/**
 * The Lambda authorizer of the HTTP API, with simple responses.
 *
 * <p>It always lets the call through, and says in the context who calls, or nothing. An HTTP API
 * answers a refused call with 403, where a bad token must get 401 and a problem body; so the
 * functions answer that themselves, and none of them does anything for a caller without a
 * workspace. What it says depends on the header alone, so the gateway may keep it for any route.
 */
public final class AuthorizeCallerHandler implements RequestStreamHandler {
  private final Tokens tokens;
  private final Optional<IdentityProvider> provider;

  // Nobody else holds it: Lambda's list of who is told of a snapshot does so weakly.
  @SuppressWarnings("UnusedVariable")
  private @Nullable Priming priming;

  public AuthorizeCallerHandler() {
    Wiring wiring = new Wiring(System.getenv());
    this(wiring);
    if (Rehearsal.isAhead()) {
      priming = Priming.of(rehearsal(wiring), List.of(rehearsed()));
    }
  }

  public AuthorizeCallerHandler(Wiring wiring) {
    this(wiring.tokens(), wiring.provider());
  }

  private AuthorizeCallerHandler(Tokens tokens, Optional<IdentityProvider> provider) {
    this.tokens = tokens;
    this.provider = provider;
  }

  /** A call with a token as it could have been issued, and was not. */
  static String rehearsed() {
    return "{\"headers\":{\"authorization\":\"Bearer %s\"}}"
        .formatted(new Token("0".repeat(Ids.RANDOM_LENGTH), "0".repeat(43)).reveal());
  }

  // Hashing a token with the real keys would take them into the snapshot.
  RequestStreamHandler rehearsal(Wiring wiring) {
    AuthorizeCallerHandler withoutKeys =
        new AuthorizeCallerHandler(wiring.rehearsedTokens(), Optional.empty());
    return (input, output, context) -> {
      withoutKeys.handleRequest(input, output, context);
      provider.ifPresent(IdentityProvider::rehearse);
    };
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    String header = authorization(Json.parse(event));
    Optional<Identity> caller =
        tokens
            .authenticate(header)
            .map(grant -> new Identity(grant.workspace(), grant.id(), grant.role()))
            .or(() -> provided(header, context));
    output.write(answer(caller).getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Identity> provided(String header, Context context) {
    return provider.flatMap(
        it ->
            Tokens.bearer(header)
                .flatMap(
                    token ->
                        it.authenticate(
                            token, fault -> Log.error(context, "identity provider", fault))));
  }

  private static String authorization(@Nullable Object event) {
    return event instanceof Map<?, ?> fields
            && fields.get("headers") instanceof Map<?, ?> headers
            && headers.get("authorization") instanceof String header
        ? header
        : "";
  }

  private static String answer(Optional<Identity> caller) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("isAuthorized", true);
          json.writeObjectFieldStart("context");
          if (caller.isPresent()) {
            json.writeStringField("workspace", caller.get().workspace());
            json.writeStringField("actor", caller.get().actor());
            json.writeStringField("role", caller.get().role().wireName());
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }
}
