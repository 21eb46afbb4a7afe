package retl.functions.previews;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.core.model.KeyChecks;
import retl.core.preview.Preview;

/** {@code GET /models/{id}/key-checks/{checkId}}. */
public final class ReadKeyChecksHandler extends ApiHandler {
  private final KeyChecks checks;
  private final KeyCheckAnswers answers;
  private final Waiting waiting;

  public ReadKeyChecksHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.GET_KEY_CHECK);
  }

  public ReadKeyChecksHandler(Wiring wiring) {
    super(wiring.api());
    this.checks = wiring.keyChecks();
    this.answers = new KeyCheckAnswers(checks);
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    Preview check =
        waiting.until(
            each -> each.status().isOver(),
            request.waitSeconds(),
            () -> checks.get(request.caller(), request.id(), request.inPath("checkId")));
    return answers.read(request, check);
  }
}
