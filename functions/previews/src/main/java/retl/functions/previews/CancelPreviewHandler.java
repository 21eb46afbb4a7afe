package retl.functions.previews;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.core.preview.Previews;

/** {@code DELETE /previews/{id}}. */
public final class CancelPreviewHandler extends ApiHandler {
  private final Previews previews;

  public CancelPreviewHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CANCEL_PREVIEW);
  }

  public CancelPreviewHandler(Wiring wiring) {
    super(wiring.api());
    this.previews = wiring.previews();
  }

  @Override
  protected Response answer(Request request) {
    return PreviewAnswers.accepted(previews.cancel(request.caller(), request.id()));
  }
}
