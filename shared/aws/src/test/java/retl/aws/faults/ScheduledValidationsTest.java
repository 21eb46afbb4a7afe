package retl.aws.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModelUses;
import retl.aws.DynamoSchedule;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialPatch;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.Login;
import retl.core.credential.NewCredential;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.credential.Settings;
import retl.core.credential.StatusChange;
import retl.core.credential.Sweeper;
import retl.core.credential.Watch;
import retl.core.query.AcceptedQuery;
import retl.core.query.PickyGate;
import retl.core.schedule.Dispatcher;
import retl.core.schedule.Due;
import retl.core.schedule.ScheduledValidations;
import retl.core.schedule.Slots;
import retl.core.validation.Check;
import retl.core.validation.NewValidation;
import retl.core.validation.RunValidation;
import retl.core.validation.Validation;
import retl.core.validation.Validations;

public class ScheduledValidationsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Caller ADMIN = new Caller("w", "tok_1", Role.ADMIN, "req-1");
  private static final Settings SETTINGS =
      new PostgresSettings("db.example.com", 5432, "shop", "reader", "require", "_rudderstack");

  private final World.Ticking clock = new World.Ticking();
  private final List<StatusChange> told = new ArrayList<>();
  private final List<String> runs = new ArrayList<>();

  /** Which code the connection fails of; empty when it works. */
  private String code = "";

  private boolean busIsDown;

  private DynamoCredentials store;
  private DynamoUnfinished unfinished;
  private Credentials credentials;
  private Validations validations;
  private ScheduledValidations scheduled;
  private DynamoSchedule schedule;
  private Sweeper sweeper;

  @BeforeEach
  void freshTable() {
    Table table = AWS.newTable();
    Receipts receipts = new Receipts(table, clock);
    Ids ids = Ids.timeOrdered();
    SecretsManagerSecrets secrets =
        new SecretsManagerSecrets(AWS.secretsManager(), AWS.workspace(), null);
    DynamoValidations results = new DynamoValidations(table, receipts, clock);
    store = new DynamoCredentials(table, receipts);
    unfinished = new DynamoUnfinished(table);
    DynamoModelUses uses = new DynamoModelUses(table);
    schedule = new DynamoSchedule(table, results, clock);
    validations =
        new Validations(
            results,
            store,
            secrets,
            unfinished,
            new PickyGate(),
            job -> {},
            (caller, what, fault) -> {},
            ids,
            clock);
    credentials =
        new Credentials(
            store,
            secrets,
            unfinished,
            uses,
            (caller, credential) -> {},
            (caller, what, fault) -> {},
            ids,
            clock);
    RunValidation run =
        new RunValidation(
            results,
            store,
            secrets,
            new PickyGate(),
            this::check,
            this::announce,
            unfinished,
            clock);
    scheduled = new ScheduledValidations(schedule, store, run, ids, clock);
    sweeper = new Sweeper(unfinished, store, secrets, uses, this::announce, clock);
  }

  private void announce(StatusChange change) {
    if (busIsDown) {
      throw new Failpoints.ServiceFailed();
    }
    told.add(change);
  }

  private void check(
      Login<?> login, @Nullable AcceptedQuery query, Instant deadline, Consumer<Check> ended) {
    runs.add(login.settings().place());
    if (!code.isEmpty()) {
      ended.accept(new Check(Check.Name.CONNECTION, Check.Status.FAILED, code, "No.", null, 1L));
      return;
    }
    for (Check.Name name : Check.Name.OF_CREDENTIALS) {
      ended.accept(new Check(name, Check.Status.PASSED, null, null, null, 1L));
    }
  }

  private Credential saved() {
    return credentials.create(
        ADMIN,
        new NewCredential(
            new Name("Main"), SETTINGS, new Secret(Map.of("password", "secret one")), true),
        Receipt.Writer.none());
  }

  private Due due(Credential credential, long minute) {
    return new Due("w", credential.id(), credential.settings().place(), minute);
  }

  private Credential.Status status(Credential credential) {
    return credentials.get(ADMIN, credential.id()).status();
  }

  @Test
  void savedCredentialsAreDueInTheirSlotAndOnlyThere() {
    Credential credential = saved();
    List<Due> found = new ArrayList<>();

    for (int slot = 0; slot < Slots.COUNT; slot++) {
      schedule.inSlot(slot, slot, found::add);
    }

    assertThat(found).containsExactly(due(credential, Slots.of(credential.id())));
  }

  @Test
  void deletedCredentialsAreNotDueAnyMore() {
    Credential credential = saved();
    credentials.delete(ADMIN, credential.id(), IfMatch.NONE);
    List<Due> sent = new ArrayList<>();
    long minute = (long) Slots.COUNT + Slots.of(credential.id());

    new Dispatcher(schedule, sent::addAll, new Slots(Slots.COUNT)).dispatch(minute);
    scheduled.run(due(credential, minute));

    assertThat(sent).isEmpty();
    assertThat(runs).isEmpty();
  }

  @Test
  void changedCredentialsAreDueWithTheirNewPlace() {
    Credential credential = saved();
    Settings moved =
        new PostgresSettings("db2.example.com", 5432, "shop", "reader", "require", "_rudderstack");
    credentials.update(
        ADMIN,
        credential.id(),
        IfMatch.NONE,
        before ->
            new CredentialPatch(
                before.name(), moved, new Secret(Map.of("password", "secret two"))));
    List<Due> found = new ArrayList<>();

    schedule.inSlot(Slots.of(credential.id()), 5, found::add);

    assertThat(found).extracting(Due::place).containsExactly("db2.example.com");
  }

  @Test
  void aSlotThatFiresTwiceRunsOnce() {
    Credential credential = saved();

    scheduled.run(due(credential, 10));
    scheduled.run(due(credential, 10));
    scheduled.run(due(credential, 9));

    assertThat(runs).hasSize(1);
    scheduled.run(due(credential, 11));
    assertThat(runs).hasSize(2);
  }

  @Test
  void aRunWhoseWorkerDiedIsMadeUpForWhenItsTimeIsOver() {
    Credential credential = saved();
    Due due = due(credential, 10);
    String id = Ids.timeOrdered().next("val");
    assertThat(schedule.begin(due, Validations.scheduled(credential, id, clock.instant())))
        .isPresent();

    scheduled.run(due);
    assertThat(runs).as("the first may still be running").isEmpty();
    clock.advance(Duration.ofMinutes(2));
    scheduled.run(due);
    scheduled.run(due);

    assertThat(runs).hasSize(1);
    assertThat(status(credential)).isEqualTo(Credential.Status.VALID);
  }

  @Test
  void aChangeOfStatusIsToldOnce() {
    Credential credential = saved();

    Optional<StatusChange> first = scheduled.run(due(credential, 10));
    Optional<StatusChange> second = scheduled.run(due(credential, 11));

    assertThat(told)
        .extracting(StatusChange::from, StatusChange::to, StatusChange::code)
        .containsExactly(tuple(Credential.Status.UNVALIDATED, Credential.Status.VALID, null));
    assertThat(first).contains(told.getFirst());
    assertThat(second).isEmpty();
    assertThat(credentials.get(ADMIN, credential.id()).version()).isEqualTo(3);
  }

  @Test
  void aChangeThatCouldNotBeToldIsToldByTheSweeper() {
    Credential credential = saved();
    busIsDown = true;
    assertThatThrownBy(() -> scheduled.run(due(credential, 10)))
        .isInstanceOf(Failpoints.ServiceFailed.class);
    busIsDown = false;
    assertThat(status(credential)).isEqualTo(Credential.Status.VALID);

    clock.advance(Sweeper.GRACE.plusMinutes(1));
    sweeper.sweep(clock.instant().plusSeconds(60));
    sweeper.sweep(clock.instant().plusSeconds(60));

    assertThat(told).hasSize(1);
  }

  @Test
  void onlyLastingRefusalsMakeThemFailing() {
    Credential credential = saved();
    scheduled.run(due(credential, 10));
    code = "authentication_failed";

    scheduled.run(due(credential, 20));
    clock.advance(Duration.ofMinutes(30));
    scheduled.run(due(credential, 50));
    assertThat(status(credential)).isEqualTo(Credential.Status.VALID);
    clock.advance(Duration.ofMinutes(30));
    scheduled.run(due(credential, 80));

    assertThat(status(credential)).isEqualTo(Credential.Status.FAILING);
    assertThat(told.getLast().code()).isEqualTo("authentication_failed");
  }

  @Test
  void aNetworkThatIsDownChangesNothingAndIsLookedAtAgain() {
    Credential credential = saved();
    scheduled.run(due(credential, 10));
    code = "connection_failed";
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofHours(1));
      scheduled.run(due(credential, 100 + i));
    }
    List<Due> again = new ArrayList<>();
    long now = clock.instant().getEpochSecond() / 60;
    for (long minute = now; minute < now + 400; minute++) {
      schedule.againAt(minute, again::add);
    }

    assertThat(status(credential)).isEqualTo(Credential.Status.VALID);
    assertThat(told).hasSize(1);
    assertThat(again).isNotEmpty().allMatch(due -> due.credentialId().equals(credential.id()));
  }

  @Test
  void whatWasValidatedBeforeAChangeSaysNothingOfWhatIsThereNow() {
    Credential credential = saved();
    Validation started =
        validations.create(
            ADMIN, new NewValidation.OfSaved(credential.id(), null), Receipt.Writer.none());
    credentials.update(
        ADMIN,
        credential.id(),
        IfMatch.NONE,
        before ->
            new CredentialPatch(
                before.name(),
                new PostgresSettings(
                    "db.example.com", 5432, "other", "reader", "require", "_rudderstack"),
                null));

    var late =
        new CredentialStore.Result(
            credential.id(),
            SETTINGS,
            1,
            new Credential.LastValidation(started.id(), "passed", null, clock.instant()),
            Watch.NEW.after(Watch.Finding.WORKS, clock.instant()));

    assertThat(store.recordValidation("w", late)).isEmpty();
    assertThat(status(credential)).isEqualTo(Credential.Status.UNVALIDATED);
  }

  @Test
  void historyIsNewestFirstAndPaged() {
    Credential credential = saved();
    for (int minute = 10; minute < 15; minute++) {
      scheduled.run(due(credential, minute));
    }

    Page<Validation> first = validations.history(ADMIN, credential, new Page.Request(3, null));
    Page<Validation> second =
        validations.history(ADMIN, credential, new Page.Request(3, first.next()));

    List<String> ids = new ArrayList<>();
    first.items().forEach(each -> ids.add(each.id()));
    second.items().forEach(each -> ids.add(each.id()));
    assertThat(first.items()).hasSize(3);
    assertThat(second.items()).hasSize(2);
    assertThat(second.next()).isNull();
    assertThat(ids).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(first.items().getFirst().trigger()).isEqualTo(Validation.Trigger.SCHEDULE);
  }
}
