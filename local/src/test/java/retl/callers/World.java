package retl.callers;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.aws.DynamoPreviews;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.callers.Deployment.Answer;
import retl.callers.Deployment.Call;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

/**
 * A workspace with one of everything.
 *
 * @param ids an id of each type, by what it begins with
 * @param words everything else by which something of it could be named: names, keys, cursors
 */
record World(String workspace, String token, Map<String, String> ids, List<String> words) {

  /** Makes it through the API; only the worker's half of a preview is written by hand. */
  static World make(Deployment service, Table table, String name) {
    Map<?, ?> opened = service.invoke("BootstrapFunction", Map.of("name", name));
    String workspace = (String) Deployment.field(opened, "workspace");
    String token = Deployment.bootstrapped(opened);
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("wsp", workspace);
    ids.put("tok", created(service, Call.of("POST /tokens", token).body(newToken(name + " ci"))));
    String credential =
        created(service, Call.of("POST /credentials", token).body(newCredential(name + " db")));
    ids.put("crd", credential);
    ids.put(
        "val",
        created(
            service, Call.of("POST /validations", token).body(Map.of("credentialId", credential))));
    String sql = "select '" + name + "' as secret_of_" + name;
    String preview =
        created(
            service,
            Call.of("POST /previews", token).body(Map.of("credentialId", credential, "sql", sql)));
    ids.put("prv", preview);
    complete(table, workspace, preview, name, null);
    Call model =
        Call.of("POST /models", token)
            .header("idempotency-key", name + "-key")
            .body(newModel(name + " model", credential, sql, preview));
    ids.put("mdl", created(service, model));
    String check =
        created(
            service,
            Call.of("POST /models/{id}/key-checks", token)
                .path("id", Objects.requireNonNull(ids.get("mdl")))
                .body(newKeyCheck(name)));
    ids.put("kch", check);
    complete(table, workspace, check, name, new Preview.KeyCounts(3, 1, 1, List.of(2L)));
    Call source =
        Call.of("POST /sources", token)
            .header("idempotency-key", name + "-key")
            .body(newSource(name + " source", ids.get("mdl")));
    ids.put("src", created(service, source));
    created(
        service,
        model
            .header("idempotency-key", name + "-key-2")
            .body(newModel(name + " 2", credential, sql, preview)));
    List<String> words = new ArrayList<>();
    words.addAll(List.of(name, name + " db", name + " model", name + " source", name + "-key"));
    words.add(service.call(Call.of("GET /models", token).query("limit", "1")).text("nextCursor"));
    words.add(service.call(Call.of("GET /tokens", token).query("limit", "1")).text("nextCursor"));
    return new World(workspace, token, ids, words);
  }

  private static String created(Deployment service, Call call) {
    Answer answer = service.call(call);
    if (answer.status() / 100 != 2) {
      throw new IllegalStateException(call.route() + ": " + answer);
    }
    return answer.text("id");
  }

  private static void complete(
      Table table, String workspace, String id, String name, Preview.@Nullable KeyCounts keys) {
    DynamoPreviews previews = new DynamoPreviews(table, new Receipts(table, Clock.systemUTC()));
    Preview preview = Optional.of(previews.find(workspace, id)).get().orElseThrow();
    Column column = new Column("secret_of_" + name, Column.Type.STRING, "text", null);
    Preview.Result result =
        new Preview.Result(List.of(column), 1, false, 0, List.of(), Set.of(), keys);
    previews.finish(workspace, preview.completed(result, 1), List.of("[\"" + name + "\"]"));
  }

  static Map<String, Object> newToken(String name) {
    return Map.of("name", name, "role", "viewer");
  }

  static Map<String, Object> newCredential(String name) {
    return Map.of(
        "name",
        name,
        "warehouse",
        "postgres",
        "settings",
        Map.of("host", "127.0.0.1", "database", "d", "user", "u", "sslMode", "disable"),
        "secret",
        Map.of("password", "p"),
        "skipValidation",
        true);
  }

  static Map<String, Object> newModel(String name, String credential, String sql, String preview) {
    return Map.of("name", name, "credentialId", credential, "sql", sql, "previewId", preview);
  }

  static Map<String, Object> newKeyCheck(String name) {
    return Map.of("columns", List.of("secret_of_" + name));
  }

  static Map<String, Object> newSource(String name, String model) {
    return Map.of("name", name, "modelId", model);
  }
}
