package retl.functions.service;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.core.token.Tokens;

/** {@code DELETE /tokens/{id}}. */
public final class DeleteTokenHandler extends ApiHandler {
  private final Tokens tokens;

  public DeleteTokenHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.DELETE_TOKEN);
  }

  public DeleteTokenHandler(Wiring wiring) {
    super(wiring.api());
    this.tokens = wiring.tokens();
  }

  @Override
  protected Response answer(Request request) {
    tokens.revoke(request.caller(), request.id(), request.ifMatch());
    return Response.noContent();
  }
}
