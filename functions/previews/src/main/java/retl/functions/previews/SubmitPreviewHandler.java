package retl.functions.previews;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.core.preview.NewPreview;
import retl.core.preview.Preview;
import retl.core.preview.Previews;

/** {@code POST /previews}. */
public final class SubmitPreviewHandler extends ApiHandler {
  private final Previews previews;
  private final PreviewAnswers answers;
  private final Waiting waiting;

  public SubmitPreviewHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_PREVIEW);
  }

  public SubmitPreviewHandler(Wiring wiring) {
    super(wiring.api());
    this.previews = wiring.previews();
    this.answers = new PreviewAnswers(previews);
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    NewPreview wanted = NewPreview.read(request.body());
    Preview submitted =
        previews.submit(request.caller(), wanted, request.receipts(PreviewAnswers::accepted));
    return waitFor(request, submitted);
  }

  @Override
  protected Response answerAgain(Request request, Response first) {
    return lookAgain(request, first, id -> waitFor(request, previews.get(request.caller(), id)));
  }

  private Response waitFor(Request request, Preview known) {
    Preview preview =
        waiting.until(
            known,
            each -> each.status().isOver(),
            request.waitSeconds(),
            () -> previews.get(request.caller(), known.id()));
    return answers.started(request, preview);
  }
}
