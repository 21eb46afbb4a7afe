package retl.functions.models;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.json.ModelJson;
import retl.core.Fields;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;

/** {@code PATCH /models/{id}}. */
public final class UpdateModelHandler extends ApiHandler {
  private final ModelChanges changes;

  public UpdateModelHandler() {
    this(new Wiring(System.getenv()));
  }

  public UpdateModelHandler(Wiring wiring) {
    super(wiring.api());
    this.changes = wiring.changes();
  }

  @Override
  protected Response answer(Request request) {
    Fields body = request.body();
    Model model =
        changes.update(
            request.caller(),
            request.id(),
            request.ifMatch(),
            before -> ModelPatch.read(body, before));
    return Response.resource(model.version(), json -> ModelJson.write(json, model));
  }
}
