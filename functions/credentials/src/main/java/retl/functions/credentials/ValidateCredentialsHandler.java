package retl.functions.credentials;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.core.credential.NetworkRules;
import retl.core.validation.NewValidation;
import retl.core.validation.Validation;
import retl.core.validation.Validations;

/** {@code POST /validations}. */
public final class ValidateCredentialsHandler extends ApiHandler {
  private final Validations validations;
  private final NetworkRules networkRules;
  private final Waiting waiting;

  public ValidateCredentialsHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.CREATE_VALIDATION);
  }

  public ValidateCredentialsHandler(Wiring wiring) {
    super(wiring.api());
    this.validations = wiring.validations();
    this.networkRules = wiring.networkRules();
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    NewValidation wanted = NewValidation.read(request.caller(), request.body(), networkRules);
    Validation started =
        validations.create(request.caller(), wanted, request.receipts(ValidationAnswers::started));
    return waitFor(request, started);
  }

  @Override
  protected Response answerAgain(Request request, Response first) {
    return lookAgain(request, first, id -> waitFor(request, validations.get(request.caller(), id)));
  }

  private Response waitFor(Request request, Validation known) {
    return ValidationAnswers.started(
        waiting.until(
            known,
            each -> each.status() != Validation.Status.RUNNING,
            request.waitSeconds(),
            () -> validations.get(request.caller(), known.id())));
  }
}
