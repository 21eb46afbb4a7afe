package retl.core.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialsInMemory;
import retl.core.credential.NotesInMemory;
import retl.core.credential.Samples;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.SecretsInMemory;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import retl.core.credential.Watch;
import retl.core.job.Job;
import retl.core.query.PickyGate;

class RunValidationTest {
  private static final Job JOB = new Job("ws1", "val_1");
  private static final Secret SECRET = new Secret(Map.of("password", "pw"));
  private static final CredentialChecker PASSES =
      (login, query, deadline, ended) -> {
        for (Check.Name name : Check.Name.OF_CREDENTIALS) {
          ended.accept(new Check(name, Check.Status.PASSED, null, null, null, 5L));
        }
      };
  private static final CredentialChecker REFUSED =
      (login, query, deadline, ended) ->
          ended.accept(
              new Check(
                  Check.Name.CONNECTION, Check.Status.FAILED, "login_refused", "no", null, 5L));

  private final ValidationsInMemory store = new ValidationsInMemory();
  private final CredentialsInMemory credentials = new CredentialsInMemory();
  private final SecretsInMemory secrets = new SecretsInMemory();
  private final NotesInMemory notes = new NotesInMemory();
  private final List<StatusChange> told = new ArrayList<>();
  private final TestClock clock = new TestClock();

  private void begin(@Nullable String credentialId, int secretVersion) {
    begin(credentialId, secretVersion, Validation.Trigger.API);
  }

  private void begin(@Nullable String credentialId, int secretVersion, Validation.Trigger trigger) {
    Instant start = TestClock.START;
    Validation validation =
        Validation.begin(
            "val_1",
            credentialId,
            Check.Name.OF_CREDENTIALS,
            trigger,
            start,
            start.plus(Validations.DEADLINE),
            start.plus(Validations.KEPT));
    var task = new ValidationStore.Task(validation, Samples.POSTGRES, secretVersion);
    store.kept.put("ws1val_1", task);
    secrets.put(new SecretStore.Key("ws1", task.secretOwner(), secretVersion), SECRET);
  }

  private void run(CredentialChecker checker, Job job) {
    new RunValidation(
            store, credentials, secrets, new PickyGate(), checker, told::add, notes, clock)
        .run(job);
  }

  private Validation kept() {
    return Objects.requireNonNull(store.kept.get("ws1val_1")).validation();
  }

  @Test
  void writesEachCheckAsItEndsAndNotesTheResultOnTheCredential() {
    begin("crd_1", 3);

    run(PASSES, JOB);

    assertThat(store.updates)
        .extracting(validation -> validation.current().map(Check.Name::wireName).orElse("none"))
        .containsExactly("listSchemas", "stateSchema", "none");
    assertThat(kept().status()).isEqualTo(Validation.Status.PASSED);
    assertThat(kept().finishedAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123Z"));
    assertThat(credentials.recorded).containsExactly("crd_1 v3 VALID null");
    assertThat(secrets.kept).hasSize(1);
  }

  @Test
  void notesAFailureOnTheCredentialWithItsCode() {
    begin("crd_1", 1);

    run(REFUSED, JOB);

    assertThat(kept().status()).isEqualTo(Validation.Status.FAILED);
    assertThat(credentials.recorded).containsExactly("crd_1 v1 FAILING login_refused");
  }

  @Test
  void aSingleRefusalThatTheScheduleFoundChangesNoStatus() {
    begin("crd_1", 1, Validation.Trigger.SCHEDULE);
    run(refusedWith("authentication_failed"), JOB);
    assertThat(credentials.recorded).containsExactly("crd_1 v1 null authentication_failed");
  }

  @ParameterizedTest(name = "{0}: {1} is a refusal: {2}")
  @CsvSource({
    "CONNECTION,   authentication_failed,      true",
    "CONNECTION,   unknown_database,           true",
    "CONNECTION,   connection_failed,          false",
    "CONNECTION,   unknown_host,               false",
    "CONNECTION,   internal_error,             false",
    "LIST_SCHEMAS, no_readable_schema,         true",
    "LIST_SCHEMAS, connection_lost,            false",
    "LIST_SCHEMAS, internal_error,             false",
    "STATE_SCHEMA, state_schema_access_denied, true",
    "STATE_SCHEMA, worker_lost,                false",
  })
  void tellsARefusalFromWhatMayPassByItself(Check.Name name, String code, boolean isRefusal) {
    Check check = new Check(name, Check.Status.FAILED, code, "no", null, 5L);

    assertThat(check.isRefusal()).isEqualTo(isRefusal);
  }

  @Test
  void refusalsThatLastMakeTheCredentialsFailing() {
    credentials.watch = new Watch(2, TestClock.START.minus(Duration.ofMinutes(61)), 0);
    begin("crd_1", 1, Validation.Trigger.SCHEDULE);

    run(refusedWith("authentication_failed"), JOB);

    assertThat(credentials.recorded).containsExactly("crd_1 v1 FAILING authentication_failed");
  }

  @Test
  void tellsAChangeOfStatusAndCrossesItOut() {
    StatusChange change =
        new StatusChange(
            "ws1",
            "crd_1",
            "Shop",
            Credential.Status.UNVALIDATED,
            Credential.Status.VALID,
            null,
            "val_1",
            TestClock.START);
    credentials.change = change;
    notes.note(new Unfinished.UntoldChange(change), TestClock.START);
    begin("crd_1", 1);

    run(PASSES, JOB);

    assertThat(told).containsExactly(change);
    assertThat(notes.kept).isEmpty();
  }

  private static CredentialChecker refusedWith(String code) {
    return (login, query, deadline, ended) ->
        ended.accept(new Check(Check.Name.CONNECTION, Check.Status.FAILED, code, "no", null, 5L));
  }

  private void beginWithQuery(String sql) {
    begin("crd_1", 1);
    ValidationStore.Task task = Objects.requireNonNull(store.kept.get("ws1val_1"));
    store.kept.put(
        "ws1val_1",
        new ValidationStore.Task(
            Validation.begin(
                "val_1",
                "crd_1",
                List.of(Check.Name.values()),
                Validation.Trigger.API,
                TestClock.START,
                TestClock.START.plus(Validations.DEADLINE),
                TestClock.START.plus(Validations.KEPT)),
            task.settings(),
            task.secretVersion(),
            sql));
  }

  /** A table that cannot be read is no fault of the credentials. */
  @Test
  void givesTheQueryToTheCheckerAndLeavesTheCredentialAsItIs() {
    beginWithQuery("select 1");
    List<String> queries = new ArrayList<>();
    CredentialChecker closedTable =
        (login, query, deadline, ended) -> {
          queries.add(Objects.requireNonNull(query).source());
          PASSES.check(login, query, deadline, ended);
          ended.accept(
              new Check(
                  Check.Name.QUERY_TABLES,
                  Check.Status.FAILED,
                  "table_access_denied",
                  "no",
                  null,
                  5L));
        };

    run(closedTable, JOB);

    assertThat(queries).containsExactly("select 1");
    assertThat(kept().status()).isEqualTo(Validation.Status.FAILED);
    assertThat(kept().failureCode()).contains("table_access_denied");
    assertThat(credentials.recorded).isEmpty();
  }

  @Test
  void judgesTheQueryAgain() {
    beginWithQuery("drop it");

    assertThatThrownBy(() -> run(PASSES, JOB)).isInstanceOf(IllegalStateException.class);
    assertThat(kept().failureCode()).contains("internal_error");
  }

  @Test
  void givesTheCheckerTheLoginAndLessTimeThanThereIs() {
    begin("crd_1", 1);
    List<String> given = new ArrayList<>();

    run(
        (login, query, deadline, ended) ->
            given.add(
                login.workspace()
                    + login.settings().warehouse()
                    + login.secret().required("password")
                    + Duration.between(TestClock.START, deadline)),
        JOB);

    assertThat(given).containsExactly("ws1POSTGRESpwPT55S");
  }

  @Test
  void removesTheSecretOfUnsavedSettingsAndNotesNothing() {
    begin(null, 1);

    run(PASSES, JOB);

    assertThat(kept().status()).isEqualTo(Validation.Status.PASSED);
    assertThat(secrets.kept).isEmpty();
    assertThat(credentials.recorded).isEmpty();
  }

  @Test
  void removesTheSecretOfUnsavedSettingsAlsoAfterAFault() {
    begin(null, 1);

    assertThatThrownBy(() -> run(RunValidationTest::broken, JOB)).hasMessageContaining("a bug");
    assertThat(secrets.kept).isEmpty();
  }

  @Test
  void runsOnlyWhatStandsInTheJobsWorkspaceAndHasNotEnded() {
    begin("crd_1", 1);
    run(PASSES, new Job("ws2", "val_1"));
    assertThat(store.updates).isEmpty();

    run(REFUSED, JOB);
    run(PASSES, JOB);
    assertThat(kept().status()).isEqualTo(Validation.Status.FAILED);
    assertThat(credentials.recorded).hasSize(1);
  }

  /** Whoever waits was told by then that it failed. */
  @Test
  void doesNotRunAJobThatComesTooLate() {
    begin("crd_1", 1);
    clock.advance(Validations.DEADLINE.plusSeconds(1));

    run(PASSES, JOB);

    assertThat(store.updates).isEmpty();
    assertThat(credentials.recorded).isEmpty();
  }

  /** Just in time, and a moment too late: by then readers may have been told that it failed. */
  @ParameterizedTest(name = "{0} ms before the deadline")
  @CsvSource({"3001, PASSED", "2000, RUNNING", "-1, RUNNING"})
  void aResultThatComesTooLateIsNone(long millisBefore, Validation.Status status) {
    begin("crd_1", 1);
    CredentialChecker slow =
        (login, query, deadline, ended) -> {
          clock.advance(Validations.DEADLINE.minusMillis(millisBefore));
          PASSES.check(login, query, deadline, ended);
        };

    run(slow, JOB);

    assertThat(kept().status()).isEqualTo(status);
    assertThat(credentials.recorded).hasSize(status == Validation.Status.PASSED ? 1 : 0);
  }

  @Test
  void endsWithAFaultOfOursWhichSaysNothingOfTheCredential() {
    begin("crd_1", 1);

    assertThatThrownBy(() -> run(RunValidationTest::broken, JOB)).hasMessageContaining("a bug");
    assertThat(kept().status()).isEqualTo(Validation.Status.FAILED);
    assertThat(kept().failureCode()).contains("internal_error");
    assertThat(kept().toString()).doesNotContain("pw");
    assertThat(credentials.recorded).isEmpty();
  }

  @Test
  void endsWithAFaultOfOursInTheCheckThatRan() {
    begin("crd_1", 1);
    CredentialChecker breaksLater =
        (login, query, deadline, ended) -> {
          ended.accept(new Check(Check.Name.CONNECTION, Check.Status.PASSED, null, null, null, 5L));
          broken(login, query, deadline, ended);
        };

    assertThatThrownBy(() -> run(breaksLater, JOB)).hasMessageContaining("a bug");
    assertThat(kept().checks())
        .extracting(Check::status)
        .containsExactly(Check.Status.PASSED, Check.Status.FAILED, Check.Status.SKIPPED);
  }

  @Test
  void endsWithAFaultOfOursWhenTheSecretOfCredentialsCannotBeRead() {
    begin("crd_1", 1);
    secrets.fail();

    assertThatThrownBy(() -> run(PASSES, JOB)).hasMessageContaining("told to fail");
    assertThat(kept().failureCode()).contains("internal_error");
  }

  /** Lambda may deliver a job twice; the first delivery has taken the secret and goes on. */
  @Test
  void aSecondDeliveryLeavesTheFirstAlone() {
    begin(null, 1);
    secrets.kept.clear();

    assertThatThrownBy(() -> run(PASSES, JOB)).hasMessageContaining("No secret");
    assertThat(kept().status()).isEqualTo(Validation.Status.RUNNING);
  }

  private static void broken(Object login, @Nullable Object query, Object deadline, Object ended) {
    throw new IllegalArgumentException("a bug, with pw in its message");
  }
}
