package retl.functions.credentials;

import retl.api.Response;
import retl.api.json.ValidationJson;
import retl.core.validation.Validation;

/** A validation as an answer: to the call that started it, and to one that reads it. */
final class ValidationAnswers {
  private ValidationAnswers() {}

  static Response started(Validation validation) {
    return Response.job(
        "/validations/" + validation.id(),
        validation.status() != Validation.Status.RUNNING,
        json -> ValidationJson.write(json, validation));
  }

  static Response read(Validation validation) {
    return Response.ok(json -> ValidationJson.write(json, validation)).withContentTag();
  }
}
