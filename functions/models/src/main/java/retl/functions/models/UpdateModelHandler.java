package retl.functions.models;

import java.util.function.Function;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.ImpactJson;
import retl.api.json.ModelJson;
import retl.core.Fields;
import retl.core.Impact;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;
import retl.core.model.Restoration;

/** {@code PATCH /models/{id}} and {@code POST /models/{id}/revisions/{n}/restore}. */
public final class UpdateModelHandler extends ApiHandler {
  private static final String VALIDATE_ONLY = "validateOnly";

  private final ModelChanges changes;

  public UpdateModelHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.UPDATE_MODEL, Route.RESTORE_MODEL);
  }

  public UpdateModelHandler(Wiring wiring) {
    super(wiring.api());
    this.changes = wiring.changes();
  }

  @Override
  protected Response answer(Request request) {
    return switch (request.route()) {
      case UPDATE_MODEL -> update(request);
      case RESTORE_MODEL -> restore(request);
      default -> throw new Refused(new Problem.NoSuchRoute());
    };
  }

  private Response update(Request request) {
    Fields body = request.body();
    Function<Model, ModelPatch> patch = before -> ModelPatch.read(body, before);
    return request.flag(VALIDATE_ONLY)
        ? impact(changes.impact(request.caller(), request.id(), request.ifMatch(), patch))
        : updated(changes.update(request.caller(), request.id(), request.ifMatch(), patch));
  }

  private Response restore(Request request) {
    int number = RevisionNumber.of(request);
    Restoration wanted = Restoration.read(request.optionalBody());
    return request.flag(VALIDATE_ONLY)
        ? impact(
            changes.impactOfRestoring(
                request.caller(), request.id(), number, request.ifMatch(), wanted))
        : updated(
            changes.restore(
                request.caller(),
                request.id(),
                number,
                request.ifMatch(),
                wanted,
                request.receipts(UpdateModelHandler::updated)));
  }

  private static Response impact(Impact impact) {
    return Response.ok(json -> ImpactJson.writeAlone(json, impact));
  }

  private static Response updated(ModelChanges.Updated updated) {
    return Response.resource(updated.model().version(), json -> ModelJson.write(json, updated));
  }
}
