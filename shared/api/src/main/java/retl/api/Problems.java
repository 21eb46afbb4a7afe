package retl.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import retl.api.json.ImpactJson;
import retl.api.json.Json;
import retl.core.FieldError;
import retl.core.Impact;
import retl.core.ModelUse;
import retl.core.Problem;
import retl.core.SourceUse;
import retl.core.query.TextRange;
import retl.core.query.Verdict;

/**
 * The one place where a refusal becomes an answer: RFC 9457, with the fields that RudderStack's
 * clients read.
 */
final class Problems {
  private static final Json.Writing NOTHING = json -> {};

  private Problems() {}

  static Response answer(Problem problem, String path, String requestId) {
    Answer answer = answerTo(problem);
    Response response =
        new Response(
            answer.status,
            Map.of("Content-Type", "application/problem+json"),
            Json.text(json -> write(json, answer, path, requestId)));
    return switch (problem) {
      case Problem.Unauthenticated() -> response.with("WWW-Authenticate", "Bearer");
      case Problem.MethodNotAllowed(var allowed) ->
          response.with("Allow", String.join(", ", allowed));
      case Problem.RequestInProgress(), Problem.Busy() -> response.with("Retry-After", "1");
      case Problem.TooManyPreviews _ -> response.with("Retry-After", "2");
      default -> response;
    };
  }

  /** The stable word for a refusal. */
  static String codeOf(Problem problem) {
    return answerTo(problem).code;
  }

  /** What is said of a fault of ours: nothing but where to find it in the log. */
  static Response internalError(String path, String requestId) {
    Answer answer =
        new Answer(500, "internal_error", "Internal error", "Something went wrong on our side.");
    return new Response(
        500,
        Map.of("Content-Type", "application/problem+json"),
        Json.text(json -> write(json, answer, path, requestId)));
  }

  private static Answer answerTo(Problem problem) {
    return switch (problem) {
      case Problem.Unauthenticated() ->
          new Answer(
              401,
              "unauthenticated",
              "Unauthenticated",
              "Send a valid token: Authorization: Bearer <token>.");
      case Problem.Forbidden(var needed) ->
          new Answer(
              403, "forbidden", "Forbidden", "This needs the role " + needed.wireName() + ".");
      case Problem.NoSuchRoute() ->
          new Answer(404, "no_such_route", "No such route", "There is nothing at this path.");
      case Problem.MethodNotAllowed(var allowed) ->
          new Answer(
              405,
              "method_not_allowed",
              "Method not allowed",
              "This path takes " + String.join(", ", allowed) + ".");
      case Problem.NotFound(var what) ->
          new Answer(404, "not_found", "Not found", "There is no such " + what + ".");
      case Problem.TooLarge(var maxBytes) ->
          new Answer(
              413,
              "payload_too_large",
              "Payload too large",
              "A body has at most " + maxBytes + " bytes.");
      case Problem.NotJson() ->
          new Answer(
              415,
              "unsupported_media_type",
              "Unsupported media type",
              "Send JSON: Content-Type: application/json.");
      case Problem.MalformedJson(var why) ->
          new Answer(
              400,
              "malformed_json",
              "Malformed JSON",
              "The body is not one JSON document: " + why + ".");
      case Problem.InvalidRequest(var errors) -> invalidRequest(errors);
      case Problem.InvalidParameter(var parameter, var why) ->
          new Answer(400, "invalid_parameter", "Invalid parameter", parameter + ": " + why);
      case Problem.InvalidCursor() ->
          new Answer(
              400,
              "invalid_cursor",
              "Invalid cursor",
              "The cursor is not of this list, or too old: begin again without it.");
      case Problem.QueryRefused(var verdict) -> queryRefused(verdict);
      case Problem.NameTaken(var kind, var name) ->
          new Answer(
              409, "name_taken", "Name taken", "Another " + kind + " is called \"" + name + "\".");
      case Problem.CredentialNotValid(var id) ->
          new Answer(
              409,
              "credential_not_valid",
              "Credentials not valid",
              "The last validation of "
                  + id
                  + " failed: mend the credentials and validate them first.");
      case Problem.CredentialInUse(var models) -> credentialInUse(models);
      case Problem.ModelInUse(var sources) -> modelInUse(sources);
      case Problem.BreakingChange(var impact) -> breakingChange(impact);
      case Problem.TooManyPreviews(var most) ->
          new Answer(
              429,
              "too_many_previews",
              "Too many previews",
              "At most "
                  + most
                  + " previews and key checks of a workspace run at a time: wait for one to end.");
      case Problem.LimitReached(var kind, var most) ->
          new Answer(
              409,
              "limit_reached",
              "Limit reached",
              "A workspace may have at most "
                  + most
                  + " "
                  + kind
                  + ": delete some that are not needed, or ask whoever runs this service for"
                  + " more.");
      case Problem.SourceInUse(var name) ->
          new Answer(
              409,
              "source_in_use",
              "Source in use",
              "Connections draw from \"" + name + "\": delete them first.");
      case Problem.VersionConflict() ->
          new Answer(
              412,
              "version_conflict",
              "Version conflict",
              "It was changed meanwhile: read it again, and send the new ETag.");
      case Problem.IdempotencyMismatch() ->
          new Answer(
              422,
              "idempotency_mismatch",
              "Idempotency mismatch",
              "This Idempotency-Key was used for another body: take a new one.");
      case Problem.RequestInProgress() ->
          new Answer(
              409,
              "request_in_progress",
              "Request in progress",
              "The first request with this Idempotency-Key has not ended: try again.");
      case Problem.Busy() ->
          new Answer(
              409,
              "busy",
              "Busy",
              "Others change the same things all the time, and nothing was written: try again.");
    };
  }

  private static Answer invalidRequest(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? (errors.getFirst().field() + ": " + errors.getFirst().message())
                .replaceFirst("^: ", "")
            : errors.size() + " fields are bad; see errors.";
    return new Answer(422, "invalid_request", "Invalid request", detail, errors, NOTHING);
  }

  private static Answer credentialInUse(List<ModelUse> models) {
    return inUse(
        "credential_in_use",
        "Credentials in use",
        "Models use these credentials: %s. Give them others, or delete them first.",
        "models",
        models.stream().map(model -> new Named(model.modelId(), model.name())).toList());
  }

  private static Answer modelInUse(List<SourceUse> sources) {
    return inUse(
        "model_in_use",
        "Model in use",
        "Sources use this model: %s. Give them another, or delete them first.",
        "sources",
        sources.stream().map(source -> new Named(source.sourceId(), source.name())).toList());
  }

  private static Answer inUse(
      String code, String title, String detail, String member, List<Named> users) {
    String names = String.join(", ", users.stream().map(user -> "\"" + user.name + "\"").toList());
    return new Answer(
        409,
        code,
        title,
        detail.formatted(names),
        List.of(),
        json -> {
          json.writeArrayFieldStart(member);
          for (Named user : users) {
            json.writeStartObject();
            json.writeStringField("id", user.id);
            json.writeStringField("name", user.name);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static Answer breakingChange(Impact impact) {
    String columns =
        String.join(
            ", ",
            impact.brokenMappings().stream()
                .map(broken -> "\"" + broken.column() + "\"")
                .distinct()
                .toList());
    return new Answer(
        409,
        "breaking_change",
        "Breaking change",
        "What uses these columns would break: "
            + columns
            + ". Send acceptImpact to change it all the same.",
        List.of(),
        json -> ImpactJson.write(json, impact));
  }

  private record Named(String id, String name) {}

  private static Answer queryRefused(Verdict.Refused verdict) {
    return switch (verdict.kind()) {
      case UNSAFE_QUERY ->
          new Answer(
              422,
              "unsafe_query",
              "Unsafe query",
              verdict.message(),
              List.of(),
              json -> write(json, verdict));
      case INVALID_QUERY ->
          new Answer(
              422,
              "invalid_query",
              "Invalid query",
              verdict.message(),
              List.of(),
              json -> write(json, verdict));
    };
  }

  private static void write(JsonGenerator json, Answer answer, String path, String requestId)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "urn:retl-models:problem:" + answer.code);
    json.writeStringField("title", answer.title);
    json.writeNumberField("status", answer.status);
    json.writeStringField("detail", answer.detail);
    json.writeStringField("instance", path);
    json.writeStringField("code", answer.code);
    json.writeStringField("requestId", requestId);
    answer.members.write(json);
    write(json, answer.errors);
    json.writeStringField("error", answer.detail);
    json.writeStringField("message", answer.detail);
    json.writeObjectFieldStart("details");
    for (String field : answer.errors.stream().map(FieldError::field).distinct().toList()) {
      json.writeStringField(field, firstMessage(answer.errors, field));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Verdict.Refused verdict) throws IOException {
    TextRange at = verdict.at();
    json.writeStringField("reason", verdict.reason());
    json.writeNumberField("line", at.line());
    json.writeNumberField("column", at.column());
    json.writeNumberField("offset", at.offset());
    json.writeNumberField("length", at.length());
  }

  private static void write(JsonGenerator json, List<FieldError> errors) throws IOException {
    json.writeArrayFieldStart("errors");
    for (FieldError error : errors) {
      json.writeStartObject();
      json.writeStringField("field", error.field());
      json.writeStringField("code", error.code().wireName());
      json.writeStringField("message", error.message());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String firstMessage(List<FieldError> errors, String field) {
    return errors.stream()
        .filter(error -> error.field().equals(field))
        .findFirst()
        .map(FieldError::message)
        .orElse("");
  }

  /**
   * The parts of an answer.
   *
   * @param members writes what this problem has beside the fields of all problems
   */
  private record Answer(
      int status,
      String code,
      String title,
      String detail,
      List<FieldError> errors,
      Json.Writing members) {

    Answer(int status, String code, String title, String detail) {
      this(status, code, title, detail, List.of(), NOTHING);
    }
  }
}
