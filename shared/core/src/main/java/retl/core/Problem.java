package retl.core;

import java.util.List;
import retl.core.query.Verdict;

/**
 * Every reason for which the service refuses a call. The API turns each into one answer, in one
 * place.
 */
public sealed interface Problem {

  /**
   * No token, or one that is malformed, unknown, expired or revoked: deliberately not told apart.
   */
  record Unauthenticated() implements Problem {}

  /** The caller's role is too low. */
  record Forbidden(Role needed) implements Problem {}

  /** No route has this path. */
  record NoSuchRoute() implements Problem {}

  /** The path is known, the method is not; {@code allowed} are the ones that are. */
  record MethodNotAllowed(List<String> allowed) implements Problem {
    public MethodNotAllowed {
      allowed = List.copyOf(allowed);
    }
  }

  /** The body is larger than the service takes. */
  record TooLarge(int maxBytes) implements Problem {}

  /** The body's content type says that it is no JSON. */
  record NotJson() implements Problem {}

  /** The path names nothing in the caller's workspace. */
  record NotFound(String what) implements Problem {}

  /** The body is no JSON, or there is none where one is needed. */
  record MalformedJson(String why) implements Problem {}

  /** Fields of the body are bad: all of them. */
  record InvalidRequest(List<FieldError> errors) implements Problem {
    public InvalidRequest {
      errors = List.copyOf(errors);
    }
  }

  /** A query parameter or header is bad. */
  record InvalidParameter(String parameter, String why) implements Problem {}

  /** The cursor is garbled, expired, or from another workspace, route or filter. */
  record InvalidCursor() implements Problem {}

  /** The query is not exactly one read-only query. */
  record QueryRefused(Verdict.Refused verdict) implements Problem {}

  /** Another {@code kind} of this workspace has this name. */
  record NameTaken(String kind, String name) implements Problem {}

  /** The last validation of the credentials failed. */
  record CredentialNotValid(String credentialId) implements Problem {}

  /**
   * Models use the credentials.
   *
   * @param models the first of them by name
   */
  record CredentialInUse(List<ModelUse> models) implements Problem {
    public CredentialInUse {
      models = List.copyOf(models);
    }
  }

  /**
   * Sources use the model.
   *
   * @param sources the first of them by name
   */
  record ModelInUse(List<SourceUse> sources) implements Problem {
    public ModelInUse {
      sources = List.copyOf(sources);
    }
  }

  /** The change breaks what uses the model, and the caller did not say that it may. */
  record BreakingChange(Impact impact) implements Problem {}

  /** Connections draw from the source. */
  record SourceInUse(String name) implements Problem {}

  /** The idempotency key was used for another body. */
  record IdempotencyMismatch() implements Problem {}

  /** The first request with this idempotency key has not ended. */
  record RequestInProgress() implements Problem {}

  /** As many previews and key checks of the workspace run as may at the same time. */
  record TooManyPreviews(int most) implements Problem {}

  /**
   * The workspace has as much of something as it may have.
   *
   * @param kind what, in the plural
   */
  record LimitReached(String kind, int most) implements Problem {}

  /**
   * The resource has another version than the caller's {@code If-Match} names, or changes too often
   * to be written.
   */
  record VersionConflict() implements Problem {}

  /** Others change the same things all the time; nothing was written. */
  record Busy() implements Problem {}
}
