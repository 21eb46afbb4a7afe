package retl.core.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Impact;
import retl.core.SourceUse;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialsInMemory;
import retl.core.preview.Preview;
import retl.core.preview.PreviewsInMemory;
import retl.core.query.PickyGate;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/** Everything that changing models needs, in memory, with a few models to change. */
final class Bench {
  static final String SQL = "select id, a, a from orders";
  static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  static final Instant BEFORE = NOW.minusSeconds(3600);
  static final List<Column> COLUMNS =
      List.of(
          new Column("id", Column.Type.INT, "int8", false),
          new Column("a", Column.Type.STRING, "text", null),
          new Column("a", Column.Type.STRING, "text", null));

  final ModelsInMemory store = new ModelsInMemory();
  final TestClock clock = new TestClock();
  final CredentialsInMemory credentials = new CredentialsInMemory();
  final List<Mappings.Mapping> mappings = new ArrayList<>();
  final PreviewsInMemory previews = new PreviewsInMemory();
  private int number;
  private final Drafts drafts = new Drafts(credentials, previews, new PickyGate(), clock);
  final Models models = new Models(store, drafts, type -> type + "_" + ++number, clock);
  final ModelChanges changes =
      new ModelChanges(
          store,
          drafts,
          (workspace, modelId) -> mappings,
          (workspace, modelId, count) -> List.of(new SourceUse("src_1", "Feed of " + modelId)),
          type -> type + "_" + ++number,
          clock);

  Bench() {
    keep("ws1", model("mdl_1", "Orders"));
    keep("ws1", model("mdl_2", "Other"));
    keep("ws1", Samples.verified(model("mdl_raw", "Raw"), null, COLUMNS, null));
    keep("ws2", model("mdl_3", "Theirs"));
    credentials.add("ws1", retl.core.credential.Samples.credential("crd_1", "Shop"));
    credentials.add("ws1", retl.core.credential.Samples.credential("crd_2", "Lake"));
    credentials.add(
        "ws1",
        retl.core.credential.Samples.credential(
            "crd_bad", "Old", retl.core.credential.Samples.POSTGRES, Credential.Status.FAILING));
  }

  void keep(String workspace, Model model) {
    store.kept.put(workspace + model.id(), model);
  }

  /** The fourth revision of a verified model, as the seventh version of its row. */
  static Model model(String id, String name) {
    return new Model(
        id,
        name,
        "All of them",
        "crd_1",
        Warehouse.POSTGRES,
        SQL,
        List.of("id"),
        COLUMNS,
        new Model.Verified("prv_1", BEFORE, 1),
        4,
        0,
        BEFORE,
        "tok_first",
        BEFORE,
        "tok_first",
        7);
  }

  Model kept(String id) {
    return Objects.requireNonNull(store.kept.get("ws1" + id));
  }

  /** From now on the credentials lead elsewhere. */
  void move(String credentialId) {
    credentials.active.put(
        "ws1" + credentialId, retl.core.credential.Samples.moved(credential(credentialId)));
  }

  private Credential credential(String id) {
    return Objects.requireNonNull(credentials.active.get("ws1" + id));
  }

  /** Runs a query: a completed preview of it, with these columns. */
  void run(String previewId, String credentialId, String sql, List<Column> columns) {
    Preview preview =
        retl.core.preview.Samples.queued(previewId, credential(credentialId), sql, clock.instant());
    previews.kept.put("ws1" + previewId, retl.core.preview.Samples.completed(preview, columns));
  }

  static Map<String, @Nullable Object> body(String field, @Nullable Object value) {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put(field, value);
    return body;
  }

  static IfMatch version(long version) {
    return new IfMatch(true, false, Set.of(version));
  }

  Model update(Caller caller, String id, Map<String, @Nullable Object> body) {
    return update(caller, id, IfMatch.NONE, body);
  }

  Model update(Caller caller, String id, IfMatch ifMatch, Map<String, @Nullable Object> body) {
    return updated(caller, id, ifMatch, body).model();
  }

  ModelChanges.Updated updated(
      Caller caller, String id, IfMatch ifMatch, Map<String, @Nullable Object> body) {
    return changes.update(caller, id, ifMatch, before -> ModelPatch.read(Fields.of(body), before));
  }

  Impact impact(Caller caller, String id, Map<String, @Nullable Object> body) {
    return changes.impact(
        caller, id, IfMatch.NONE, before -> ModelPatch.read(Fields.of(body), before));
  }
}
