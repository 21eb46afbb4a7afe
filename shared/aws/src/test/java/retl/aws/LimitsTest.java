package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.Credentials;
import retl.core.credential.Samples;
import retl.core.credential.Unfinished;
import retl.core.model.Model;
import retl.core.preview.Preview;
import retl.core.source.Source;
import retl.core.token.Grant;
import retl.core.token.TokenStore;
import retl.core.token.Tokens;
import retl.core.warehouse.Warehouse;

/** How much a workspace may have: exactly that, whatever happens at the same time. */
class LimitsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final int MOST = 3;
  private static final Limits LIMITS = new Limits(MOST, MOST, MOST, MOST, MOST);
  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  private static final Receipt RECEIPT =
      new Receipt(new Receipt.Once("POST /tokens", "key", "hash"), 201, Map.of(), "{}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private final AtomicInteger numbers = new AtomicInteger();
  private Stores limited;
  private String workspace;
  private Caller caller;
  private Credential usedByModels;
  private Model usedBySources;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    workspace = AWS.workspace();
    caller = Callers.of(workspace, Role.ADMIN);
    limited = new Stores(LIMITS);
    // Not counted: they stand for what was made at another time.
    usedByModels = Samples.credential(ids.next("crd"), "Used by models");
    usedBySources = model("Used by sources");
    Stores unlimited = new Stores(Limits.NONE);
    unlimited.save(usedByModels);
    unlimited.models.create(caller, usedBySources, audit(), null);
    AWS.forget(workspace, "COUNT#");
  }

  /** What is counted. */
  enum Kind {
    MODELS,
    SOURCES,
    CREDENTIALS,
    TOKENS,
    PREVIEWS
  }

  /** The stores with these limits, and one way to make each kind of thing. */
  private final class Stores {
    private final DynamoModels models;
    private final DynamoSources sources;
    private final DynamoCredentials credentials;
    private final DynamoTokens tokens;
    private final DynamoPreviews previews;

    Stores(Limits limits) {
      Receipts receipts = new Receipts(AWS.table(), clock);
      models = new DynamoModels(AWS.table(), receipts, limits);
      sources = new DynamoSources(AWS.table(), receipts, limits);
      credentials = new DynamoCredentials(AWS.table(), receipts, limits);
      tokens = new DynamoTokens(AWS.table(), receipts, limits);
      previews = new DynamoPreviews(AWS.table(), receipts, limits);
    }

    void make(Kind kind) {
      switch (kind) {
        case MODELS ->
            models.create(caller, model("Model " + numbers.incrementAndGet()), audit(), null);
        case SOURCES -> sources.create(caller, source(), audit(), null);
        case CREDENTIALS -> save(newCredential());
        case TOKENS -> tokens.create(token("tok_admin"), audit(), null);
        case PREVIEWS -> previews.create(caller, preview(), audit(), null);
      }
    }

    void save(Credential credential) {
      credentials.begin(caller, credential, null);
      credentials.activate(caller, credential, audit(), null);
    }
  }

  private Credential newCredential() {
    return Samples.credential(ids.next("crd"), "Credentials " + numbers.incrementAndGet());
  }

  private Model model(String name) {
    return new Model(
        ids.next("mdl"),
        name,
        null,
        usedByModels.id(),
        Warehouse.POSTGRES,
        "select 1",
        null,
        null,
        null,
        1,
        0,
        NOW,
        "tok_admin",
        NOW,
        "tok_admin",
        1);
  }

  private Source source() {
    return new Source(
        ids.next("src"),
        "Source " + numbers.incrementAndGet(),
        usedBySources.id(),
        true,
        0,
        NOW,
        "tok_admin",
        NOW,
        "tok_admin",
        1);
  }

  private TokenStore.Kept token(String issuer) {
    String id = ids.next("tok").substring(4);
    return new TokenStore.Kept(
        new Grant(id, workspace, "A token", Role.VIEWER, NOW, issuer, null, null), "0".repeat(64));
  }

  private Preview preview() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Preview(
        ids.next("prv"),
        Preview.Status.QUEUED,
        usedByModels.id(),
        usedByModels.secretVersion(),
        "select 1",
        new Preview.Wanted.Rows(50),
        null,
        null,
        null,
        now.plus(Duration.ofMinutes(2)),
        now.plus(Duration.ofMinutes(15)));
  }

  private Audit audit() {
    return Audit.of(caller, ids, clock.instant(), "made", "thing", List.of());
  }

  private static Problem reached(Kind kind) {
    return kind == Kind.PREVIEWS
        ? new Problem.TooManyPreviews(MOST)
        : new Problem.LimitReached(kind.name().toLowerCase(Locale.ROOT), MOST);
  }

  private void fill(Kind kind) {
    for (int i = 0; i < MOST; i++) {
      limited.make(kind);
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesAsManyAsThereMayBeAndWritesNothingOfOneMore(Kind kind) {
    fill(kind);
    List<String> before = AWS.keys(workspace);

    assertThat(problemOf(() -> limited.make(kind))).isEqualTo(reached(kind));
    assertThat(AWS.keys(workspace)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void isExactForRequestsAtTheSameTime(Kind kind) throws Exception {
    List<String> outcomes = makeAtTheSameTime(limited, kind, 12);

    assertThat(outcomes).containsOnly("made", reached(kind).toString());
    assertThat(Collections.frequency(outcomes, "made")).isEqualTo(MOST);
  }

  /** The control: without the limit nothing else refuses them. */
  @ParameterizedTest
  @EnumSource
  void withoutTheLimitAllAreMade(Kind kind) throws Exception {
    assertThat(makeAtTheSameTime(new Stores(Limits.NONE), kind, 12)).containsOnly("made");
  }

  private static List<String> makeAtTheSameTime(Stores stores, Kind kind, int count)
      throws Exception {
    Callable<String> make =
        () -> {
          try {
            stores.make(kind);
            return "made";
          } catch (Refused e) {
            return e.problem().toString();
          }
        };
    List<String> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (Future<String> outcome : threads.invokeAll(Collections.nCopies(count, make))) {
        outcomes.add(outcome.get());
      }
    }
    return outcomes;
  }

  @ParameterizedTest
  @EnumSource
  void isEachWorkspacesOwn(Kind kind) {
    fill(kind);
    takeAWorkspaceWithCredentials();

    fill(kind);
    assertThat(problemOf(() -> limited.make(kind))).isEqualTo(reached(kind));
  }

  @Test
  void whatIsRefusedForAnotherReasonIsNotCounted() {
    limited.models.create(caller, model("Orders"), audit(), null);
    for (int i = 0; i < MOST; i++) {
      limited.models.create(caller, model("ORDERS"), audit(), null);
    }

    limited.make(Kind.MODELS);
    limited.make(Kind.MODELS);
    assertThat(problemOf(() -> limited.make(Kind.MODELS))).isEqualTo(reached(Kind.MODELS));
  }

  @Test
  void aDeletedModelGivesItsPlaceBackOnce() {
    Model model = model("Orders");
    limited.models.create(caller, model, audit(), null);
    limited.make(Kind.MODELS);
    limited.make(Kind.MODELS);

    limited.models.delete(caller, model, audit());
    limited.models.delete(caller, model, audit());

    limited.make(Kind.MODELS);
    assertThat(problemOf(() -> limited.make(Kind.MODELS))).isEqualTo(reached(Kind.MODELS));
  }

  @Test
  void aDeletedSourceGivesItsPlaceBackOnce() {
    Source source = source();
    limited.sources.create(caller, source, audit(), null);
    limited.make(Kind.SOURCES);
    limited.make(Kind.SOURCES);

    limited.sources.delete(caller, source, audit());
    limited.sources.delete(caller, source, audit());

    limited.make(Kind.SOURCES);
    assertThat(problemOf(() -> limited.make(Kind.SOURCES))).isEqualTo(reached(Kind.SOURCES));
  }

  @Test
  void aDeletedCredentialGivesItsPlaceBackOnce() {
    Credential credential = newCredential();
    limited.save(credential);
    limited.make(Kind.CREDENTIALS);
    limited.make(Kind.CREDENTIALS);

    limited.credentials.delete(caller, credential, audit());
    limited.credentials.delete(caller, credential, audit());

    limited.make(Kind.CREDENTIALS);
    assertThat(problemOf(() -> limited.make(Kind.CREDENTIALS)))
        .isEqualTo(reached(Kind.CREDENTIALS));
  }

  @Test
  void credentialsThatAreTakenBackGiveTheirPlaceBackOnce() {
    for (int i = 0; i < MOST; i++) {
      Credential abandoned = newCredential();
      limited.credentials.begin(caller, abandoned, null);
      limited.credentials.abandon(caller, abandoned, null);
      limited.credentials.abandon(caller, abandoned, null);
      Credential swept = newCredential();
      limited.credentials.begin(caller, swept, null);
      Unfinished.LooseSecret secret =
          new Unfinished.LooseSecret(Credentials.keyOf(workspace, swept));
      limited.credentials.giveUp(secret);
      limited.credentials.giveUp(secret);
    }

    fill(Kind.CREDENTIALS);
    assertThat(problemOf(() -> limited.make(Kind.CREDENTIALS)))
        .isEqualTo(reached(Kind.CREDENTIALS));
  }

  @Test
  void aRevokedTokenGivesItsPlaceBackOnce() {
    TokenStore.Kept token = token("tok_admin");
    limited.tokens.create(token, audit(), null);
    limited.make(Kind.TOKENS);
    limited.make(Kind.TOKENS);

    assertThat(limited.tokens.delete(caller, token.grant().tokenId(), audit())).isTrue();
    assertThat(limited.tokens.delete(caller, token.grant().tokenId(), audit())).isFalse();

    limited.make(Kind.TOKENS);
    assertThat(problemOf(() -> limited.make(Kind.TOKENS))).isEqualTo(reached(Kind.TOKENS));
  }

  @Test
  void aRepeatAtTheLimitIsARepeat() {
    limited.make(Kind.TOKENS);
    limited.make(Kind.TOKENS);
    limited.tokens.create(token("tok_admin"), audit(), RECEIPT);

    assertThat(limited.tokens.create(token("tok_admin"), audit(), RECEIPT))
        .isEqualTo(TokenStore.Created.REPEATED);
  }

  @Test
  void theOperatorsTokensAreCountedAndNeverRefused() {
    for (int i = 0; i <= MOST; i++) {
      limited.tokens.create(token(Tokens.OPERATOR), audit(), null);
    }

    assertThat(problemOf(() -> limited.make(Kind.TOKENS))).isEqualTo(reached(Kind.TOKENS));
  }

  @Test
  void aPreviewThatEndsGivesItsPlaceBackOnce() {
    Preview first = preview();
    limited.previews.create(caller, first, audit(), null);
    limited.make(Kind.PREVIEWS);
    limited.make(Kind.PREVIEWS);
    limited.previews.start(workspace, first.id());
    assertThat(problemOf(() -> limited.make(Kind.PREVIEWS))).isEqualTo(reached(Kind.PREVIEWS));

    // The worker has no limits.
    DynamoPreviews worker = new Stores(Limits.NONE).previews;
    worker.finish(workspace, failed(first), List.of());
    worker.finish(workspace, failed(first), List.of());

    limited.make(Kind.PREVIEWS);
    assertThat(problemOf(() -> limited.make(Kind.PREVIEWS))).isEqualTo(reached(Kind.PREVIEWS));
  }

  private static Preview failed(Preview preview) {
    return preview.failed(new Preview.Failure("query_failed", "No.", null), 5L);
  }

  @Test
  void aPreviewWhoseWorkerDiedGivesItsPlaceBackAtItsDeadline() {
    fill(Kind.PREVIEWS);
    clock.advance(Duration.ofMinutes(2));
    assertThat(problemOf(() -> limited.make(Kind.PREVIEWS))).isEqualTo(reached(Kind.PREVIEWS));

    clock.advance(Duration.ofMillis(1));
    fill(Kind.PREVIEWS);
    assertThat(problemOf(() -> limited.make(Kind.PREVIEWS))).isEqualTo(reached(Kind.PREVIEWS));
  }

  /** A worker whose clock is behind ends a preview whose place is another one's by now. */
  @Test
  void aLateEndTakesNobodysPlace() {
    Preview late = preview();
    limited.previews.create(caller, late, audit(), null);
    TestClock behind = new TestClock();
    clock.advance(Duration.ofMinutes(3));
    fill(Kind.PREVIEWS);

    new DynamoPreviews(AWS.table(), new Receipts(AWS.table(), behind))
        .finish(workspace, failed(late), List.of());

    assertThat(limited.previews.find(workspace, late.id())).contains(failed(late));
    assertThat(problemOf(() -> limited.make(Kind.PREVIEWS))).isEqualTo(reached(Kind.PREVIEWS));
  }
}
