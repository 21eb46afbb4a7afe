package retl.functions.credentials;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.CredentialJson;
import retl.core.credential.Credential;
import retl.core.credential.Credentials;
import retl.core.credential.NetworkRules;
import retl.core.credential.NewCredential;

/** {@code POST /credentials}. */
public final class CreateCredentialHandler extends ApiHandler {
  private final Credentials credentials;
  private final NetworkRules networkRules;

  public CreateCredentialHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_CREDENTIAL);
  }

  public CreateCredentialHandler(Wiring wiring) {
    super(wiring.api());
    this.credentials = wiring.credentials();
    this.networkRules = wiring.networkRules();
  }

  @Override
  protected Response answer(Request request) {
    NewCredential wanted = NewCredential.read(request.body(), networkRules);
    return created(
        credentials.create(
            request.caller(), wanted, request.receipts(CreateCredentialHandler::created)));
  }

  private static Response created(Credential credential) {
    return Response.created(
        "/credentials/" + credential.id(),
        credential.version(),
        json -> CredentialJson.write(json, credential));
  }
}
