package retl.functions.credentials;

import java.util.Optional;
import java.util.stream.Stream;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.Waiting;
import retl.api.json.CredentialJson;
import retl.api.json.ModelJson;
import retl.api.json.ValidationJson;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.validation.Validation;
import retl.core.validation.Validations;
import retl.core.warehouse.Warehouse;

/**
 * {@code GET /credentials}, {@code GET /credentials/{id}}, its models and validations, and {@code
 * GET /validations/{id}}.
 */
public final class ReadCredentialsHandler extends ApiHandler {
  private final Credentials credentials;
  private final Validations validations;
  private final ModelStore models;
  private final Waiting waiting;

  public ReadCredentialsHandler() {
    this(new Wiring(System.getenv()));
    primeFor(
        Route.LIST_CREDENTIALS,
        Route.GET_CREDENTIAL,
        Route.LIST_CREDENTIAL_MODELS,
        Route.LIST_CREDENTIAL_VALIDATIONS,
        Route.GET_VALIDATION);
  }

  public ReadCredentialsHandler(Wiring wiring) {
    super(wiring.api());
    this.credentials = wiring.credentials();
    this.validations = wiring.validations();
    this.models = wiring.models();
    this.waiting = wiring.waiting();
  }

  @Override
  protected Response answer(Request request) {
    return switch (request.route()) {
      case LIST_CREDENTIALS -> list(request);
      case GET_CREDENTIAL -> get(request);
      case LIST_CREDENTIAL_MODELS -> listModels(request);
      case LIST_CREDENTIAL_VALIDATIONS -> listValidations(request);
      case GET_VALIDATION -> getValidation(request);
      default -> throw new Refused(new Problem.NoSuchRoute());
    };
  }

  private Response list(Request request) {
    CredentialStore.Filter filter =
        new CredentialStore.Filter(
            request.word("warehouse", Warehouse::of, "snowflake, redshift or postgres"),
            request.word("status", ReadCredentialsHandler::status, "unvalidated, valid or failing"),
            request.parameter("search"));
    Page<Credential> page = credentials.list(request.caller(), filter, request.page(filter));
    return Response.page(page, request.cursor(page, filter), CredentialJson::write);
  }

  private static Optional<Credential.Status> status(String word) {
    return Stream.of(Credential.Status.values())
        .filter(status -> status.wireName().equals(word))
        .findFirst();
  }

  private Response get(Request request) {
    Credential credential = credentials.get(request.caller(), request.id());
    return Response.resource(credential.version(), json -> CredentialJson.write(json, credential));
  }

  private Response listModels(Request request) {
    Credential credential = credentials.get(request.caller(), request.id());
    ModelStore.Filter filter = new ModelStore.Filter(credential.id(), null, null);
    Page<ModelSummary> page = models.list(request.caller(), filter, request.page(filter));
    return Response.page(page, request.cursor(page, filter), ModelJson::write);
  }

  private Response listValidations(Request request) {
    Credential credential = credentials.get(request.caller(), request.id());
    Page<Validation> page =
        validations.history(request.caller(), credential, request.page(credential.id()));
    return Response.page(page, request.cursor(page, credential.id()), ValidationJson::write);
  }

  private Response getValidation(Request request) {
    Validation validation =
        waiting.until(
            each -> each.status() != Validation.Status.RUNNING,
            request.waitSeconds(),
            () -> validations.get(request.caller(), request.id()));
    return ValidationAnswers.read(validation);
  }
}
