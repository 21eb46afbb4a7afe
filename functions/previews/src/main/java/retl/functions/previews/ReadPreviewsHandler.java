package retl.functions.previews;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.core.preview.Preview;
import retl.core.preview.Previews;

/** {@code GET /previews/{id}}. */
public final class ReadPreviewsHandler extends ApiHandler {
  private final Previews previews;
  private final PreviewAnswers answers;
  private final Waiting waiting;

  public ReadPreviewsHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.GET_PREVIEW);
  }

  public ReadPreviewsHandler(Wiring wiring) {
    super(wiring.api());
    this.previews = wiring.previews();
    this.answers = new PreviewAnswers(previews);
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    PreviewAnswers.Wanted wanted = PreviewAnswers.wanted(request);
    Preview preview =
        waiting.until(
            each -> each.status().isOver(),
            request.waitSeconds(),
            () -> previews.get(request.caller(), request.id()));
    return answers.read(request, preview, wanted);
  }
}
