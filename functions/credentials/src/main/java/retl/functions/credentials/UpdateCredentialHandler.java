package retl.functions.credentials;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.CredentialJson;
import retl.core.Fields;
import retl.core.credential.CredentialPatch;
import retl.core.credential.Credentials;
import retl.core.credential.NetworkRules;

/** {@code PATCH /credentials/{id}}. */
public final class UpdateCredentialHandler extends ApiHandler {
  private final Credentials credentials;
  private final NetworkRules networkRules;

  public UpdateCredentialHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.UPDATE_CREDENTIAL);
  }

  public UpdateCredentialHandler(Wiring wiring) {
    super(wiring.api());
    this.credentials = wiring.credentials();
    this.networkRules = wiring.networkRules();
  }

  @Override
  protected Response answer(Request request) {
    Fields body = request.body();
    Credentials.Updated updated =
        credentials.update(
            request.caller(),
            request.id(),
            request.ifMatch(),
            before -> CredentialPatch.read(body, before, networkRules));
    return Response.resource(
        updated.credential().version(), json -> CredentialJson.write(json, updated));
  }
}
