package retl.functions.models;

import java.util.function.Function;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.json.ImpactJson;
import retl.api.json.ModelJson;
import retl.core.Fields;
import retl.core.Impact;
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
    Function<Model, ModelPatch> patch = before -> ModelPatch.read(body, before);
    if (request.flag("validateOnly")) {
      Impact impact =
          changes.impact(request.caller(), request.id(), request.ifMatch(), patch);
      return Response.ok(json -> ImpactJson.writeAlone(json, impact));
    }
    ModelChanges.Updated updated =
        changes.update(request.caller(), request.id(), request.ifMatch(), patch);
    return Response.resource(
        updated.model().version(), json -> ModelJson.write(json, updated));
  }
}
