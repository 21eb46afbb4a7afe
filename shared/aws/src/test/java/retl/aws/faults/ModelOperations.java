package retl.aws.faults;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Name;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.model.Drafts;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;
import retl.core.model.Models;
import retl.core.model.NewModel;
import retl.core.model.Restoration;
import retl.core.model.Samples;
import retl.core.preview.PreviewsInMemory;
import retl.core.query.PickyGate;
import retl.core.warehouse.Column;

/** What a plan does with models. */
final class ModelOperations {
  private final SplittableRandom random;
  private final World world;
  private final Clock clock;
  private final PreviewsInMemory previews = new PreviewsInMemory();
  private final Models models;
  private final ModelChanges changes;

  /** What was acknowledged last of each model, by workspace and id. */
  final Map<String, Model> acknowledged = new HashMap<>();

  /** The models whose deletion was acknowledged. */
  final List<String> deleted = new ArrayList<>();

  private final List<String> ids = new ArrayList<>();
  private final List<String> previewIds = new ArrayList<>();
  private int counter;

  ModelOperations(SplittableRandom random, World world, Ids names, Clock clock) {
    this.random = random;
    this.world = world;
    this.clock = clock;
    Drafts drafts = new Drafts(world.credentials(), previews, new PickyGate(), clock);
    this.models = new Models(world.models(), drafts, names, clock);
    this.changes =
        new ModelChanges(
            world.models(),
            drafts,
            (workspace, modelId) -> List.of(),
            (workspace, modelId, count) -> List.of(),
            names,
            clock);
  }

  /** One of them, with these credentials where it needs some. */
  Runnable any(String workspace, String credentialId) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> () -> create(workspace, credentialId);
      case 2 -> () -> change(Map.of("name", name(), "description", "d" + counter++));
      case 3 -> () -> change(Map.of("sql", query()));
      case 4 -> () -> change(Map.of("credentialId", credentialId));
      case 5 -> this::verify;
      case 6 -> this::restore;
      default -> this::delete;
    };
  }

  private String name() {
    return (random.nextBoolean() ? "Model " : "MODEL ") + random.nextInt(4);
  }

  private String query() {
    return "select " + random.nextInt(3);
  }

  // The id of the request is its idempotency key, so that the audit tells what it did.
  private static Caller caller(String workspace, String requestId) {
    return new Caller(workspace, "tok_1", Role.EDITOR, requestId);
  }

  private Caller caller(String workspace) {
    return caller(workspace, "req-m" + counter++);
  }

  /** The receipt of a request with this idempotency key. */
  static <T> Receipt.Writer<T> receipts(String key) {
    Receipt.Once once = new Receipt.Once("POST /x", key, "hash");
    return new Receipt.Writer<>() {
      @Override
      public Receipt.Once once() {
        return once;
      }

      @Override
      public Receipt receiptOf(T made) {
        return new Receipt(once, 201, Map.of(), "{}");
      }
    };
  }

  /** A new one, verified or not. */
  void create(String workspace, String credentialId) {
    String sql = query();
    NewModel wanted =
        new NewModel(
            new Name(name()),
            credentialId,
            sql,
            null,
            null,
            previewOf(workspace, credentialId, sql));
    String key = "key-" + random.nextInt(4);
    Model made = models.create(caller(workspace, key), wanted, receipts(key));
    ids.add(workspace + "/" + made.id());
    acknowledge(workspace, made);
  }

  /** The query has run meanwhile, or not, or some time ago. */
  private @Nullable String previewOf(String workspace, String credentialId, String sql) {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> run(workspace, credentialId, sql);
      default -> previewIds.isEmpty() ? null : previewIds.get(random.nextInt(previewIds.size()));
    };
  }

  private @Nullable String run(String workspace, String credentialId, String sql) {
    Credential credential = world.credentials().find(workspace, credentialId).orElse(null);
    if (credential == null) {
      return null;
    }
    String id = "prv_%026d".formatted(counter++);
    List<Column> columns = List.of(Samples.column("c" + sql, Column.Type.INT));
    previews.kept.put(
        workspace + id,
        retl.core.preview.Samples.completed(
            retl.core.preview.Samples.queued(id, credential, sql, clock.instant()), columns));
    previewIds.add(id);
    return id;
  }

  private void change(Map<String, Object> body) {
    String[] key = one();
    if (key.length > 0) {
      changed(key, body);
    }
  }

  private void changed(String[] key, Map<String, Object> body) {
    ModelChanges.Updated updated =
        changes.update(
            caller(key[0]),
            key[1],
            IfMatch.NONE,
            before -> ModelPatch.read(Fields.of(body), before));
    acknowledge(key[0], updated.model());
  }

  private void verify() {
    String[] key = one();
    Model model = key.length == 0 ? null : world.models().find(key[0], key[1]).orElse(null);
    if (model != null) {
      String previewId = run(key[0], model.credentialId(), model.sql());
      if (previewId != null) {
        changed(key, Map.of("previewId", previewId, "acceptImpact", true));
      }
    }
  }

  private void restore() {
    String[] key = one();
    if (key.length > 0) {
      String once = "key-" + random.nextInt(4);
      ModelChanges.Updated updated =
          changes.restore(
              caller(key[0], once),
              key[1],
              1 + random.nextInt(3),
              IfMatch.NONE,
              new Restoration(null, true),
              receipts(once));
      acknowledge(key[0], updated.model());
    }
  }

  /** Any of them goes, unless a source uses it. */
  void delete() {
    String[] key = one();
    if (key.length > 0) {
      changes.delete(caller(key[0]), key[1], IfMatch.NONE);
      deleted.add(key[0] + "/" + key[1]);
    }
  }

  /** The workspace and id of any that was made; nothing while there is none. */
  String[] one() {
    return ids.isEmpty() ? new String[0] : ids.get(random.nextInt(ids.size())).split("/", -1);
  }

  private void acknowledge(String workspace, Model model) {
    acknowledged.merge(
        workspace + "/" + model.id(),
        model,
        (before, after) -> after.version() > before.version() ? after : before);
  }
}
