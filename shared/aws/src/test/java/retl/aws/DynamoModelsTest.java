package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import retl.core.model.ModelStore.Created;
import retl.core.model.ModelStore.Filter;
import retl.core.model.ModelSummary;
import retl.core.preview.Previews;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

class DynamoModelsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Filter ALL = new Filter(null, null, null);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.120Z");
  private static final Receipt RECEIPT =
      new Receipt(
          new Receipt.Once("POST /models", "key", "hash"),
          201,
          Map.of("Location", "/models/1"),
          "{\"a\":1}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private Receipts receipts;
  private DynamoCredentials credentials;
  private DynamoModels store;
  private Caller caller;
  private Caller stranger;
  private String credentialId;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    receipts = new Receipts(AWS.table(), clock);
    credentials = new DynamoCredentials(AWS.table(), receipts);
    store = new DynamoModels(AWS.table(), receipts);
    caller = Callers.of(AWS.workspace(), Role.EDITOR);
    stranger = Callers.of(AWS.workspace(), Role.EDITOR);
    credentialId = credential(caller, "Shop");
  }

  private String credential(Caller caller, String name) {
    Credential credential = Samples.credential(ids.next("crd"), name);
    credentials.begin(caller, credential, null);
    credentials.activate(caller, credential, audit(caller, credential.id()), null);
    return credential.id();
  }

  private Audit audit(Caller caller, String id) {
    return Audit.of(caller, ids, clock.instant(), "model.created", id, List.of("name"));
  }

  private Model model(String name) {
    return model(name, credentialId, Warehouse.POSTGRES);
  }

  private Model model(String name, String credentialId, Warehouse warehouse) {
    return new Model(
        ids.next("mdl"),
        name,
        null,
        credentialId,
        warehouse,
        "select 1",
        null,
        null,
        null,
        1,
        0,
        NOW,
        "tok_editor",
        NOW,
        "tok_editor",
        1);
  }

  private Created create(Caller caller, Model model, @Nullable Receipt receipt) {
    return store.create(caller, model, audit(caller, model.id()), receipt);
  }

  private void save(String... names) {
    for (String name : names) {
      assertThat(create(caller, model(name), null)).isEqualTo(Created.CREATED);
    }
  }

  private List<String> names(Filter filter) {
    return store.list(caller, filter, new Page.Request(100, null)).items().stream()
        .map(ModelSummary::name)
        .toList();
  }

  private long countOnCredential() {
    return AWS.table()
        .get(caller.workspace(), "CRED#" + credentialId)
        .orElseThrow()
        .number("modelCount");
  }

  @Test
  void readsBackWhatWasSaved() {
    List<Column> columns =
        List.of(
            new Column("a", Column.Type.DECIMAL, "numeric(10,2)", true),
            new Column("a", Column.Type.JSON, "jsonb", false),
            new Column("", Column.Type.ARRAY, "_text", null));
    Model full =
        new Model(
            ids.next("mdl"),
            "Ｏrders ß 😀",
            "",
            credentialId,
            Warehouse.POSTGRES,
            " \r\nselect 'é😀\u0001';\n",
            List.of("a", "B"),
            columns,
            new Model.Verified("prv_1", NOW, 1),
            1,
            0,
            NOW,
            "tok_editor",
            NOW,
            "tok_editor",
            1);

    assertThat(create(caller, full, null)).isEqualTo(Created.CREATED);

    assertThat(store.find(caller.workspace(), full.id())).contains(full);
    assertThat(store.list(caller, ALL, new Page.Request(25, null)).items())
        .containsExactly(full.summary());
    assertThat(store.findQuery(caller.workspace(), full.id()))
        .contains(new Previews.SavedQuery(credentialId, full.sql()));
  }

  @Test
  void writesNameCountRowRevisionAuditAndReceiptAtOnce() {
    Model model = model("Orders");

    create(caller, model, RECEIPT);

    assertThat(AWS.keys(caller.workspace()))
        .filteredOn(key -> !key.contains("CRED"))
        .anyMatch(key -> key.equals("NAME#MODEL#orders"))
        .anyMatch(key -> key.equals("MODEL#" + model.id()))
        .anyMatch(key -> key.startsWith("MODEL#" + model.id() + "#REV#"))
        .anyMatch(key -> key.equals("IDEM#POST /models#key"));
    assertThat(countOnCredential()).isEqualTo(1);
    assertThat(receipts.find(caller, RECEIPT.once())).isEqualTo(new Receipt.Kept("hash", RECEIPT));
  }

  @Test
  void refusesAndWritesNothing() {
    save("Orders");
    String failing = credential(caller, "Failing");
    credentials.recordValidation(
        caller.workspace(),
        Samples.result(
            failing,
            1,
            Credential.Status.FAILING,
            new Credential.LastValidation(ids.next("val"), "failed", "x", NOW)));
    Credential pending = Samples.credential(ids.next("crd"), "Pending");
    credentials.begin(caller, pending, null);
    List<String> before = AWS.keys(caller.workspace());

    assertThat(create(caller, model("ORDERS"), RECEIPT)).isEqualTo(Created.NAME_TAKEN);
    assertThat(create(caller, model("a", failing, Warehouse.POSTGRES), RECEIPT))
        .isEqualTo(Created.CREDENTIAL_NOT_VALID);
    assertThat(create(caller, model("b", ids.next("crd"), Warehouse.POSTGRES), RECEIPT))
        .isEqualTo(Created.CREDENTIAL_GONE);
    assertThat(create(caller, model("c", pending.id(), Warehouse.POSTGRES), RECEIPT))
        .isEqualTo(Created.CREDENTIAL_GONE);
    assertThat(create(stranger, model("d"), RECEIPT)).isEqualTo(Created.CREDENTIAL_GONE);

    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
    assertThat(AWS.keys(stranger.workspace())).isEmpty();
    assertThat(countOnCredential()).isEqualTo(1);
  }

  @Test
  void tellsARepeatFromATakenName() {
    create(caller, model("Orders"), RECEIPT);

    assertThat(create(caller, model("Orders"), RECEIPT)).isEqualTo(Created.REPEATED);
    assertThat(create(caller, model("Other"), RECEIPT)).isEqualTo(Created.REPEATED);
    assertThat(names(ALL)).containsExactly("Orders");
  }

  @Test
  void takesAKeyAgainWhenItsReceiptIsADayOld() {
    create(caller, model("Orders"), RECEIPT);
    clock.advance(Duration.ofDays(1).minusSeconds(1));
    assertThat(create(caller, model("Other"), RECEIPT)).isEqualTo(Created.REPEATED);

    clock.advance(Duration.ofSeconds(1));
    assertThat(create(caller, model("Other"), RECEIPT)).isEqualTo(Created.CREATED);
  }

  @Test
  void oneOfManyAtTheSameTimeGetsTheName() throws Exception {
    List<Callable<Created>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Model model = model("Orders");
      calls.add(() -> create(caller, model, null));
    }
    List<Created> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
      for (Future<Created> end : threads.invokeAll(calls)) {
        ends.add(end.get());
      }
    }

    assertThat(ends.stream().filter(end -> end == Created.CREATED)).hasSize(1);
    assertThat(ends.stream().filter(end -> end == Created.NAME_TAKEN)).hasSize(31);
    assertThat(names(ALL)).containsExactly("Orders");
    assertThat(countOnCredential()).isEqualTo(1);
  }

  @Test
  void countsEveryModelOfACredential() {
    save("a", "b", "c");

    assertThat(countOnCredential()).isEqualTo(3);
  }

  @Test
  void turnsPagesToTheExactEnd() {
    for (int i = 10; i < 35; i++) {
      save("n" + i);
    }

    assertThat(pages(ALL, 10)).extracting(List::size).containsExactly(10, 10, 5);
    assertThat(pages(ALL, 25)).extracting(List::size).containsExactly(25);
    assertThat(pages(ALL, 5)).hasSize(5);
    assertThat(pages(ALL, 7).stream().flatMap(List::stream)).hasSize(25).isSorted();
  }

  private List<List<String>> pages(Filter filter, int limit) {
    List<List<String>> pages = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<ModelSummary> page = store.list(caller, filter, new Page.Request(limit, after));
      pages.add(page.items().stream().map(ModelSummary::name).toList());
      after = page.next();
    } while (after != null);
    return pages;
  }

  @Test
  void aPageGoesOnWhereTheLastOneEndedWhateverComesAndGoes() {
    save("b", "d", "f", "h");
    Page<ModelSummary> first = store.list(caller, ALL, new Page.Request(2, null));
    save("a", "c", "e");
    forget("d");

    Page<ModelSummary> second = store.list(caller, ALL, new Page.Request(2, first.next()));
    Page<ModelSummary> third = store.list(caller, ALL, new Page.Request(2, second.next()));

    assertThat(first.items()).extracting(ModelSummary::name).containsExactly("b", "d");
    assertThat(second.items()).extracting(ModelSummary::name).containsExactly("e", "f");
    assertThat(third.items()).extracting(ModelSummary::name).containsExactly("h");
    assertThat(third.next()).isNull();
  }

  private void forget(String name) {
    AWS.table()
        .dynamo()
        .deleteItem(
            delete ->
                delete
                    .tableName(AWS.table().name())
                    .key(Table.key(caller.workspace(), "NAME#MODEL#" + name)));
  }

  @Test
  void searchesAndFilters() {
    String other = credential(caller, "Other");
    save("Alpha", "alpine", "Beta");
    create(caller, model("Alps", other, Warehouse.SNOWFLAKE), null);

    assertThat(names(new Filter(null, null, "AL"))).containsExactly("Alpha", "alpine", "Alps");
    assertThat(names(new Filter(other, null, null))).containsExactly("Alps");
    assertThat(names(new Filter(null, Warehouse.POSTGRES, "alp")))
        .containsExactly("Alpha", "alpine");
    assertThat(names(new Filter(other, Warehouse.POSTGRES, null))).isEmpty();
    assertThat(names(new Filter("no such id", null, null))).isEmpty();
    assertThat(names(new Filter("", null, null))).isEmpty();
  }

  @Test
  void keepsAndFindsNamesThatAreLongerThanASortKey() {
    String longest = "😀".repeat(255);
    String expanding = "ﷺ".repeat(255);
    String other = "😀".repeat(254) + "😁";
    save(longest, expanding, other);

    assertThat(create(caller, model(longest), null)).isEqualTo(Created.NAME_TAKEN);
    assertThat(create(caller, model(expanding), null)).isEqualTo(Created.NAME_TAKEN);
    assertThat(names(ALL)).containsExactlyInAnyOrder(expanding, longest, other);
    for (int length : new int[] {1, 100, 200, 220, 224, 254}) {
      assertThat(names(new Filter(null, null, "😀".repeat(length))))
          .as("a beginning of %d", length)
          .containsExactlyInAnyOrder(longest, other);
    }
    assertThat(names(new Filter(null, null, "ﷺ".repeat(40)))).containsExactly(expanding);
    assertThat(names(new Filter(null, null, "x".repeat(5000)))).isEmpty();
    assertThat(names(new Filter(null, null, "😀".repeat(100) + "x"))).isEmpty();
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    Model model = model("Orders");
    create(caller, model, null);

    assertThat(store.find(stranger.workspace(), model.id())).isEmpty();
    assertThat(store.findQuery(stranger.workspace(), model.id())).isEmpty();
    assertThat(store.list(stranger, ALL, new Page.Request(25, null)).items()).isEmpty();
    assertThat(store.find(caller.workspace(), model.id())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#REV#1", "#REV#00000001", "#", "\u0000"})
  void findsNothingUnderWhatIsNoId(String suffix) {
    Model model = model("Orders");
    create(caller, model, null);

    assertThat(store.find(caller.workspace(), model.id() + suffix).isPresent())
        .isEqualTo(suffix.isEmpty());
    assertThat(store.findQuery(caller.workspace(), model.id() + suffix + "x".repeat(2000)))
        .isEmpty();
  }
}
