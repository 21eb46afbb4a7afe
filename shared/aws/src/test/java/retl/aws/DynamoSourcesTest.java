package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.source.Source;
import retl.core.source.SourceStore.Created;
import retl.core.source.SourceStore.Deleted;
import retl.core.source.SourceStore.Filter;
import retl.core.source.SourceStore.Written;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoSourcesTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  /** How often connecting meets deleting; more of it, {@code -Drounds=1000}, takes longer. */
  private static final int ROUNDS = Integer.getInteger("rounds", 50);

  private static final Filter ALL = new Filter(null, null, null);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.120Z");
  private static final Receipt RECEIPT =
      new Receipt(
          new Receipt.Once("POST /sources", "key", "hash"),
          201,
          Map.of("Location", "/sources/1"),
          "{\"a\":1}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private DynamoModels models;
  private DynamoSources store;
  private Caller caller;
  private Caller stranger;
  private String modelId;

  @BeforeEach
  void takeAWorkspaceWithAModel() {
    Receipts receipts = new Receipts(AWS.table(), clock);
    models = new DynamoModels(AWS.table(), receipts);
    store = new DynamoSources(AWS.table(), receipts);
    caller = Callers.of(AWS.workspace(), Role.EDITOR);
    stranger = Callers.of(AWS.workspace(), Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    DynamoCredentials credentials = new DynamoCredentials(AWS.table(), receipts);
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit(credential.id()), null);
    modelId = model("Orders", credential.id());
  }

  private String model(String name, String credentialId) {
    Model model = retl.core.model.Samples.model(ids.next("mdl"), name, credentialId);
    assertThat(models.create(caller, model, audit(model.id()), null))
        .isEqualTo(ModelStore.Created.CREATED);
    return model.id();
  }

  private String anotherModel() {
    return model(
        "Model " + ids.next("x"),
        models.find(caller.workspace(), modelId).orElseThrow().credentialId());
  }

  private Audit audit(String id) {
    return Audit.of(caller, ids, clock.instant(), "thing.done", id, List.of("name"));
  }

  private Source source(String name, String modelId) {
    return new Source(
        ids.next("src"), name, modelId, true, 0, NOW, "tok_editor", NOW, "tok_editor", 1);
  }

  private static Source changed(Source before, String name, String modelId, boolean enabled) {
    return new Source(
        before.id(),
        name,
        modelId,
        enabled,
        before.connectionCount(),
        before.createdAt(),
        before.createdBy(),
        NOW.plusSeconds(5),
        "tok_other",
        before.version() + 1);
  }

  private Created create(Caller caller, Source source, @Nullable Receipt receipt) {
    return store.create(caller, source, audit(source.id()), receipt);
  }

  private Source saved(String name) {
    Source source = source(name, modelId);
    assertThat(create(caller, source, null)).isEqualTo(Created.CREATED);
    return source;
  }

  private Written update(Source before, Source after) {
    return store.update(caller, before, after, audit(before.id()));
  }

  private List<String> names(Filter filter) {
    return store.list(caller, filter, new Page.Request(100, null)).items().stream()
        .map(Source::name)
        .toList();
  }

  private int count(String modelId) {
    return models.find(caller.workspace(), modelId).orElseThrow().sourceCount();
  }

  private long audits() {
    return AWS.keys(caller.workspace()).stream().filter(key -> key.startsWith("AUDIT#")).count();
  }

  @Test
  void readsBackWhatWasSaved() {
    Source source = source("Ｏrders ß 😀", modelId);

    assertThat(create(caller, source, RECEIPT)).isEqualTo(Created.CREATED);

    assertThat(store.find(caller.workspace(), source.id())).contains(source);
    assertThat(store.list(caller, ALL, new Page.Request(25, null)).items()).containsExactly(source);
    assertThat(count(modelId)).isEqualTo(1);
    assertThat(models.find(caller.workspace(), modelId).orElseThrow().version()).isEqualTo(2);
    assertThat(create(caller, source("Other", modelId), RECEIPT)).isEqualTo(Created.REPEATED);
    assertThat(create(caller, source("orders SS 😀", modelId), RECEIPT))
        .isEqualTo(Created.REPEATED);
    assertThat(count(modelId)).isEqualTo(1);
  }

  @Test
  void refusesAndWritesNothing() {
    saved("Orders");
    List<String> before = AWS.keys(caller.workspace());

    assertThat(create(caller, source("ORDERS", modelId), RECEIPT)).isEqualTo(Created.NAME_TAKEN);
    assertThat(create(caller, source("a", ids.next("mdl")), RECEIPT)).isEqualTo(Created.MODEL_GONE);
    assertThat(create(stranger, source("b", modelId), RECEIPT)).isEqualTo(Created.MODEL_GONE);

    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
    assertThat(AWS.keys(stranger.workspace())).isEmpty();
    assertThat(count(modelId)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s#REV#1", "%s#", "", "crd_0123456789abcdefghijklmnop"})
  void connectsToNothingButAModel(String id) {
    Source source = saved("Orders");
    List<String> before = AWS.keys(caller.workspace());
    String other = id.formatted(modelId);

    assertThat(create(caller, source("a", other), null)).isEqualTo(Created.MODEL_GONE);
    assertThat(update(source, changed(source, "Orders", other, true)))
        .isEqualTo(Written.MODEL_GONE);

    assertThat(names(new Filter(other, null, null))).isEmpty();
    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
  }

  @Test
  void renamesAndFreesTheOldNameAtOnce() {
    Source source = saved("Orders");
    Source renamed = changed(source, "Sales", modelId, true);

    assertThat(update(source, renamed)).isEqualTo(Written.WRITTEN);

    assertThat(store.find(caller.workspace(), source.id())).contains(renamed);
    assertThat(create(caller, source("Orders", modelId), null)).isEqualTo(Created.CREATED);
    assertThat(names(ALL)).containsExactly("Orders", "Sales");
    assertThat(names(new Filter(modelId, null, null))).containsExactly("Orders", "Sales");
    assertThat(count(modelId)).isEqualTo(2);
  }

  @Test
  void takesAnotherSpellingOfTheSameName() {
    Source source = saved("Orders");

    assertThat(update(source, changed(source, "ORDERS", modelId, false)))
        .isEqualTo(Written.WRITTEN);

    assertThat(names(new Filter(null, false, null))).containsExactly("ORDERS");
    assertThat(names(new Filter(modelId, true, null))).isEmpty();
    assertThat(create(caller, source("orders", modelId), null)).isEqualTo(Created.NAME_TAKEN);
  }

  @Test
  void movesToAnotherModelAndChangesBothCounts() {
    String other = anotherModel();
    Source source = saved("Orders");
    saved("Other");
    Source moved = changed(source, "Orders", other, true);

    assertThat(update(source, moved)).isEqualTo(Written.WRITTEN);

    assertThat(count(modelId)).isEqualTo(1);
    assertThat(count(other)).isEqualTo(1);
    assertThat(names(new Filter(modelId, null, null))).containsExactly("Other");
    assertThat(names(new Filter(other, null, null))).containsExactly("Orders");
  }

  @Test
  void refusesAChangeAndWritesNothing() {
    Source source = saved("Orders");
    saved("Taken");
    Source newer = changed(source, "Newer", modelId, true);
    update(source, newer);
    List<String> before = AWS.keys(caller.workspace());

    assertThat(update(source, changed(source, "Late", modelId, false)))
        .isEqualTo(Written.VERSION_CONFLICT);
    assertThat(update(newer, changed(newer, "TAKEN", anotherModel(), false)))
        .isEqualTo(Written.NAME_TAKEN);
    assertThat(update(newer, changed(newer, "Newer", ids.next("mdl"), false)))
        .isEqualTo(Written.MODEL_GONE);

    assertThat(store.find(caller.workspace(), source.id())).contains(newer);
    assertThat(AWS.keys(caller.workspace())).containsAll(before);
    assertThat(names(ALL)).containsExactly("Newer", "Taken");
    assertThat(count(modelId)).isEqualTo(2);
  }

  @Test
  void deletesAndFreesTheName() {
    Source source = saved("Orders");

    assertThat(store.delete(caller, source, audit(source.id()))).isEqualTo(Deleted.DELETED);

    assertThat(store.find(caller.workspace(), source.id())).isEmpty();
    assertThat(names(ALL)).isEmpty();
    assertThat(names(new Filter(modelId, null, null))).isEmpty();
    assertThat(count(modelId)).isZero();
    assertThat(create(caller, source("Orders", modelId), null)).isEqualTo(Created.CREATED);
  }

  @Test
  void deletesNeitherAnotherVersionNorWhatHasConnections() {
    Source source = saved("Orders");
    Source newer = changed(source, "Orders", modelId, false);
    update(source, newer);

    assertThat(store.delete(caller, source, audit(source.id())))
        .isEqualTo(Deleted.VERSION_CONFLICT);
    connect(newer);
    assertThat(store.delete(caller, newer, audit(newer.id()))).isEqualTo(Deleted.IN_USE);

    assertThat(names(ALL)).containsExactly("Orders");
    assertThat(count(modelId)).isEqualTo(1);
  }

  // Connections come with syncs; until then the counter is changed by hand.
  private void connect(Source source) {
    AWS.table()
        .dynamo()
        .updateItem(
            update ->
                update
                    .tableName(AWS.table().name())
                    .key(Table.key(caller.workspace(), "SOURCE#" + source.id()))
                    .updateExpression("ADD connectionCount :one")
                    .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
  }

  @Test
  void leavesOneAuditItemForEachChange() {
    long before = audits();
    Source source = saved("Orders");
    Source renamed = changed(source, "Sales", modelId, true);
    update(source, renamed);
    update(source, renamed);
    store.delete(caller, renamed, audit(source.id()));

    assertThat(audits() - before).isEqualTo(3);
  }

  @Test
  void countsEverySourceThatConnectsAtTheSameTime() throws Exception {
    List<Callable<Created>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Source source = source("Source " + i, modelId);
      calls.add(() -> create(caller, source, null));
    }

    assertThat(atOnce(calls)).containsOnly(Created.CREATED);

    assertThat(count(modelId)).isEqualTo(64);
    assertThat(names(new Filter(modelId, null, null))).hasSize(64);
  }

  @Test
  void countsExactlyWhileSourcesComeMoveAndGo() throws Exception {
    String other = anotherModel();
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Source leaving = saved("Leaving " + i);
      Source moving = saved("Moving " + i);
      Source coming = source("Coming " + i, modelId);
      Source moved = changed(moving, moving.name(), other, true);
      calls.add(() -> store.delete(caller, leaving, audit(leaving.id())));
      calls.add(() -> update(moving, moved));
      calls.add(() -> create(caller, coming, null));
    }

    assertThat(atOnce(calls)).containsOnly(Deleted.DELETED, Written.WRITTEN, Created.CREATED);

    assertThat(count(modelId)).isEqualTo(names(new Filter(modelId, null, null)).size());
    assertThat(count(other)).isEqualTo(names(new Filter(other, null, null)).size());
    assertThat(names(new Filter(other, null, null))).hasSize(8);
  }

  @Test
  void oneOfManyAtTheSameTimeGetsTheName() throws Exception {
    List<Callable<Created>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Source source = source("Orders", modelId);
      calls.add(() -> create(caller, source, null));
    }

    List<Created> ends = atOnce(calls);

    assertThat(Collections.frequency(ends, Created.CREATED)).isEqualTo(1);
    assertThat(Collections.frequency(ends, Created.NAME_TAKEN)).isEqualTo(31);
    assertThat(count(modelId)).isEqualTo(1);
  }

  @Test
  void ofConnectingAndDeletingTheModelExactlyOneWins() throws Exception {
    int connected = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String model = anotherModel();
      Model before = models.find(caller.workspace(), model).orElseThrow();
      Source source = source("Round " + round, model);
      List<Callable<Object>> calls =
          List.of(
              () -> create(caller, source, null),
              () -> models.delete(caller, before, audit(model)));

      List<Object> ends = atOnce(round % 2 == 0 ? calls : calls.reversed());

      boolean isConnected = ends.contains(Created.CREATED);
      assertThat(ends)
          .containsExactlyInAnyOrder(
              isConnected ? Created.CREATED : Created.MODEL_GONE,
              isConnected ? ModelStore.Deleted.IN_USE : ModelStore.Deleted.DELETED);
      connected += isConnected ? 1 : 0;
    }

    System.out.println("Connecting won against deleting: " + connected + " of " + ROUNDS);
    assertThat(all()).hasSize(connected);
    assertThat(withoutTheirModel()).isEmpty();
  }

  /** The control: a model that is looked at first and deleted then leaves a source behind. */
  @Test
  void aDeletionThatOnlyLooksFirstIsFoundOut() {
    Source source = source("Orders", modelId);
    assertThat(count(modelId)).isZero();
    create(caller, source, null);
    AWS.table()
        .dynamo()
        .deleteItem(
            delete ->
                delete
                    .tableName(AWS.table().name())
                    .key(Table.key(caller.workspace(), "MODEL#" + modelId)));

    assertThat(withoutTheirModel()).containsExactly("Orders");
  }

  private List<String> withoutTheirModel() {
    return all().stream()
        .filter(source -> models.find(caller.workspace(), source.modelId()).isEmpty())
        .map(Source::name)
        .toList();
  }

  private List<Source> all() {
    List<Source> all = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Source> page = store.list(caller, ALL, new Page.Request(100, after));
      all.addAll(page.items());
      after = page.next();
    } while (after != null);
    return all;
  }

  private static <T> List<T> atOnce(List<? extends Callable<? extends T>> calls) throws Exception {
    List<T> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<Future<T>> all = new ArrayList<>();
      calls.forEach(call -> all.add(threads.submit(call::call)));
      for (Future<T> end : all) {
        ends.add(end.get());
      }
    }
    return ends;
  }

  @Test
  void listsTheSourcesOfAModelInPages() {
    String other = anotherModel();
    for (int i = 10; i < 20; i++) {
      saved("b" + i);
      create(caller, source("a" + i, other), null);
    }
    Filter ofModel = new Filter(modelId, null, null);

    Page<Source> first = store.list(caller, ofModel, new Page.Request(6, null));
    Page<Source> second = store.list(caller, ofModel, new Page.Request(6, first.next()));

    assertThat(first.items()).extracting(Source::name).startsWith("b10").hasSize(6);
    assertThat(second.items()).extracting(Source::name).endsWith("b19").hasSize(4);
    assertThat(second.next()).isNull();
    assertThat(names(new Filter(modelId, null, "B1"))).hasSize(10);
    assertThat(names(new Filter(null, null, "a"))).hasSize(10);
    assertThat(names(new Filter(ids.next("mdl"), null, null))).isEmpty();
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    Source source = saved("Orders");

    assertThat(store.find(stranger.workspace(), source.id())).isEmpty();
    assertThat(store.list(stranger, ALL, new Page.Request(25, null)).items()).isEmpty();
    assertThat(
            store
                .list(stranger, new Filter(modelId, null, null), new Page.Request(25, null))
                .items())
        .isEmpty();
    assertThat(store.find(caller.workspace(), source.id() + "#")).isEmpty();
  }
}
