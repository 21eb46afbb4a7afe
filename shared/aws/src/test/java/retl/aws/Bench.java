package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Refused;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.model.Drafts;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Samples;
import retl.core.query.PickyGate;
import retl.core.source.Source;

/** The stores of models and of what they need and are used by, and a workspace with credentials. */
final class Bench {
  final Ids ids = Ids.timeOrdered();
  final TestClock clock = new TestClock();
  final Receipts receipts;
  final DynamoCredentials credentials;
  final DynamoPreviews previews;
  final DynamoModels models;
  final DynamoSources sources;
  final Drafts drafts;
  final ModelChanges changes;
  final Caller caller;
  final String credentialId;

  private final LocalAws aws;

  Bench(LocalAws aws) {
    this.aws = aws;
    Table table = aws.table();
    this.receipts = new Receipts(table, clock);
    this.credentials = new DynamoCredentials(table, receipts);
    this.previews = new DynamoPreviews(table, receipts);
    this.models = new DynamoModels(table, receipts);
    this.sources = new DynamoSources(table, receipts);
    this.drafts = new Drafts(credentials, previews, new PickyGate(), clock);
    this.changes =
        new ModelChanges(
            models, drafts, new DynamoMappings(table), new DynamoSourceUses(table), ids, clock);
    this.caller = Callers.of(aws.workspace(), Role.EDITOR);
    this.credentialId = credential("Shop");
  }

  /** Somebody with a workspace that has nothing. */
  Caller stranger() {
    return Callers.of(aws.workspace(), Role.EDITOR);
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  Audit audit(String id) {
    return Audit.of(caller, ids, clock.instant(), "thing.done", id, List.of("name"));
  }

  String credential(String name) {
    Credential credential = retl.core.credential.Samples.credential(ids.next("crd"), name);
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit(credential.id()), null);
    return credential.id();
  }

  /** Saves a model on the first credentials. */
  String save(String name) {
    Model model = Samples.model(ids.next("mdl"), name, credentialId);
    assertThat(models.create(caller, model, audit(model.id()), null))
        .isEqualTo(ModelStore.Created.CREATED);
    return model.id();
  }

  Model patch(String id, Map<String, Object> body) {
    return changes
        .update(caller, id, IfMatch.NONE, before -> ModelPatch.read(Fields.of(body), before))
        .model();
  }

  Model rename(String id, String name) {
    return patch(id, Map.of("name", name));
  }

  void delete(String id) {
    changes.delete(caller, id, IfMatch.NONE);
  }

  Model find(String id) {
    return models.find(caller.workspace(), id).orElseThrow();
  }

  /** The names of all models. */
  List<String> names() {
    ModelStore.Filter all = new ModelStore.Filter(null, null, null);
    return models.list(caller, all, new Page.Request(100, null)).items().stream()
        .map(ModelSummary::name)
        .toList();
  }

  /** A source that nobody has saved yet. */
  Source source(String name, String modelId) {
    Instant now = now();
    return new Source(ids.next("src"), name, modelId, true, 0, now, "tok_1", now, "tok_1", 1);
  }

  /** The next version of a source. */
  Source changed(Source before, String name, String modelId, boolean enabled) {
    return new Source(
        before.id(),
        name,
        modelId,
        enabled,
        before.connectionCount(),
        before.createdAt(),
        before.createdBy(),
        now().plusSeconds(5),
        "tok_other",
        before.version() + 1);
  }

  /** All sort keys of the workspace that begin so. */
  List<String> keys(String beginning) {
    return keys().stream().filter(key -> key.startsWith(beginning)).toList();
  }

  List<String> keys() {
    return aws.keys(caller.workspace());
  }

  /** How many models are counted on these credentials. */
  long countOn(String credentialId) {
    return aws.table()
        .get(caller.workspace(), "CRED#" + credentialId)
        .orElseThrow()
        .number("modelCount");
  }

  /** What became of calls at the same time: of each its result, or why it was refused. */
  static List<Object> atOnce(List<? extends Callable<?>> calls) throws Exception {
    List<Object> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<Future<Object>> all = new ArrayList<>();
      calls.forEach(call -> all.add(threads.submit(() -> end(call))));
      for (Future<Object> end : all) {
        ends.add(end.get());
      }
    }
    return ends;
  }

  private static Object end(Callable<?> call) throws Exception {
    try {
      return call.call();
    } catch (Refused e) {
      return e.problem();
    }
  }
}
