package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Role;
import retl.core.SourceUse;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Unfinished;
import retl.core.model.Mappings;
import retl.core.model.Model;
import retl.core.model.ModelPatch;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Revision;
import retl.core.model.Samples;
import retl.core.preview.Preview;
import retl.core.source.Source;
import retl.core.warehouse.Column;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Changing and deleting models, with many at it at the same time. */
class DynamoModelChangesTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private Bench bench;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    bench = new Bench(AWS);
  }

  /** From now on the credentials lead elsewhere. */
  private void move(String id) {
    Credential before = bench.credentials.find(bench.caller.workspace(), id).orElseThrow();
    Credential after = retl.core.credential.Samples.moved(before);
    assertThat(
            bench.credentials.update(
                bench.caller, new CredentialStore.Change(before, after, null), bench.audit(id)))
        .isEqualTo(CredentialStore.Written.WRITTEN);
  }

  private String run(String credentialId, String sql) {
    Credential credential =
        bench.credentials.find(bench.caller.workspace(), credentialId).orElseThrow();
    Preview preview =
        retl.core.preview.Samples.queued(
            bench.ids.next("prv"), credential, sql, bench.clock.instant());
    List<Column> columns = List.of(Samples.column("id", Column.Type.INT));
    bench.previews.create(bench.caller, preview, bench.audit(preview.id()), null);
    bench.previews.finish(
        bench.caller.workspace(), retl.core.preview.Samples.completed(preview, columns), List.of());
    return preview.id();
  }

  private static ModelStore.Change changeOf(Model before, Model after) {
    Revision revision = Revision.of(after, List.of("name"), null, List.of());
    return new ModelStore.Change(before, after, revision);
  }

  private void countSources(String id, int by) {
    AWS.table()
        .dynamo()
        .updateItem(
            update ->
                update
                    .tableName(AWS.table().name())
                    .key(Table.key(bench.caller.workspace(), "MODEL#" + id))
                    .updateExpression("ADD sourceCount :by")
                    .expressionAttributeValues(
                        Map.of(":by", AttributeValue.fromN(Integer.toString(by)))));
  }

  @Test
  void writesWhatItAnswersAndARevisionOfIt() {
    String id = bench.save("Orders");

    Model renamed = bench.rename(id, "Sales");

    assertThat(bench.find(id)).isEqualTo(renamed);
    assertThat(bench.names()).containsExactly("Sales");
    assertThat(bench.keys("MODEL#" + id + "#REV#"))
        .containsExactly("MODEL#" + id + "#REV#00000001", "MODEL#" + id + "#REV#00000002");
    assertThat(bench.keys("AUDIT#")).hasSize(3);
  }

  @Test
  void removesWhatIsRemoved() {
    String id = bench.save("Orders");
    Map<String, Object> body = new HashMap<>();
    body.put("description", null);

    bench.patch(id, body);

    assertThat(bench.find(id).description()).isNull();
  }

  @Test
  void freesTheOldNameAtOnceAndTakesTheNewOne() {
    String id = bench.save("Orders");

    bench.rename(id, "Sales");

    assertThat(problemOf(() -> bench.rename(bench.save("Other"), "SALES")))
        .isEqualTo(new Problem.NameTaken("model", "SALES"));
    bench.save("Orders");
    assertThat(problemOf(() -> bench.rename(id, "orders")))
        .isEqualTo(new Problem.NameTaken("model", "orders"));
    assertThat(bench.rename(id, "SALES").name()).isEqualTo("SALES");
    assertThat(bench.names()).containsExactly("Orders", "Other", "SALES");
  }

  @Test
  void leavesTheSourcesCounterAlone() {
    String id = bench.save("Orders");
    Model read = bench.find(id);
    countSources(id, 3);

    Model after = Samples.renamed(read, "Sales");
    assertThat(bench.models.update(bench.caller, changeOf(read, after), bench.audit(id), null))
        .isEqualTo(ModelStore.Written.WRITTEN);

    assertThat(bench.find(id).sourceCount()).isEqualTo(3);
  }

  @Test
  void writesNothingOverANewerVersion() {
    String id = bench.save("Orders");
    Model read = bench.find(id);
    bench.rename(id, "Sales");
    List<String> before = bench.keys();

    Model after = Samples.renamed(read, "Late");
    assertThat(bench.models.update(bench.caller, changeOf(read, after), bench.audit(id), null))
        .isEqualTo(ModelStore.Written.VERSION_CONFLICT);
    assertThat(bench.models.delete(bench.caller, read, bench.audit(id)))
        .isEqualTo(ModelStore.Deleted.VERSION_CONFLICT);
    assertThat(bench.keys()).isEqualTo(before);
  }

  @Test
  void deletesRowNameAndCountAndNotesTheRevisions() {
    String id = bench.save("Orders");
    bench.rename(id, "Sales");
    bench.save("Other");

    bench.delete(id);

    assertThat(bench.models.find(bench.caller.workspace(), id)).isEmpty();
    assertThat(bench.names()).containsExactly("Other");
    assertThat(bench.countOn(bench.credentialId)).isEqualTo(1);
    assertThat(noted()).containsExactly(new Unfinished.LeftRevisions(bench.caller.workspace(), id));
    bench.save("Sales");
  }

  private List<Unfinished> noted() {
    return new DynamoUnfinished(AWS.table())
        .olderThan(bench.clock.instant().plusSeconds(1), 1000).stream()
            .filter(work -> work.workspace().equals(bench.caller.workspace()))
            .filter(work -> work instanceof Unfinished.LeftRevisions)
            .toList();
  }

  @Test
  void removesTheRevisionsOfThatModelAlone() {
    String id = bench.save("Orders");
    String other = bench.save("Other");
    for (int i = 0; i < 60; i++) {
      bench.rename(id, "Name " + i);
    }
    bench.delete(id);

    DynamoModelUses uses = new DynamoModelUses(AWS.table());
    uses.removeRevisions(bench.caller.workspace(), id);
    uses.removeRevisions(bench.caller.workspace(), id);

    assertThat(bench.keys("MODEL#"))
        .containsExactly("MODEL#" + other, "MODEL#" + other + "#REV#00000001");
  }

  @Test
  void deletesNothingThatSourcesUseAndNamesThem() {
    String id = bench.save("Orders");
    Source feed = bench.source("Feed", id);
    bench.sources.create(bench.caller, feed, bench.audit(feed.id()), null);
    List<String> before = bench.keys();

    assertThat(problemOf(() -> bench.delete(id)))
        .isEqualTo(new Problem.ModelInUse(List.of(new SourceUse(feed.id(), "Feed"))));
    assertThat(bench.keys()).isEqualTo(before);
    bench.sources.delete(bench.caller, feed, bench.audit(feed.id()));
    bench.delete(id);
    assertThat(bench.countOn(bench.credentialId)).isZero();
  }

  @Test
  void countsOnTheCredentialsThatAModelUses() {
    String other = bench.credential("Lake");
    String id = bench.save("Orders");
    bench.save("Other");

    bench.patch(id, Map.of("credentialId", other));

    assertThat(bench.countOn(bench.credentialId)).isEqualTo(1);
    assertThat(bench.countOn(other)).isEqualTo(1);
    ModelStore.Filter filter = new ModelStore.Filter(other, null, null);
    assertThat(bench.models.list(bench.caller, filter, new Page.Request(9, null)).items())
        .extracting(ModelSummary::name)
        .containsExactly("Orders");
    bench.delete(id);
    assertThat(bench.countOn(other)).isZero();
  }

  @Test
  void verifiesByAPreviewUntilItsCredentialsMove() {
    String id = bench.save("Orders");
    String previewId = run(bench.credentialId, "select 1");
    Model verified = bench.patch(id, Map.of("previewId", previewId));
    assertThat(bench.find(id)).isEqualTo(verified);
    assertThat(verified.verified()).isEqualTo(new Model.Verified(previewId, bench.now(), 1));

    move(bench.credentialId);

    assertThat(badFields(() -> bench.patch(bench.save("Other"), Map.of("previewId", previewId))))
        .containsExactly("previewId does_not_match");
    assertThat(
            new DynamoModelUses(AWS.table())
                .unverify(bench.caller.workspace(), bench.credentialId, 2))
        .isEqualTo(1);
    assertThat(bench.find(id).verified()).isNull();
  }

  /** The guard in the transaction itself: the plan was made before the credentials moved. */
  @Test
  void writesNothingVerifiedOnCredentialsThatMovedMeanwhile() {
    String id = bench.save("Orders");
    Model before = bench.find(id);
    Model.Verified seen = new Model.Verified("prv_1", bench.now(), 1);
    Model after = Samples.verified(Samples.renamed(before, "Sales"), seen, List.of(), null);
    move(bench.credentialId);

    assertThat(bench.models.update(bench.caller, changeOf(before, after), bench.audit(id), null))
        .isEqualTo(ModelStore.Written.VERSION_CONFLICT);
    Model fresh = Samples.model(bench.ids.next("mdl"), "Fresh", bench.credentialId);
    assertThat(
            bench.models.create(
                bench.caller,
                Samples.verified(fresh, seen, List.of(), null),
                bench.audit(fresh.id()),
                null))
        .isEqualTo(ModelStore.Created.CREDENTIAL_MOVED);
    assertThat(bench.find(id)).isEqualTo(before);
    // The control: what is not verified, or verified since, is written.
    Model since =
        Samples.verified(
            Samples.renamed(before, "Sales"),
            new Model.Verified("prv_2", bench.now(), 2),
            List.of(),
            null);
    assertThat(bench.models.update(bench.caller, changeOf(before, since), bench.audit(id), null))
        .isEqualTo(ModelStore.Written.WRITTEN);
    assertThat(bench.find(id)).isEqualTo(since);
  }

  private void put(String sortKey, Item item) {
    new Transaction<Boolean>(AWS.table())
        .add(AWS.table().insert(bench.caller.workspace(), sortKey, item), false)
        .run(bench.ids.next("tst"), true, null);
  }

  @Test
  void findsWhatIsMapped() {
    String id = bench.save("Orders");
    DynamoMappings mappings = new DynamoMappings(AWS.table());
    assertThat(mappings.of(bench.caller.workspace(), id)).isEmpty();

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

    assertThat(mappings.of(bench.caller.workspace(), id))
        .containsExactly(
            new Mappings.Mapping("con_1", "Email", "email"),
            new Mappings.Mapping("con_1", "Name", "name"));
    assertThat(mappings.of(AWS.workspace(), id)).isEmpty();
  }

  @Test
  void changesNothingInAnotherWorkspace() {
    String id = bench.save("Orders");
    Caller stranger = Callers.of(AWS.workspace(), Role.EDITOR);

    assertThat(
            problemOf(
                () ->
                    bench.changes.update(
                        stranger,
                        id,
                        IfMatch.NONE,
                        before -> ModelPatch.read(Fields.of(Map.of("name", "x")), before))))
        .isEqualTo(new Problem.NotFound("model"))
        .isEqualTo(problemOf(() -> bench.changes.delete(stranger, id, IfMatch.NONE)));
    assertThat(Set.copyOf(bench.names())).containsExactly("Orders");
  }
}
