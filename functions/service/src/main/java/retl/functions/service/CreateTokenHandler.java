package retl.functions.service;

import java.time.Clock;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.TokenJson;
import retl.core.token.Grant;
import retl.core.token.NewToken;
import retl.core.token.Tokens;

/** {@code POST /tokens}. The token stands in the first answer alone: its receipt has none. */
public final class CreateTokenHandler extends ApiHandler {
  private final Tokens tokens;
  private final Clock clock;

  public CreateTokenHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_TOKEN);
  }

  public CreateTokenHandler(Wiring wiring) {
    super(wiring.api());
    this.tokens = wiring.tokens();
    this.clock = wiring.clock();
  }

  @Override
  protected Response answer(Request request) {
    NewToken wanted = NewToken.read(request.body(), clock.instant());
    Tokens.Issued issued =
        tokens.issue(
            request.caller(), wanted, request.receipts(each -> withoutToken(each.grant())));
    return Response.created(
        "/tokens/" + issued.grant().id(), Grant.VERSION, json -> TokenJson.write(json, issued));
  }

  private static Response withoutToken(Grant grant) {
    return Response.created(
        "/tokens/" + grant.id(), Grant.VERSION, json -> TokenJson.write(json, grant));
  }
}
