package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Samples;
import retl.core.credential.Settings;
import retl.core.validation.Check;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore.Task;

class DynamoValidationsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  private static final Check PASSED =
      new Check(Check.Name.CONNECTION, Check.Status.PASSED, null, null, null, 12L);
  private static final Check FAILED =
      new Check(
          Check.Name.LIST_SCHEMAS,
          Check.Status.FAILED,
          "permission_denied",
          "The user may not.",
          new Check.Remedy("As an owner, run:", List.of("GRANT USAGE ON SCHEMA \"a\"")),
          3L);

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private DynamoValidations store;
  private Caller caller;
  private String workspace;

  @BeforeEach
  void takeAWorkspace() {
    store = new DynamoValidations(AWS.table(), new Receipts(AWS.table(), clock), clock);
    workspace = AWS.workspace();
    caller = Callers.of(workspace, Role.EDITOR);
  }

  private Task begun(@Nullable String credentialId, Settings settings) {
    List<Check> checks = new ArrayList<>();
    for (Check.Name name : Check.Name.OF_CREDENTIALS) {
      Check.Status status =
          name == Check.Name.CONNECTION ? Check.Status.RUNNING : Check.Status.PENDING;
      checks.add(new Check(name, status, null, null, null, null));
    }
    Validation validation =
        new Validation(
            ids.next("val"),
            credentialId,
            Validation.Status.RUNNING,
            checks,
            Validation.Trigger.API,
            NOW,
            null,
            NOW.plusSeconds(60),
            NOW.plus(Duration.ofHours(1)));
    return new Task(validation, settings, 3);
  }

  private Validation create() {
    Task task = begun("crd_1", Samples.POSTGRES);
    assertThat(store.create(caller, task, audit(), null)).isTrue();
    return task.validation();
  }

  private Audit audit() {
    return Audit.of(caller, ids, clock.instant(), "validation.started", "crd_1", List.of());
  }

  static final List<Settings> SETTINGS =
      List.of(Samples.POSTGRES, Samples.REDSHIFT, Samples.SNOWFLAKE);

  @ParameterizedTest
  @FieldSource("SETTINGS")
  void readsBackATask(Settings settings) {
    Task saved = begun("crd_1", settings);
    Task unsaved = begun(null, settings);

    store.create(caller, saved, audit(), null);
    store.create(caller, unsaved, audit(), null);

    assertThat(store.findTask(workspace, saved.validation().id())).contains(saved);
    assertThat(store.findTask(workspace, unsaved.validation().id())).contains(unsaved);
    assertThat(store.find(workspace, saved.validation().id())).contains(saved.validation());
  }

  @Test
  void readsBackTheQueryOfATask() {
    Task begun = begun("crd_1", Samples.POSTGRES);
    Task task =
        new Task(begun.validation(), begun.settings(), begun.secretVersion(), "select 'é😀'");

    store.create(caller, task, audit(), null);

    assertThat(store.findTask(workspace, task.validation().id())).contains(task);
  }

  @Test
  void readsBackEveryStep() {
    Validation begun = create();
    Validation first = begun.after(PASSED, NOW);
    Validation over = first.after(FAILED, NOW.plusMillis(15));

    store.update(workspace, first);
    assertThat(store.find(workspace, begun.id())).contains(first);
    store.update(workspace, over);
    assertThat(store.find(workspace, begun.id())).contains(over);
  }

  @Test
  void staysAsItEnded() {
    Validation begun = create();
    Validation over = begun.after(PASSED, NOW).after(FAILED, NOW);
    store.update(workspace, over);

    store.update(workspace, begun.after(PASSED, NOW));

    assertThat(store.find(workspace, begun.id())).contains(over);
  }

  @Test
  void isGoneWhenItExpires() {
    Validation begun = create();

    clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(store.find(workspace, begun.id())).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(store.find(workspace, begun.id())).isEmpty();
    assertThat(store.findTask(workspace, begun.id())).isEmpty();
  }

  @Test
  void isWrittenOncePerIdempotencyKey() {
    Receipt receipt =
        new Receipt(new Receipt.Once("POST /validations", "key", "hash"), 202, Map.of(), "{}");
    assertThat(store.create(caller, begun("crd_1", Samples.POSTGRES), audit(), receipt)).isTrue();
    List<String> before = AWS.keys(workspace);

    assertThat(store.create(caller, begun("crd_1", Samples.POSTGRES), audit(), receipt)).isFalse();
    assertThat(AWS.keys(workspace)).isEqualTo(before);
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    Validation begun = create();
    String other = AWS.workspace();

    assertThat(store.find(other, begun.id())).isEmpty();
    store.update(other, begun.after(PASSED, NOW));
    assertThat(AWS.keys(other)).isEmpty();
    assertThat(store.find(workspace, begun.id())).contains(begun);
    assertThat(store.find(workspace, begun.id() + "#")).isEmpty();
    assertThat(store.find(workspace, "x".repeat(2000))).isEmpty();
  }
}
