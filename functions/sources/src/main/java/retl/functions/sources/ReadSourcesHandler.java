package retl.functions.sources;

import java.util.Optional;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.SourceJson;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.source.Source;
import retl.core.source.SourceStore;
import retl.core.source.Sources;

/** {@code GET /sources} and {@code GET /sources/{id}}. */
public final class ReadSourcesHandler extends ApiHandler {
  private final Sources sources;

  public ReadSourcesHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.LIST_SOURCES, Route.GET_SOURCE);
  }

  public ReadSourcesHandler(Wiring wiring) {
    super(wiring.api());
    this.sources = wiring.sources();
  }

  @Override
  protected Response answer(Request request) {
    return switch (request.route()) {
      case LIST_SOURCES -> list(request);
      case GET_SOURCE -> get(request);
      default -> throw new Refused(new Problem.NoSuchRoute());
    };
  }

  private Response list(Request request) {
    SourceStore.Filter filter =
        new SourceStore.Filter(
            request.parameter("modelId"),
            request.word("enabled", ReadSourcesHandler::flag, "true or false"),
            request.parameter("search"));
    Page<Source> page = sources.list(request.caller(), filter, request.page(filter));
    return Response.page(page, request.cursor(page, filter), SourceJson::write);
  }

  private static Optional<Boolean> flag(String word) {
    return switch (word) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private Response get(Request request) {
    Source source = sources.get(request.caller(), request.id());
    return Response.resource(source.version(), json -> SourceJson.write(json, source));
  }
}
