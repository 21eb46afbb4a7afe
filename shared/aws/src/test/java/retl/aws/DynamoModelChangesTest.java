package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.Role;
import retl.core.SourceUse;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Unfinished;
import retl.core.model.Drafts;
import retl.core.model.Mappings;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Revision;
import retl.core.model.Samples;
import retl.core.preview.Preview;
import retl.core.query.PickyGate;
import retl.core.source.Source;
import retl.core.warehouse.Column;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Changing and deleting models, with many at it at the same time. */
class DynamoModelChangesTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private DynamoCredentials credentials;
  private DynamoPreviews previews;
  private DynamoModels store;
  private ModelChanges changes;
  private Caller caller;
  private String credentialId;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    Receipts receipts = new Receipts(AWS.table(), clock);
    credentials = new DynamoCredentials(AWS.table(), receipts);
    store = new DynamoModels(AWS.table(), receipts);
    previews = new DynamoPreviews(AWS.table(), receipts);
    changes =
        new ModelChanges(
            store,
            new Drafts(credentials, previews, new PickyGate(), clock),
            new DynamoMappings(AWS.table()),
            new DynamoSourceUses(AWS.table()),
            ids,
            clock);
    caller = Callers.of(AWS.workspace(), Role.EDITOR);
    credentialId = credential("Shop");
  }

  private String credential(String name) {
    Credential credential = retl.core.credential.Samples.credential(ids.next("crd"), name);
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit(credential.id()), null);
    return credential.id();
  }

  /** From now on the credentials lead elsewhere. */
  private void move(String id) {
    Credential before = credentials.find(caller.workspace(), id).orElseThrow();
    Credential after = retl.core.credential.Samples.moved(before);
    assertThat(
            credentials.update(caller, new CredentialStore.Change(before, after, null), audit(id)))
        .isEqualTo(CredentialStore.Written.WRITTEN);
  }

  private String run(String credentialId, String sql) {
    Credential credential = credentials.find(caller.workspace(), credentialId).orElseThrow();
    Preview preview =
        retl.core.preview.Samples.queued(ids.next("prv"), credential, sql, clock.instant());
    List<Column> columns = List.of(Samples.column("id", Column.Type.INT));
    previews.create(caller, preview, audit(preview.id()), null);
    previews.finish(
        caller.workspace(), retl.core.preview.Samples.completed(preview, columns), List.of());
    return preview.id();
  }

  private Audit audit(String id) {
    return Audit.of(caller, ids, clock.instant(), "thing.done", id, List.of());
  }

  private String save(String name) {
    Model model = Samples.model(ids.next("mdl"), name, credentialId);
    assertThat(store.create(caller, model, audit(model.id()), null))
        .isEqualTo(ModelStore.Created.CREATED);
    return model.id();
  }

  private Model patch(String id, Map<String, Object> body) {
    return changes
        .update(caller, id, IfMatch.NONE, before -> ModelPatch.read(Fields.of(body), before))
        .model();
  }

  private static ModelStore.Change changeOf(Model before, Model after) {
    Revision revision = Revision.of(after, List.of("name"), null, List.of());
    return new ModelStore.Change(before, after, revision);
  }

  private Model rename(String id, String name) {
    return patch(id, Map.of("name", name));
  }

  private void delete(String id) {
    changes.delete(caller, id, IfMatch.NONE);
  }

  private Model find(String id) {
    return store.find(caller.workspace(), id).orElseThrow();
  }

  private List<String> names() {
    ModelStore.Filter all = new ModelStore.Filter(null, null, null);
    return store.list(caller, all, new Page.Request(100, null)).items().stream()
        .map(ModelSummary::name)
        .toList();
  }

  private List<String> keys(String beginning) {
    return AWS.keys(caller.workspace()).stream().filter(key -> key.startsWith(beginning)).toList();
  }

  private long countOnCredential() {
    return countOn(credentialId);
  }

  private long countOn(String credentialId) {
    return AWS.table()
        .get(caller.workspace(), "CRED#" + credentialId)
        .orElseThrow()
        .number("modelCount");
  }

  private void countSources(String id, int by) {
    AWS.table()
        .dynamo()
        .updateItem(
            update ->
                update
                    .tableName(AWS.table().name())
                    .key(Table.key(caller.workspace(), "MODEL#" + id))
                    .updateExpression("ADD sourceCount :by")
                    .expressionAttributeValues(
                        Map.of(":by", AttributeValue.fromN(Integer.toString(by)))));
  }

  /** What became of each call: its result, or the problem that it was refused with. */
  private static List<Object> atOnce(List<Callable<Object>> calls) throws Exception {
    List<Object> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
      for (Future<Object> end :
          threads.invokeAll(calls.stream().map(DynamoModelChangesTest::refusing).toList())) {
        ends.add(end.get());
      }
    }
    return ends;
  }

  private static Callable<Object> refusing(Callable<Object> call) {
    return () -> {
      try {
        return call.call();
      } catch (Refused e) {
        return e.problem();
      }
    };
  }

  @Test
  void writesWhatItAnswersAndARevisionOfIt() {
    String id = save("Orders");

    Model renamed = rename(id, "Sales");

    assertThat(find(id)).isEqualTo(renamed);
    assertThat(names()).containsExactly("Sales");
    assertThat(keys("MODEL#" + id + "#REV#"))
        .containsExactly("MODEL#" + id + "#REV#00000001", "MODEL#" + id + "#REV#00000002");
    assertThat(keys("AUDIT#")).hasSize(3);
  }

  @Test
  void removesWhatIsRemoved() {
    String id = save("Orders");
    Map<String, Object> body = new HashMap<>();
    body.put("description", null);

    patch(id, body);

    assertThat(find(id).description()).isNull();
  }

  @Test
  void freesTheOldNameAtOnceAndTakesTheNewOne() {
    String id = save("Orders");

    rename(id, "Sales");

    assertThat(problemOf(() -> rename(save("Other"), "SALES")))
        .isEqualTo(new Problem.NameTaken("model", "SALES"));
    save("Orders");
    assertThat(problemOf(() -> rename(id, "orders")))
        .isEqualTo(new Problem.NameTaken("model", "orders"));
    assertThat(rename(id, "SALES").name()).isEqualTo("SALES");
    assertThat(names()).containsExactly("Orders", "Other", "SALES");
  }

  @Test
  void leavesTheSourcesCounterAlone() {
    String id = save("Orders");
    Model read = find(id);
    countSources(id, 3);

    Model after = Samples.renamed(read, "Sales");
    assertThat(store.update(caller, changeOf(read, after), audit(id), null))
        .isEqualTo(ModelStore.Written.WRITTEN);

    assertThat(find(id).sourceCount()).isEqualTo(3);
  }

  @Test
  void writesNothingOverANewerVersion() {
    String id = save("Orders");
    Model read = find(id);
    rename(id, "Sales");
    List<String> before = AWS.keys(caller.workspace());

    Model after = Samples.renamed(read, "Late");
    assertThat(store.update(caller, changeOf(read, after), audit(id), null))
        .isEqualTo(ModelStore.Written.VERSION_CONFLICT);
    assertThat(store.delete(caller, read, audit(id)))
        .isEqualTo(ModelStore.Deleted.VERSION_CONFLICT);
    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
  }

  @Test
  void manyChangesAtTheSameTimeLoseNone() throws Exception {
    String id = save("Orders");
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      String name = "Name " + i;
      String description = "Description " + i;
      calls.add(
          i % 2 == 0
              ? () -> rename(id, name)
              : () -> patch(id, Map.of("description", description)));
    }

    List<Object> ends = atOnce(calls);

    assertThat(ends).allMatch(end -> end instanceof Model);
    assertThat(ends.stream().map(end -> ((Model) end).revision()))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(2, 65).boxed().toList());
    assertThat(find(id).revision()).isEqualTo(65);
    assertThat(keys("MODEL#" + id + "#REV#")).hasSize(65);
    assertThat(keys("NAME#MODEL#")).hasSize(1);
    assertThat(names()).containsExactly(find(id).name());
    assertThat(keys("AUDIT#")).hasSize(2 + 64);
  }

  @Test
  void oneOfManyGetsTheNewName() throws Exception {
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String id = save("Old " + i);
      calls.add(() -> rename(id, "Wanted"));
    }

    List<Object> ends = atOnce(calls);

    assertThat(ends.stream().filter(end -> end instanceof Model)).hasSize(1);
    assertThat(ends.stream().filter(end -> end instanceof Problem.NameTaken)).hasSize(15);
    assertThat(keys("NAME#MODEL#")).hasSize(16);
    assertThat(names()).hasSize(16).containsOnlyOnce("Wanted");
  }

  @Test
  void deletesRowNameAndCountAndNotesTheRevisions() {
    String id = save("Orders");
    rename(id, "Sales");
    save("Other");

    delete(id);

    assertThat(store.find(caller.workspace(), id)).isEmpty();
    assertThat(names()).containsExactly("Other");
    assertThat(countOnCredential()).isEqualTo(1);
    assertThat(noted()).containsExactly(new Unfinished.LeftRevisions(caller.workspace(), id));
    save("Sales");
  }

  private List<Unfinished> noted() {
    return new DynamoUnfinished(AWS.table())
        .olderThan(clock.instant().plusSeconds(1), 1000).stream()
            .filter(work -> work.workspace().equals(caller.workspace()))
            .filter(work -> work instanceof Unfinished.LeftRevisions)
            .toList();
  }

  @Test
  void removesTheRevisionsOfThatModelAlone() {
    String id = save("Orders");
    String other = save("Other");
    for (int i = 0; i < 60; i++) {
      rename(id, "Name " + i);
    }
    delete(id);

    DynamoModelUses uses = new DynamoModelUses(AWS.table());
    uses.removeRevisions(caller.workspace(), id);
    uses.removeRevisions(caller.workspace(), id);

    assertThat(keys("MODEL#"))
        .containsExactly("MODEL#" + other, "MODEL#" + other + "#REV#00000001");
  }

  @Test
  void deletesNothingThatSourcesUseAndNamesThem() {
    String id = save("Orders");
    Instant at = clock.instant();
    DynamoSources sources = new DynamoSources(AWS.table(), new Receipts(AWS.table(), clock));
    Source feed = new Source(ids.next("src"), "Feed", id, true, 0, at, "tok_1", at, "tok_1", 1);
    sources.create(caller, feed, audit(feed.id()), null);
    List<String> before = AWS.keys(caller.workspace());

    assertThat(problemOf(() -> delete(id)))
        .isEqualTo(new Problem.ModelInUse(List.of(new SourceUse(feed.id(), "Feed"))));
    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
    sources.delete(caller, feed, audit(feed.id()));
    delete(id);
    assertThat(countOnCredential()).isZero();
  }

  @Test
  void aModelIsDeletedOnceWhateverRenamesItMeanwhile() throws Exception {
    for (int round = 0; round < 10; round++) {
      String id = save("Orders");
      List<Callable<Object>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "Name " + i;
        calls.add(() -> rename(id, name));
        calls.add(
            () -> {
              delete(id);
              return "deleted";
            });
      }

      List<Object> ends = atOnce(calls);

      assertThat(ends.stream().filter("deleted"::equals)).hasSize(1);
      assertThat(ends)
          .allMatch(
              end ->
                  end.equals("deleted")
                      || end instanceof Model
                      || end.equals(new Problem.NotFound("model")));
      assertThat(keys("NAME#MODEL#")).isEmpty();
      assertThat(countOnCredential()).isZero();
      assertThat(store.find(caller.workspace(), id)).isEmpty();
    }
  }

  @Test
  void countsOnTheCredentialsThatAModelUses() {
    String other = credential("Lake");
    String id = save("Orders");
    save("Other");

    patch(id, Map.of("credentialId", other));

    assertThat(countOnCredential()).isEqualTo(1);
    assertThat(countOn(other)).isEqualTo(1);
    ModelStore.Filter filter = new ModelStore.Filter(other, null, null);
    assertThat(store.list(caller, filter, new Page.Request(9, null)).items())
        .extracting(ModelSummary::name)
        .containsExactly("Orders");
    delete(id);
    assertThat(countOn(other)).isZero();
  }

  @Test
  void verifiesByAPreviewUntilItsCredentialsMove() {
    String id = save("Orders");
    String previewId = run(credentialId, "select 1");
    Model verified = patch(id, Map.of("previewId", previewId));
    assertThat(find(id)).isEqualTo(verified);
    assertThat(verified.verified()).isEqualTo(new Model.Verified(previewId, clockMillis(), 1));

    move(credentialId);

    assertThat(badFields(() -> patch(save("Other"), Map.of("previewId", previewId))))
        .containsExactly("previewId does_not_match");
    assertThat(new DynamoModelUses(AWS.table()).unverify(caller.workspace(), credentialId, 2))
        .isEqualTo(1);
    assertThat(find(id).verified()).isNull();
  }

  private Instant clockMillis() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The guard in the transaction itself: the plan was made before the credentials moved. */
  @Test
  void writesNothingVerifiedOnCredentialsThatMovedMeanwhile() {
    String id = save("Orders");
    Model before = find(id);
    Model.Verified seen = new Model.Verified("prv_1", clockMillis(), 1);
    Model after = Samples.verified(Samples.renamed(before, "Sales"), seen, List.of(), null);
    move(credentialId);

    assertThat(store.update(caller, changeOf(before, after), audit(id), null))
        .isEqualTo(ModelStore.Written.VERSION_CONFLICT);
    Model fresh = Samples.model(ids.next("mdl"), "Fresh", credentialId);
    assertThat(
            store.create(
                caller, Samples.verified(fresh, seen, List.of(), null), audit(fresh.id()), null))
        .isEqualTo(ModelStore.Created.CREDENTIAL_MOVED);
    assertThat(find(id)).isEqualTo(before);
    // The control: what is not verified, or verified since, is written.
    Model since =
        Samples.verified(
            Samples.renamed(before, "Sales"),
            new Model.Verified("prv_2", clockMillis(), 2),
            List.of(),
            null);
    assertThat(store.update(caller, changeOf(before, since), audit(id), null))
        .isEqualTo(ModelStore.Written.WRITTEN);
    assertThat(find(id)).isEqualTo(since);
  }

  private void put(String sortKey, Item item) {
    new Transaction<Boolean>(AWS.table())
        .add(AWS.table().insert(caller.workspace(), sortKey, item), false)
        .run(ids.next("tst"), true, null);
  }

  @Test
  void findsWhatIsMapped() {
    String id = save("Orders");
    DynamoMappings mappings = new DynamoMappings(AWS.table());
    assertThat(mappings.of(caller.workspace(), id)).isEmpty();

    List<Item> mapped =
        List.of(
            Item.empty().text("field", "Email").text("column", "email"),
            Item.empty().text("field", "Name").text("column", "name"));
    put(
        "MAPPINGS#" + id + "#con_1",
        Item.empty().text("connectionId", "con_1").maps("mappings", mapped));
    put(
        "MAPPINGS#" + id + "#con_2",
        Item.empty().text("connectionId", "con_2").maps("mappings", List.of()));

    assertThat(mappings.of(caller.workspace(), id))
        .containsExactly(
            new Mappings.Mapping("con_1", "Email", "email"),
            new Mappings.Mapping("con_1", "Name", "name"));
    assertThat(mappings.of(AWS.workspace(), id)).isEmpty();
  }

  @Test
  void changesNothingInAnotherWorkspace() {
    String id = save("Orders");
    Caller stranger = Callers.of(AWS.workspace(), Role.EDITOR);

    assertThat(
            problemOf(
                () ->
                    changes.update(
                        stranger,
                        id,
                        IfMatch.NONE,
                        before -> ModelPatch.read(Fields.of(Map.of("name", "x")), before))))
        .isEqualTo(new Problem.NotFound("model"))
        .isEqualTo(problemOf(() -> changes.delete(stranger, id, IfMatch.NONE)));
    assertThat(Set.copyOf(names())).containsExactly("Orders");
  }
}
