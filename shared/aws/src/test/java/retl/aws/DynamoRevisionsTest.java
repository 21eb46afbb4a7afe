package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Impact.BrokenMapping;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.Revision;
import retl.core.model.Samples;
import retl.core.warehouse.Column;

class DynamoRevisionsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.120Z");
  private static final Receipt RECEIPT =
      new Receipt(new Receipt.Once("POST /x", "key", "hash"), 200, Map.of(), "{}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private DynamoModels store;
  private Caller caller;
  private Model model;

  @BeforeEach
  void saveAModel() {
    Receipts receipts = new Receipts(AWS.table(), clock);
    DynamoCredentials credentials = new DynamoCredentials(AWS.table(), receipts);
    store = new DynamoModels(AWS.table(), receipts);
    caller = Callers.of(AWS.workspace(), Role.EDITOR);
    Credential credential = retl.core.credential.Samples.credential(ids.next("crd"), "Shop");
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit("credential.created"), null);
    model = Samples.model(ids.next("mdl"), "Orders", credential.id());
    store.create(caller, model, audit("model.created"), null);
  }

  private Audit audit(String action) {
    return Audit.of(caller, ids, clock.instant(), action, "x", List.of("name", "sql"));
  }

  private ModelStore.Written save(Model after, Revision revision, @Nullable Receipt receipt) {
    ModelStore.Change change = new ModelStore.Change(model, after, revision);
    ModelStore.Written written = store.update(caller, change, audit("model.updated"), receipt);
    if (written == ModelStore.Written.WRITTEN) {
      model = after;
    }
    return written;
  }

  private void saveNext() {
    Model after = Samples.renamed(model, model.name() + "x");
    assertThat(save(after, Revision.of(after, List.of("name"), null, List.of()), null))
        .isEqualTo(ModelStore.Written.WRITTEN);
  }

  private @Nullable Revision find(int number) {
    return store.revision(caller.workspace(), model.id(), number).orElse(null);
  }

  @Test
  void readsBackWhatWasSaved() {
    Model after =
        Samples.verified(
            Samples.renamed(model, "Ｓales"),
            new Model.Verified("prv_1", NOW, 1),
            List.of(Samples.column("a", Column.Type.JSON)),
            List.of("a"));
    Revision revision =
        Revision.of(
            after,
            List.of("name", "previewId"),
            1,
            List.of(
                new BrokenMapping(null, "primaryKey", "id", "column_removed"),
                new BrokenMapping("con_1", "Email", "e", "column_ambiguous")));

    save(after, revision, null);

    assertThat(find(2)).isEqualTo(revision);
    assertThat(find(1))
        .isEqualTo(
            Revision.of(
                Samples.model(model.id(), "Orders", model.credentialId()),
                List.of("name", "sql"),
                null,
                List.of()));
  }

  @Test
  void writesNoRevisionForTheSameConfiguration() {
    Model after =
        Samples.verified(
            Samples.renamed(model, "Sales"), new Model.Verified("prv_1", NOW, 1), List.of(), null);
    store.update(caller, new ModelStore.Change(model, after, null), audit("model.updated"), null);

    assertThat(find(2)).isNull();
  }

  @Test
  void turnsPagesFromTheNewestToTheExactEnd() {
    for (int i = 0; i < 11; i++) {
      saveNext();
    }

    assertThat(pages(5))
        .containsExactly(List.of(12, 11, 10, 9, 8), List.of(7, 6, 5, 4, 3), List.of(2, 1));
    assertThat(pages(12)).hasSize(1);
    assertThat(pages(6)).hasSize(2);
  }

  private List<List<Integer>> pages(int limit) {
    List<List<Integer>> pages = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Revision> page = store.revisions(caller, model.id(), new Page.Request(limit, after));
      pages.add(page.items().stream().map(Revision::number).toList());
      after = page.next();
    } while (after != null);
    return pages;
  }

  @Test
  void writesTheReceiptWithTheRevisionAndOnce() {
    Model after = Samples.renamed(model, "Sales");
    Revision revision = Revision.of(after, List.of("name"), 1, List.of());
    assertThat(save(after, revision, RECEIPT)).isEqualTo(ModelStore.Written.WRITTEN);

    Model again = Samples.renamed(model, "Again");
    assertThat(save(again, Revision.of(again, List.of("name"), 1, List.of()), RECEIPT))
        .isEqualTo(ModelStore.Written.REPEATED);
    assertThat(find(3)).isNull();
  }

  @Test
  void findsNothingElse() {
    Caller stranger = Callers.of(AWS.workspace(), Role.EDITOR);

    assertThat(find(2)).isNull();
    assertThat(store.revision(stranger.workspace(), model.id(), 1)).isEmpty();
    assertThat(store.revision(caller.workspace(), model.id() + "#REV#1", 1)).isEmpty();
    assertThat(store.revisions(stranger, model.id(), new Page.Request(9, null)).items()).isEmpty();
    assertThat(store.revision(caller.workspace(), model.id(), 1)).isPresent();
  }
}
