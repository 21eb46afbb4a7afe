package retl.functions.previews;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.core.model.KeyChecks;
import retl.core.model.NewKeyCheck;
import retl.core.preview.Preview;

/** {@code POST /models/{id}/key-checks}. */
public final class SubmitKeyCheckHandler extends ApiHandler {
  private final KeyChecks checks;
  private final KeyCheckAnswers answers;
  private final Waiting waiting;

  public SubmitKeyCheckHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_KEY_CHECK);
  }

  public SubmitKeyCheckHandler(Wiring wiring) {
    super(wiring.api());
    this.checks = wiring.keyChecks();
    this.answers = new KeyCheckAnswers(checks);
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    NewKeyCheck wanted = NewKeyCheck.read(request.body());
    Preview submitted =
        checks.submit(
            request.caller(), request.id(), wanted, request.receipts(KeyCheckAnswers::accepted));
    return waitFor(request, submitted);
  }

  @Override
  protected Response answerAgain(Request request, Response first) {
    return lookAgain(
        request, first, id -> waitFor(request, checks.get(request.caller(), request.id(), id)));
  }

  private Response waitFor(Request request, Preview known) {
    Preview check =
        waiting.until(
            known,
            each -> each.status().isOver(),
            request.waitSeconds(),
            () -> checks.get(request.caller(), request.id(), known.id()));
    return answers.started(request, check);
  }
}
