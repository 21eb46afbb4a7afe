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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
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
import retl.core.credential.CredentialStore.Begun;
import retl.core.credential.CredentialStore.Filter;
import retl.core.credential.Samples;
import retl.core.credential.Settings;
import retl.core.warehouse.Warehouse;

class DynamoCredentialsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Filter ALL = new Filter(null, null, null);
  private static final Receipt.Once ONCE = new Receipt.Once("POST /credentials", "key", "hash");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private Receipts receipts;
  private DynamoCredentials store;
  private Caller caller;
  private Caller stranger;

  @BeforeEach
  void takeAWorkspace() {
    receipts = new Receipts(AWS.table(), clock);
    store = new DynamoCredentials(AWS.table(), receipts);
    caller = Callers.of(AWS.workspace(), Role.ADMIN);
    stranger = Callers.of(AWS.workspace(), Role.ADMIN);
  }

  private Credential credential(String name) {
    return Samples.credential(ids.next("crd"), name);
  }

  private Audit audit(Credential credential) {
    return Audit.of(
        caller, ids, clock.instant(), "credential.created", credential.id(), List.of("name"));
  }

  private Credential save(Caller caller, Credential credential) {
    assertThat(store.begin(caller, credential, null)).isEqualTo(Begun.BEGUN);
    store.activate(caller, credential, audit(credential), null);
    return credential;
  }

  private List<String> names(Filter filter) {
    return store.list(caller, filter, new Page.Request(100, null)).items().stream()
        .map(Credential::name)
        .toList();
  }

  static final List<Settings> SETTINGS =
      List.of(Samples.POSTGRES, Samples.REDSHIFT, Samples.SNOWFLAKE);

  @ParameterizedTest
  @FieldSource("SETTINGS")
  void readsBackWhatWasSaved(Settings settings) {
    Credential saved =
        save(
            caller,
            Samples.credential(ids.next("crd"), "Shop", settings, Credential.Status.UNVALIDATED));

    assertThat(store.find(caller.workspace(), saved.id())).contains(saved);
    assertThat(store.list(caller, ALL, new Page.Request(25, null)).items()).containsExactly(saved);
  }

  @Test
  void isUnseenUntilItIsActive() {
    Credential credential = credential("Shop");
    store.begin(caller, credential, null);

    assertThat(store.find(caller.workspace(), credential.id())).isEmpty();
    assertThat(names(ALL)).isEmpty();
    store.activate(caller, credential, audit(credential), null);
    assertThat(store.find(caller.workspace(), credential.id())).contains(credential);
    assertThat(names(ALL)).containsExactly("Shop");
    assertThat(AWS.keys(caller.workspace()).stream().filter(key -> key.startsWith("AUDIT#")))
        .hasSize(1);
  }

  @Test
  void takesANameOnceInAnySpellingAndWritesNothingElse() {
    save(caller, credential("Straße"));
    List<String> before = AWS.keys(caller.workspace());

    assertThat(store.begin(caller, credential("STRASSE"), ONCE)).isEqualTo(Begun.NAME_TAKEN);
    assertThat(AWS.keys(caller.workspace())).isEqualTo(before);
    assertThat(store.begin(stranger, credential("STRASSE"), null)).isEqualTo(Begun.BEGUN);
  }

  @Test
  void aPendingNameIsTakenToo() {
    store.begin(caller, credential("Shop"), null);

    assertThat(store.begin(caller, credential("shop"), null)).isEqualTo(Begun.NAME_TAKEN);
  }

  @Test
  void tellsARepeatFromATakenName() {
    store.begin(caller, credential("Shop"), ONCE);

    assertThat(store.begin(caller, credential("Shop"), ONCE)).isEqualTo(Begun.REPEATED);
    assertThat(store.begin(caller, credential("Other"), ONCE)).isEqualTo(Begun.REPEATED);
    assertThat(names(ALL)).isEmpty();
  }

  @Test
  void abandoningFreesNameAndKeyAndLeavesNothing() {
    Credential credential = credential("Shop");
    store.begin(caller, credential, ONCE);

    store.abandon(caller, credential, ONCE);

    assertThat(AWS.keys(caller.workspace())).isEmpty();
    assertThat(store.begin(caller, credential("Shop"), ONCE)).isEqualTo(Begun.BEGUN);
  }

  @Test
  void abandoningTouchesNothingThatIsActiveOrOfOthers() {
    Credential active = save(caller, credential("Shop"));

    store.abandon(caller, active, null);
    store.abandon(caller, credential("Shop"), null);

    assertThat(store.find(caller.workspace(), active.id())).contains(active);
    assertThat(names(ALL)).containsExactly("Shop");
  }

  @Test
  void aReceiptIsInProgressUntilTheEnd() {
    Credential credential = credential("Shop");
    store.begin(caller, credential, ONCE);
    assertThat(receipts.find(caller, ONCE)).isEqualTo(new Receipt.Kept("hash", null));

    Receipt receipt = new Receipt(ONCE, 201, Map.of("Location", "/credentials/1"), "{}");
    store.activate(caller, credential, audit(credential), receipt);

    assertThat(receipts.find(caller, ONCE)).isEqualTo(new Receipt.Kept("hash", receipt));
    assertThat(receipts.find(stranger, ONCE)).isNull();
    clock.advance(Duration.ofDays(1));
    assertThat(receipts.find(caller, ONCE)).isNull();
  }

  @Test
  void aRequestThatDiedLeavesItsKeyToTheNextAfterAMinute() {
    store.begin(caller, credential("Shop"), ONCE);

    clock.advance(Duration.ofSeconds(59));
    assertThat(store.begin(caller, credential("Other"), ONCE)).isEqualTo(Begun.REPEATED);
    clock.advance(Duration.ofSeconds(2));
    assertThat(receipts.find(caller, ONCE)).isNull();
    assertThat(store.begin(caller, credential("Other"), ONCE)).isEqualTo(Begun.BEGUN);
  }

  @Test
  void oneOfManyAtTheSameTimeGetsTheName() throws Exception {
    List<Begun> ends = together(32, () -> store.begin(caller, credential("Shop"), null));

    assertThat(ends.stream().filter(end -> end == Begun.BEGUN)).hasSize(1);
    assertThat(ends.stream().filter(end -> end == Begun.NAME_TAKEN)).hasSize(31);
    assertThat(AWS.keys(caller.workspace())).hasSize(2);
  }

  private static <T> List<T> together(int count, Callable<T> call) throws Exception {
    List<T> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Callable<T>> calls = IntStream.range(0, count).mapToObj(i -> call).toList();
      for (Future<T> end : threads.invokeAll(calls)) {
        ends.add(end.get());
      }
    }
    return ends;
  }

  @Test
  void notesHowAValidationEnded() {
    Credential saved = save(caller, credential("Shop"));
    var last =
        new Credential.LastValidation(
            ids.next("val"), "failed", "login_refused", Instant.parse("2026-03-01T12:00:05Z"));

    store.recordValidation(
        caller.workspace(), Samples.result(saved.id(), 1, Credential.Status.FAILING, last));

    assertThat(store.find(caller.workspace(), saved.id()))
        .hasValueSatisfying(
            now -> {
              assertThat(now.status()).isEqualTo(Credential.Status.FAILING);
              assertThat(now.lastValidation()).isEqualTo(last);
              assertThat(now.version()).isEqualTo(2);
            });
    assertThat(names(new Filter(null, Credential.Status.FAILING, null))).containsExactly("Shop");
    assertThat(names(new Filter(null, Credential.Status.UNVALIDATED, null))).isEmpty();
  }

  @Test
  void notesNothingOfOlderSecretsOrOtherWorkspacesOrUnknownCredentials() {
    Credential saved = save(caller, credential("Shop"));
    var last = new Credential.LastValidation(ids.next("val"), "passed", null, clock.instant());

    store.recordValidation(
        caller.workspace(), Samples.result(saved.id(), 2, Credential.Status.VALID, last));
    store.recordValidation(
        stranger.workspace(), Samples.result(saved.id(), 1, Credential.Status.VALID, last));
    store.recordValidation(
        caller.workspace(), Samples.result(ids.next("crd"), 1, Credential.Status.VALID, last));

    assertThat(store.find(caller.workspace(), saved.id())).contains(saved);
    assertThat(AWS.keys(stranger.workspace())).isEmpty();
  }

  @Test
  void listsInTheOrderOfFoldedNamesWhateverIsAskedFor() {
    for (String name : List.of("beta", "Alpha", "ALPHABET", "ﬁnance", "gamma")) {
      save(caller, credential(name));
    }
    save(
        caller,
        Samples.credential(ids.next("crd"), "Alps", Samples.REDSHIFT, Credential.Status.VALID));
    save(stranger, credential("theirs"));

    assertThat(names(ALL)).containsExactly("Alpha", "ALPHABET", "Alps", "beta", "ﬁnance", "gamma");
    assertThat(names(new Filter(null, null, "aLp"))).containsExactly("Alpha", "ALPHABET", "Alps");
    assertThat(names(new Filter(null, null, "FIN"))).containsExactly("ﬁnance");
    assertThat(names(new Filter(null, null, "none"))).isEmpty();
    assertThat(names(new Filter(null, null, ""))).hasSize(6);
    assertThat(names(new Filter(Warehouse.REDSHIFT, null, null))).containsExactly("Alps");
    assertThat(names(new Filter(null, Credential.Status.VALID, "al"))).containsExactly("Alps");
    assertThat(names(new Filter(Warehouse.SNOWFLAKE, Credential.Status.VALID, null))).isEmpty();
  }

  @Test
  void turnsPagesAlsoWithFilters() {
    for (int i = 10; i < 20; i++) {
      Settings settings = i % 2 == 0 ? Samples.POSTGRES : Samples.REDSHIFT;
      save(
          caller,
          Samples.credential(ids.next("crd"), "n" + i, settings, Credential.Status.UNVALIDATED));
    }

    assertThat(pages(new Filter(Warehouse.REDSHIFT, null, "n"), 2))
        .containsExactly(List.of("n11", "n13"), List.of("n15", "n17"), List.of("n19"));
    assertThat(pages(new Filter(Warehouse.REDSHIFT, null, null), 5)).hasSize(1);
  }

  private List<List<String>> pages(Filter filter, int limit) {
    List<List<String>> pages = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Credential> page = store.list(caller, filter, new Page.Request(limit, after));
      pages.add(page.items().stream().map(Credential::name).toList());
      after = page.next();
    } while (after != null);
    return pages;
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    Credential saved = save(caller, credential("Shop"));

    assertThat(store.find(stranger.workspace(), saved.id())).isEmpty();
    assertThat(store.list(stranger, ALL, new Page.Request(25, null)).items()).isEmpty();
    assertThat(store.find(caller.workspace(), saved.id())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "crd_", "x", "#", "crd_0123456789abcdefghijklmno\u0000"})
  void findsNothingUnderWhatIsNoId(String id) {
    assertThat(store.find(caller.workspace(), id)).isEmpty();
    assertThat(store.find(caller.workspace(), id + "x".repeat(2000))).isEmpty();
  }
}
