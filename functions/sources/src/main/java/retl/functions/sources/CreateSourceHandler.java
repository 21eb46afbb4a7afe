package retl.functions.sources;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.SourceJson;
import retl.core.source.NewSource;
import retl.core.source.Source;
import retl.core.source.Sources;

/** {@code POST /sources}. */
public final class CreateSourceHandler extends ApiHandler {
  private final Sources sources;

  public CreateSourceHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_SOURCE);
  }

  public CreateSourceHandler(Wiring wiring) {
    super(wiring.api());
    this.sources = wiring.sources();
  }

  @Override
  protected Response answer(Request request) {
    NewSource wanted = NewSource.read(request.body());
    return created(
        sources.create(request.caller(), wanted, request.receipts(CreateSourceHandler::created)));
  }

  private static Response created(Source source) {
    return Response.created(
        "/sources/" + source.id(), source.version(), json -> SourceJson.write(json, source));
  }
}
