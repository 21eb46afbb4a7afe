package retl.functions.sources;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.core.source.Sources;

/** {@code DELETE /sources/{id}}. */
public final class DeleteSourceHandler extends ApiHandler {
  private final Sources sources;

  public DeleteSourceHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.DELETE_SOURCE);
  }

  public DeleteSourceHandler(Wiring wiring) {
    super(wiring.api());
    this.sources = wiring.sources();
  }

  @Override
  protected Response answer(Request request) {
    sources.delete(request.caller(), request.id(), request.ifMatch());
    return Response.noContent();
  }
}
