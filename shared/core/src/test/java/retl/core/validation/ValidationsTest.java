package retl.core.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retl.core.Callers.ADMIN;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.NotedFaults;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialsInMemory;
import retl.core.credential.NetworkRules;
import retl.core.credential.NewCredential;
import retl.core.credential.NotesInMemory;
import retl.core.credential.Samples;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.SecretsInMemory;
import retl.core.credential.Unfinished;
import retl.core.job.Job;
import retl.core.job.JobQueue;
import retl.core.query.PickyGate;

class ValidationsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Secret SECRET = new Secret(Map.of("password", "pw"));
  private static final NewValidation SAVED = new NewValidation.OfSaved("crd_1", null);
  private static final NewValidation UNSAVED =
      new NewValidation.OfUnsaved(new NewCredential.Access(Samples.POSTGRES, SECRET));

  private final ValidationsInMemory store = new ValidationsInMemory();
  private final CredentialsInMemory credentials = new CredentialsInMemory();
  private final SecretsInMemory secrets = new SecretsInMemory();
  private final NotesInMemory notes = new NotesInMemory();
  private final List<Job> jobs = new ArrayList<>();
  private final TestClock clock = new TestClock();
  private int number;
  private final NotedFaults faults = new NotedFaults();
  private JobQueue queue = jobs::add;
  private final Validations validations =
      new Validations(
          store,
          credentials,
          secrets,
          notes,
          new PickyGate(),
          job -> queue.submit(job),
          faults,
          type -> type + "_" + ++number,
          clock);

  @BeforeEach
  void keepCredentials() {
    credentials.add("ws1", Samples.credential("crd_1", "Shop"));
  }

  private Validation create(Caller caller, NewValidation wanted) {
    return validations.create(caller, wanted, Receipt.Writer.none());
  }

  @Test
  void validatesSavedCredentials() {
    Validation begun = create(EDITOR, SAVED);

    assertThat(begun)
        .isEqualTo(
            Validation.begin(
                "val_1",
                "crd_1",
                Check.Name.OF_CREDENTIALS,
                Validation.Trigger.API,
                NOW,
                NOW.plusSeconds(60),
                NOW.plus(Duration.ofDays(90))))
        .isEqualTo(validations.get(VIEWER, "val_1"));
    assertThat(store.kept.values())
        .containsExactly(new ValidationStore.Task(begun, Samples.POSTGRES, 1));
    assertThat(jobs).containsExactly(new Job("ws1", "val_1"));
    assertThat(secrets.kept).isEmpty();
    assertThat(store.audits)
        .singleElement()
        .extracting(Audit::action, Audit::resource)
        .containsExactly("validation.started", "crd_1");
  }

  @Test
  void keepsTheSecretOfUnsavedSettingsForTheWorkerAlone() {
    Validation begun = create(ADMIN, UNSAVED);

    assertThat(begun.credentialId()).isNull();
    assertThat(begun.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(secrets.kept).isEqualTo(Map.of(new SecretStore.Key("ws1", "val_1", 1), SECRET));
    assertThat(store.kept.values())
        .singleElement()
        .extracting(ValidationStore.Task::secretOwner)
        .isEqualTo("val_1");
    assertThat(jobs).containsExactly(new Job("ws1", "val_1"));
    assertThat(store.kept.toString()).doesNotContain("pw");
    assertThat(notes.kept)
        .containsOnlyKeys(new Unfinished.LooseSecret(new SecretStore.Key("ws1", "val_1", 1)));
  }

  @Test
  void startsTheFirstValidationOfNewCredentials() {
    Credential credential = Samples.credential("crd_1", "Shop");

    validations.start(ADMIN, credential);

    assertThat(jobs).containsExactly(new Job("ws1", "val_1"));
  }

  @Test
  void takesWhoMay() {
    assertThat(problemOf(() -> create(VIEWER, SAVED)))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(problemOf(() -> create(EDITOR, UNSAVED)))
        .isEqualTo(new Problem.Forbidden(Role.ADMIN));
    assertThat(secrets.kept).isEmpty();
    assertThat(store.kept).isEmpty();
    assertThat(jobs).isEmpty();
  }

  @Test
  void findsCredentialsOnlyInTheCallersWorkspace() {
    assertThat(badFields(() -> create(STRANGER, SAVED))).containsExactly("credentialId not_found");
    assertThat(badFields(() -> create(EDITOR, new NewValidation.OfSaved("crd_none", null))))
        .containsExactly("credentialId not_found");
    assertThat(store.kept).isEmpty();
  }

  @Test
  void leavesNoSecretOfARepeatedRequest() {
    store.knowsKey = true;

    assertThat(problemOf(() -> create(ADMIN, UNSAVED))).isEqualTo(new Problem.RequestInProgress());
    assertThat(secrets.kept).isEmpty();
    assertThat(jobs).isEmpty();
  }

  @Test
  void failsAtOnceWhenNoWorkerCanBeReached() {
    queue = job -> fail("no worker");

    Validation ofSaved = create(EDITOR, SAVED);
    Validation ofUnsaved = create(ADMIN, UNSAVED);

    for (Validation failed : List.of(ofSaved, ofUnsaved)) {
      assertThat(failed).isEqualTo(validations.get(VIEWER, failed.id()));
      assertThat(failed.status()).isEqualTo(Validation.Status.FAILED);
      assertThat(failed.failureCode()).contains("not_started");
      assertThat(failed.finishedAt()).isEqualTo(NOW);
      assertThat(failed.checks())
          .extracting(Check::status)
          .containsExactly(Check.Status.FAILED, Check.Status.SKIPPED, Check.Status.SKIPPED);
    }
    assertThat(secrets.kept).isEmpty();
    assertThat(faults.lines).containsExactly("req-1 val_1 no worker", "req-1 val_3 no worker");
  }

  @Test
  void tellsOfAWorkerThatWasDoneAllTheSame() {
    queue =
        job -> {
          Validation running = store.find(job.workspace(), job.id()).orElseThrow();
          store.update(job.workspace(), running.asOf(running.deadline().plusSeconds(1)));
          fail("the answer was lost");
        };

    assertThat(create(EDITOR, SAVED).failureCode()).contains("worker_lost");
  }

  /** Then nothing but time ends it; the secret goes all the same. */
  @Test
  void leavesWhatCannotEvenBeGivenUpToItsDeadline() {
    queue =
        job -> {
          store.cannotUpdate = true;
          fail("no worker");
        };

    assertThatThrownBy(() -> create(ADMIN, UNSAVED)).hasMessage("told to fail");
    assertThat(secrets.kept).isEmpty();
    assertThat(faults.lines).containsExactly("req-1 val_1 no worker");
    clock.advance(Duration.ofSeconds(61));
    assertThat(validations.get(ADMIN, "val_1").failureCode()).contains("worker_lost");
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  @Test
  void tellsTheHistoryOfCredentialsAsItIsNow() {
    create(EDITOR, SAVED);
    clock.advance(Duration.ofSeconds(61));

    assertThat(
            validations
                .history(VIEWER, Samples.credential("crd_1", "Shop"), new Page.Request(10, null))
                .items())
        .singleElement()
        .extracting(Validation::failureCode)
        .isEqualTo(Optional.of("worker_lost"));
  }

  @Test
  void leavesAReceipt() {
    validations.create(EDITOR, SAVED, Receipts.writer(Validation::id));

    assertThat(store.receipts).extracting(Receipt::body).containsExactly("val_1");
  }

  @Test
  void tellsReadersOfALostWorkerAndStrangersNothing() {
    create(EDITOR, SAVED);
    clock.advance(Duration.ofSeconds(61));

    assertThat(validations.get(VIEWER, "val_1").failureCode()).contains("worker_lost");
    assertThat(problemOf(() -> validations.get(STRANGER, "val_1")))
        .isEqualTo(new Problem.NotFound("validation"))
        .isEqualTo(problemOf(() -> validations.get(ADMIN, "val_none")));
  }

  @Test
  void readsWhichOfTheTwoIsWanted() {
    Map<String, Object> access =
        Map.of(
            "warehouse", "postgres",
            "settings", Map.of("host", "db.example.com", "database", "shop", "user", "report"),
            "secret", Map.of("password", "pw"));

    assertThat(read(EDITOR, Map.of("credentialId", "crd_1"))).isEqualTo(SAVED);
    assertThat(read(ADMIN, access)).isEqualTo(UNSAVED);
    assertThat(badFields(() -> read(EDITOR, Map.of("credentialId", "crd_1", "secret", Map.of()))))
        .containsExactly("secret unknown");
    assertThat(badFields(() -> read(EDITOR, Map.of("credentialId", 5L))))
        .containsExactly("credentialId wrong_type");
    assertThat(badFields(() -> read(ADMIN, Map.of()))).containsExactly("warehouse missing");
  }

  @Test
  void checksTheTablesOfAQueryToo() {
    Validation begun = create(EDITOR, new NewValidation.OfSaved("crd_1", "select 1"));

    assertThat(begun.checks()).extracting(Check::name).containsExactly(Check.Name.values());
    assertThat(store.findTask("ws1", begun.id()).orElseThrow().sql()).isEqualTo("select 1");
  }

  @Test
  void refusesAQueryBeforeAnythingIsKeptOrStarted() {
    NewValidation unsafe = new NewValidation.OfSaved("crd_1", "drop it");

    assertThat(problemOf(() -> create(EDITOR, unsafe)))
        .isEqualTo(new Problem.QueryRefused(PickyGate.REFUSED));
    assertThat(store.kept).isEmpty();
  }

  @Test
  void judgesTheRoleForUnsavedSettingsBeforeTheirFields() {
    assertThat(problemOf(() -> read(EDITOR, Map.of("warehouse", "mysql"))))
        .isEqualTo(new Problem.Forbidden(Role.ADMIN));
  }

  private static NewValidation read(Caller caller, @Nullable Object body) {
    return NewValidation.read(caller, Fields.of(body), NetworkRules.STRICT);
  }
}
