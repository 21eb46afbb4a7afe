package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.FieldError;
import retl.core.Impact;
import retl.core.Problem;
import retl.core.Role;
import retl.core.query.TextRange;
import retl.core.query.Verdict;

class ProblemsTest {
  private static final Verdict.Refused UNSAFE =
      new Verdict.Refused(
          Verdict.Kind.UNSAFE_QUERY,
          "second_statement",
          "One statement at a time.",
          new TextRange(2, 3, 17, 4));
  private static final Verdict.Refused INVALID =
      new Verdict.Refused(
          Verdict.Kind.INVALID_QUERY, "empty", "It is empty.", new TextRange(1, 1, 0, 0));
  private static final List<FieldError> ERRORS =
      List.of(
          new FieldError("settings.host", FieldError.Code.INVALID, "Give a host."),
          new FieldError("settings.host", FieldError.Code.TOO_LONG, "Too long."),
          new FieldError("name", FieldError.Code.MISSING, "This field is needed."));

  static final List<Arguments> PROBLEMS =
      List.of(
          Arguments.of(new Problem.Unauthenticated(), 401, "unauthenticated"),
          Arguments.of(new Problem.Forbidden(Role.ADMIN), 403, "forbidden"),
          Arguments.of(new Problem.NoSuchRoute(), 404, "no_such_route"),
          Arguments.of(
              new Problem.MethodNotAllowed(List.of("GET", "POST")), 405, "method_not_allowed"),
          Arguments.of(new Problem.TooLarge(1024), 413, "payload_too_large"),
          Arguments.of(new Problem.NotJson(), 415, "unsupported_media_type"),
          Arguments.of(new Problem.NotFound("model"), 404, "not_found"),
          Arguments.of(new Problem.MalformedJson("it is empty"), 400, "malformed_json"),
          Arguments.of(new Problem.InvalidRequest(ERRORS), 422, "invalid_request"),
          Arguments.of(new Problem.InvalidParameter("limit", "No."), 400, "invalid_parameter"),
          Arguments.of(new Problem.InvalidCursor(), 400, "invalid_cursor"),
          Arguments.of(new Problem.QueryRefused(UNSAFE), 422, "unsafe_query"),
          Arguments.of(new Problem.QueryRefused(INVALID), 422, "invalid_query"),
          Arguments.of(new Problem.NameTaken("model", "Orders"), 409, "name_taken"),
          Arguments.of(new Problem.CredentialNotValid("crd_1"), 409, "credential_not_valid"),
          Arguments.of(new Problem.IdempotencyMismatch(), 422, "idempotency_mismatch"),
          Arguments.of(new Problem.RequestInProgress(), 409, "request_in_progress"),
          Arguments.of(new Problem.TooManyPreviews(5), 429, "too_many_previews"),
          Arguments.of(new Problem.LimitReached("models", 10), 409, "limit_reached"),
          Arguments.of(new Problem.Busy(), 409, "busy"),
          Arguments.of(new Problem.VersionConflict(), 412, "version_conflict"),
          Arguments.of(new Problem.CredentialInUse(List.of()), 409, "credential_in_use"),
          Arguments.of(
              new Problem.BreakingChange(
                  new Impact(
                      true,
                      Impact.ColumnChanges.NONE,
                      List.of(),
                      Impact.NextSync.INCREMENTAL,
                      null)),
              409,
              "breaking_change"),
          Arguments.of(new Problem.ModelInUse(List.of()), 409, "model_in_use"),
          Arguments.of(new Problem.SourceInUse("Orders"), 409, "source_in_use"));

  private static Call.Answer answer(Problem problem) {
    Response response = Problems.answer(problem, "/models/\"é", "req-1");
    return new Call.Answer(response.status(), response.headers(), response.body(), List.of());
  }

  @ParameterizedTest(name = "{1} {2}")
  @FieldSource("PROBLEMS")
  void becomesAnAnswerInTheShapeOfRfc9457(Problem problem, int status, String code) {
    Call.Answer answer = answer(problem);
    Map<String, Object> body = answer.json();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(body)
        .containsEntry("status", (long) status)
        .containsEntry("code", code)
        .containsEntry("type", "urn:retl-models:problem:" + code)
        .containsEntry("instance", "/models/\"é")
        .containsEntry("requestId", "req-1")
        .containsKeys("title", "errors", "details");
    assertThat(answer.text("title")).isNotBlank();
    assertThat(answer.text("detail"))
        .isNotBlank()
        .isEqualTo(body.get("error"))
        .isEqualTo(body.get("message"));
  }

  /** A problem of which no test knows is not one of the published ones. */
  @Test
  void everyProblemStandsInTheTableAbove() {
    List<Class<?>> tested =
        PROBLEMS.stream().<Class<?>>map(row -> row.get()[0].getClass()).distinct().toList();

    assertThat(Arrays.asList(Problem.class.getPermittedSubclasses())).isSubsetOf(tested);
  }

  @Test
  void someTellMoreInAHeader() {
    assertThat(answer(new Problem.Unauthenticated()).header("WWW-Authenticate"))
        .isEqualTo("Bearer");
    assertThat(answer(new Problem.MethodNotAllowed(List.of("GET", "POST"))).header("Allow"))
        .isEqualTo("GET, POST");
    assertThat(answer(new Problem.RequestInProgress()).header("Retry-After")).isEqualTo("1");
    assertThat(answer(new Problem.TooManyPreviews(5)).header("Retry-After")).isEqualTo("2");
    assertThat(answer(new Problem.LimitReached("models", 10)).text("detail"))
        .contains("at most 10 models");
    assertThat(answer(new Problem.Busy()).header("Retry-After")).isEqualTo("1");
  }

  @Test
  void namesEveryBadFieldForBothKindsOfClients() {
    Call.Answer answer = answer(new Problem.InvalidRequest(ERRORS));

    assertThat(answer.badFields())
        .containsExactly("settings.host invalid", "settings.host too_long", "name missing");
    assertThat(answer.json().get("details"))
        .isEqualTo(Map.of("settings.host", "Give a host.", "name", "This field is needed."));
    assertThat(answer.text("detail")).isEqualTo("3 fields are bad; see errors.");
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithOneField() {
    FieldError body = new FieldError("", FieldError.Code.WRONG_TYPE, "The body must be an object.");

    assertThat(answer(new Problem.InvalidRequest(ERRORS.subList(2, 3))).text("detail"))
        .isEqualTo("name: This field is needed.");
    assertThat(answer(new Problem.InvalidRequest(List.of(body))).text("detail"))
        .isEqualTo("The body must be an object.");
  }

  @Test
  void saysWhereInTheQuery() {
    assertThat(answer(new Problem.QueryRefused(UNSAFE)).json())
        .containsEntry("reason", "second_statement")
        .containsEntry("line", 2L)
        .containsEntry("column", 3L)
        .containsEntry("offset", 17L)
        .containsEntry("length", 4L);
  }

  @Test
  void saysNothingOfAFaultOfOurs() {
    Response response = Problems.internalError("/models", "req-1");

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.headers()).containsEntry("Content-Type", "application/problem+json");
    assertThat(response.body())
        .contains("\"code\":\"internal_error\"", "\"requestId\":\"req-1\"")
        .contains("\"detail\":\"Something went wrong on our side.\"");
  }
}
