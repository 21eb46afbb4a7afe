package retl.functions.credentials;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.core.credential.Credentials;

/** {@code DELETE /credentials/{id}}. */
public final class DeleteCredentialHandler extends ApiHandler {
  private final Credentials credentials;

  public DeleteCredentialHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.DELETE_CREDENTIAL);
  }

  public DeleteCredentialHandler(Wiring wiring) {
    super(wiring.api());
    this.credentials = wiring.credentials();
  }

  @Override
  protected Response answer(Request request) {
    credentials.delete(request.caller(), request.id(), request.ifMatch());
    return Response.noContent();
  }
}
