package retl.aws.faults;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Name;
import retl.core.Role;
import retl.core.source.NewSource;
import retl.core.source.Source;
import retl.core.source.SourcePatch;
import retl.core.source.SourceStore;
import retl.core.source.Sources;

/** What a plan does with sources, and with the models that they use meanwhile. */
final class SourceOperations {
  private final SplittableRandom random;
  private final ModelOperations models;
  private final Sources sources;

  /** What was acknowledged last of each source, by workspace and id. */
  final Map<String, Source> acknowledged = new HashMap<>();

  /** The sources whose deletion was acknowledged. */
  final List<String> deleted = new ArrayList<>();

  private final List<String> ids = new ArrayList<>();
  private int counter;

  SourceOperations(
      SplittableRandom random, SourceStore store, ModelOperations models, Ids names, Clock clock) {
    this.random = random;
    this.models = models;
    this.sources = new Sources(store, names, clock);
  }

  /** One of them. */
  Runnable any() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> this::create;
      case 3 -> () -> change(Map.of("name", name()));
      case 4 -> () -> change(Map.of("enabled", random.nextBoolean()));
      case 5, 6 -> this::move;
      case 7, 8 -> this::delete;
      default -> models::delete;
    };
  }

  private String name() {
    return (random.nextBoolean() ? "Source " : "SOURCE ") + random.nextInt(4);
  }

  // The id of the request is its idempotency key, so that the audit tells what it did.
  private static Caller caller(String workspace, String requestId) {
    return new Caller(workspace, "tok_1", Role.EDITOR, requestId);
  }

  private void create() {
    String[] model = models.one();
    if (model.length > 0) {
      String key = "key-s" + random.nextInt(8);
      NewSource wanted = new NewSource(new Name(name()), model[1], true);
      Source made = sources.create(caller(model[0], key), wanted, ModelOperations.receipts(key));
      ids.add(model[0] + "/" + made.id());
      acknowledge(model[0], made);
    }
  }

  private void change(Map<String, Object> body) {
    String[] key = one();
    if (key.length > 0) {
      Source changed =
          sources.update(
              caller(key[0], "req-s" + counter++),
              key[1],
              IfMatch.NONE,
              before -> SourcePatch.read(Fields.of(body), before));
      acknowledge(key[0], changed);
    }
  }

  private void move() {
    String[] model = models.one();
    if (model.length > 0) {
      change(
          random.nextBoolean()
              ? Map.of("modelId", model[1])
              : Map.of("modelId", model[1], "name", name()));
    }
  }

  private void delete() {
    String[] key = one();
    if (key.length > 0) {
      sources.delete(caller(key[0], "req-s" + counter++), key[1], IfMatch.NONE);
      deleted.add(key[0] + "/" + key[1]);
    }
  }

  private String[] one() {
    return ids.isEmpty() ? new String[0] : ids.get(random.nextInt(ids.size())).split("/", -1);
  }

  private void acknowledge(String workspace, Source source) {
    acknowledged.merge(
        workspace + "/" + source.id(),
        source,
        (before, after) -> after.version() > before.version() ? after : before);
  }
}
