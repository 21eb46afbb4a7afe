package retl.functions.sources;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.SourceJson;
import retl.core.Fields;
import retl.core.source.Source;
import retl.core.source.SourcePatch;
import retl.core.source.Sources;

/** {@code PATCH /sources/{id}}. */
public final class UpdateSourceHandler extends ApiHandler {
  private final Sources sources;

  public UpdateSourceHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.UPDATE_SOURCE);
  }

  public UpdateSourceHandler(Wiring wiring) {
    super(wiring.api());
    this.sources = wiring.sources();
  }

  @Override
  protected Response answer(Request request) {
    Fields body = request.body();
    Source source =
        sources.update(
            request.caller(),
            request.id(),
            request.ifMatch(),
            before -> SourcePatch.read(body, before));
    return Response.resource(source.version(), json -> SourceJson.write(json, source));
  }
}
