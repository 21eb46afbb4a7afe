package retl.functions.models;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.ModelJson;
import retl.core.model.Model;
import retl.core.model.Models;
import retl.core.model.NewModel;

/** {@code POST /models}. */
public final class CreateModelHandler extends ApiHandler {
  private final Models models;

  public CreateModelHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_MODEL);
  }

  public CreateModelHandler(Wiring wiring) {
    super(wiring.api());
    this.models = wiring.models();
  }

  @Override
  protected Response answer(Request request) {
    NewModel wanted = NewModel.read(request.body());
    return created(
        models.create(request.caller(), wanted, request.receipts(CreateModelHandler::created)));
  }

  private static Response created(Model model) {
    return Response.created(
        "/models/" + model.id(), model.version(), json -> ModelJson.write(json, model));
  }
}
