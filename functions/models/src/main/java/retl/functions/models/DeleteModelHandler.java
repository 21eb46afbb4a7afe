package retl.functions.models;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.core.model.ModelChanges;

/** {@code DELETE /models/{id}}. */
public final class DeleteModelHandler extends ApiHandler {
  private final ModelChanges changes;

  public DeleteModelHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.DELETE_MODEL);
  }

  public DeleteModelHandler(Wiring wiring) {
    super(wiring.api());
    this.changes = wiring.changes();
  }

  @Override
  protected Response answer(Request request) {
    changes.delete(request.caller(), request.id(), request.ifMatch());
    return Response.noContent();
  }
}
