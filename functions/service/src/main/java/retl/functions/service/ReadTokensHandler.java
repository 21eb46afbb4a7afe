package retl.functions.service;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.TokenJson;
import retl.core.Page;
import retl.core.token.Grant;
import retl.core.token.Tokens;

/** {@code GET /tokens}. */
public final class ReadTokensHandler extends ApiHandler {
  private static final String NO_FILTER = "";

  private final Tokens tokens;

  public ReadTokensHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.LIST_TOKENS);
  }

  public ReadTokensHandler(Wiring wiring) {
    super(wiring.api());
    this.tokens = wiring.tokens();
  }

  @Override
  protected Response answer(Request request) {
    Page<Grant> page = tokens.list(request.caller(), request.page(NO_FILTER));
    return Response.page(page, request.cursor(page, NO_FILTER), TokenJson::write);
  }
}
