package retl.functions.models;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.ModelJson;
import retl.api.json.RevisionJson;
import retl.api.json.SourceJson;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Models;
import retl.core.model.Revision;
import retl.core.source.Source;
import retl.core.source.SourceStore;
import retl.core.warehouse.Warehouse;

/** {@code GET /models}, {@code GET /models/{id}}, its revisions and its sources. */
public final class ReadModelsHandler extends ApiHandler {
  private final Models models;
  private final SourceStore sources;

  public ReadModelsHandler() {
    this(new Wiring(System.getenv()));
    primeFor(
        Route.LIST_MODELS,
        Route.GET_MODEL,
        Route.LIST_MODEL_REVISIONS,
        Route.GET_MODEL_REVISION,
        Route.LIST_MODEL_SOURCES);
  }

  public ReadModelsHandler(Wiring wiring) {
    super(wiring.api());
    this.models = wiring.models();
    this.sources = wiring.sources();
  }

  @Override
  protected Response answer(Request request) {
    return switch (request.route()) {
      case LIST_MODELS -> list(request);
      case GET_MODEL -> get(request);
      case LIST_MODEL_REVISIONS -> listRevisions(request);
      case GET_MODEL_REVISION -> getRevision(request);
      case LIST_MODEL_SOURCES -> listSources(request);
      default -> throw new Refused(new Problem.NoSuchRoute());
    };
  }

  private Response list(Request request) {
    ModelStore.Filter filter =
        new ModelStore.Filter(
            request.parameter("credentialId"),
            request.word("warehouse", Warehouse::of, "snowflake, redshift or postgres"),
            request.parameter("search"));
    Page<ModelSummary> page = models.list(request.caller(), filter, request.page(filter));
    return Response.page(page, request.cursor(page, filter), ModelJson::write);
  }

  private Response get(Request request) {
    Model model = models.get(request.caller(), request.id());
    return Response.resource(model.version(), json -> ModelJson.write(json, model));
  }

  private Response listRevisions(Request request) {
    Page<Revision> page =
        models.revisions(request.caller(), request.id(), request.page(request.id()));
    return Response.page(page, request.cursor(page, request.id()), RevisionJson::writeSummary);
  }

  private Response getRevision(Request request) {
    Revision revision = models.revision(request.caller(), request.id(), RevisionNumber.of(request));
    return Response.resource(revision.number(), json -> RevisionJson.write(json, revision));
  }

  private Response listSources(Request request) {
    Model model = models.get(request.caller(), request.id());
    SourceStore.Filter filter = new SourceStore.Filter(model.id(), null, null);
    Page<Source> page = sources.list(request.caller(), filter, request.page(filter));
    return Response.page(page, request.cursor(page, filter), SourceJson::write);
  }
}
