package retl.api;

import static retl.core.Role.ADMIN;
import static retl.core.Role.EDITOR;
import static retl.core.Role.VIEWER;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retl.core.Role;

/**
 * Every operation of the API and the role that it needs. Which function serves it stands in {@code
 * template.yaml}; what it takes and answers stands in {@code openapi.yaml}. A test holds the three
 * together.
 */
public enum Route {
  GET_HEALTH("GET", "/health", null),
  GET_WORKSPACE("GET", "/workspace", VIEWER),
  LIST_AUDIT("GET", "/audit", ADMIN),

  CREATE_TOKEN("POST", "/tokens", ADMIN),
  LIST_TOKENS("GET", "/tokens", ADMIN),
  DELETE_TOKEN("DELETE", "/tokens/{id}", ADMIN),

  CREATE_CREDENTIAL("POST", "/credentials", ADMIN),
  LIST_CREDENTIALS("GET", "/credentials", VIEWER),
  GET_CREDENTIAL("GET", "/credentials/{id}", VIEWER),
  UPDATE_CREDENTIAL("PATCH", "/credentials/{id}", ADMIN),
  DELETE_CREDENTIAL("DELETE", "/credentials/{id}", ADMIN),
  LIST_CREDENTIAL_MODELS("GET", "/credentials/{id}/models", VIEWER),
  LIST_CREDENTIAL_VALIDATIONS("GET", "/credentials/{id}/validations", VIEWER),

  /** Unsaved settings need an admin; {@link retl.core.validation.NewValidation} judges that. */
  CREATE_VALIDATION("POST", "/validations", EDITOR),
  GET_VALIDATION("GET", "/validations/{id}", VIEWER),

  CREATE_PREVIEW("POST", "/previews", EDITOR),
  GET_PREVIEW("GET", "/previews/{id}", VIEWER),
  CANCEL_PREVIEW("DELETE", "/previews/{id}", EDITOR),

  CREATE_MODEL("POST", "/models", EDITOR),
  LIST_MODELS("GET", "/models", VIEWER),
  GET_MODEL("GET", "/models/{id}", VIEWER),
  UPDATE_MODEL("PATCH", "/models/{id}", EDITOR),
  DELETE_MODEL("DELETE", "/models/{id}", EDITOR),
  LIST_MODEL_REVISIONS("GET", "/models/{id}/revisions", VIEWER),
  GET_MODEL_REVISION("GET", "/models/{id}/revisions/{n}", VIEWER),
  RESTORE_MODEL("POST", "/models/{id}/revisions/{n}/restore", EDITOR),
  LIST_MODEL_SOURCES("GET", "/models/{id}/sources", VIEWER),
  CREATE_KEY_CHECK("POST", "/models/{id}/key-checks", EDITOR),
  GET_KEY_CHECK("GET", "/models/{id}/key-checks/{checkId}", VIEWER),

  CREATE_SOURCE("POST", "/sources", EDITOR),
  LIST_SOURCES("GET", "/sources", VIEWER),
  GET_SOURCE("GET", "/sources/{id}", VIEWER),
  UPDATE_SOURCE("PATCH", "/sources/{id}", EDITOR),
  DELETE_SOURCE("DELETE", "/sources/{id}", EDITOR);

  private final String method;
  private final String path;
  private final @Nullable Role role;

  Route(String method, String path, @Nullable Role role) {
    this.method = method;
    this.path = path;
    this.role = role;
  }

  public String method() {
    return method;
  }

  /** The path with a name in braces, such as {@code {id}}, where a resource's id stands. */
  public String path() {
    return path;
  }

  /** The least role that may call it; null when no token is needed. */
  public @Nullable Role role() {
    return role;
  }

  /** The name that API Gateway gives it: {@code GET /models/{id}}. */
  public String key() {
    return method + " " + path;
  }

  /** The route of this key; empty for {@code $default}. */
  public static Optional<Route> of(String key) {
    return Stream.of(values()).filter(route -> route.key().equals(key)).findFirst();
  }

  /** The methods that a path which is not a template has; none when no route has such a path. */
  public static List<String> methodsOf(String path) {
    List<String> segments = List.of(path.split("/", -1));
    return Stream.of(values())
        .filter(route -> route.matches(segments))
        .map(Route::method)
        .sorted()
        .toList();
  }

  private boolean matches(List<String> segments) {
    List<String> own = List.of(path.split("/", -1));
    if (own.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < own.size(); i++) {
      boolean isId = own.get(i).startsWith("{") && !segments.get(i).isEmpty();
      if (!isId && !own.get(i).equals(segments.get(i))) {
        return false;
      }
    }
    return true;
  }
}
