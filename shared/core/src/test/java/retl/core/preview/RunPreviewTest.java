package retl.core.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.TestClock;
import retl.core.credential.Credentials;
import retl.core.credential.CredentialsInMemory;
import retl.core.credential.Samples;
import retl.core.credential.Secret;
import retl.core.credential.SecretsInMemory;
import retl.core.job.Job;
import retl.core.query.PickyGate;
import retl.core.warehouse.Column;

class RunPreviewTest {
  private static final Job JOB = new Job("ws1", "prv_1");
  private static final Preview.Result RESULT =
      new Preview.Result(
          List.of(new Column("a", Column.Type.INT, "int4", null)),
          2,
          true,
          1,
          List.of("note"),
          Set.of(),
          null);

  private final PreviewsInMemory store = new PreviewsInMemory();
  private final CredentialsInMemory credentials = new CredentialsInMemory();
  private final SecretsInMemory secrets = new SecretsInMemory();
  private final TestClock clock = new TestClock();
  private final List<String> runs = new ArrayList<>();
  private final QueryRunner runner =
      (login, query, wanted, deadline, isCanceled) -> {
        runs.add(
            login.workspace()
                + " "
                + login.settings().warehouse()
                + " "
                + login.secret().required("password")
                + " "
                + query.source()
                + " "
                + wanted
                + " "
                + Duration.between(TestClock.START, deadline));
        clock.advance(Duration.ofMillis(250));
        return new QueryRunner.Outcome.Rows(RESULT, List.of("[1]", "[2]"));
      };

  @BeforeEach
  void queue() {
    var credential = Samples.credential("crd_1", "Shop");
    credentials.add("ws1", credential);
    secrets.put(Credentials.keyOf("ws1", credential), new Secret(Map.of("password", "pw")));
    store.kept.put("ws1prv_1", queued("select 1"));
  }

  private static Preview queued(String sql) {
    return new Preview(
        "prv_1",
        Preview.Status.QUEUED,
        "crd_1",
        1,
        sql,
        new Preview.Wanted.Rows(7),
        null,
        null,
        null,
        TestClock.START.plus(Previews.DEADLINE),
        TestClock.START.plus(Previews.KEPT));
  }

  private void run(QueryRunner runner, Job job) {
    new RunPreview(store, credentials, secrets, new PickyGate(), runner, clock).run(job);
  }

  private Preview kept() {
    return Objects.requireNonNull(store.kept.get("ws1prv_1"));
  }

  private String failureCode() {
    assertThat(kept().status()).isEqualTo(Preview.Status.FAILED);
    return Objects.requireNonNull(kept().failure()).code();
  }

  @Test
  void runsTheQueryAndKeepsItsRows() {
    run(runner, JOB);

    assertThat(runs).containsExactly("ws1 POSTGRES pw select 1 Rows[limit=7] PT1M50S");
    assertThat(kept()).isEqualTo(queued("select 1").completed(RESULT, 250));
    assertThat(store.rows("ws1", "prv_1", 0, 9)).containsExactly("[1]", "[2]");
  }

  @Test
  void keepsAllColumnsThatAModelCanKeep() {
    run((login, q, w, d, c) -> new QueryRunner.Outcome.Rows(wide(1_024), List.of("[1]")), JOB);

    assertThat(kept()).isEqualTo(queued("select 1").completed(wide(1_024), 0));
  }

  @Test
  void failsWithMoreColumnsThanAModelCanKeep() {
    run((login, q, w, d, c) -> new QueryRunner.Outcome.Rows(wide(1_025), List.of("[1]")), JOB);

    assertThat(kept())
        .isEqualTo(
            queued("select 1")
                .failed(
                    new Preview.Failure(
                        "too_many_columns",
                        "The result has 1025 columns, which take 246000 bytes with their names and"
                            + " types; at most 245760 are kept. Select fewer columns, or give them"
                            + " shorter names.",
                        null),
                    0L));
    assertThat(store.rows("ws1", "prv_1", 0, 9)).isEmpty();
  }

  /** A result of so many columns of 240 bytes each. */
  private static Preview.Result wide(int columns) {
    Column column = new Column("é".repeat(94), Column.Type.INT, "int4", null);
    return new Preview.Result(
        Collections.nCopies(columns, column), 1, false, 0, List.of(), Set.of(), null);
  }

  @Test
  void keepsWhyItFailed() {
    Preview.Failure failure =
        new Preview.Failure("query_failed", "no such table", new Preview.Place(1, 2, 1));

    run((login, q, w, d, c) -> new QueryRunner.Outcome.Failed(failure), JOB);

    assertThat(kept()).isEqualTo(queued("select 1").failed(failure, 0L));
  }

  @Test
  void asksWhetherItIsStillWanted() {
    List<Boolean> answers = new ArrayList<>();

    run(
        (login, q, w, d, isCanceled) -> {
          answers.add(isCanceled.getAsBoolean());
          store.unwanted.add("ws1prv_1");
          answers.add(isCanceled.getAsBoolean());
          return new QueryRunner.Outcome.Canceled();
        },
        JOB);

    assertThat(answers).containsExactly(false, true);
    assertThat(kept()).isEqualTo(queued("select 1").canceled(0L));
  }

  @Test
  void doesNotRunWhatWasCanceledBefore() {
    store.kept.put("ws1prv_1", queued("select 1").canceled(null));

    run(runner, JOB);

    assertThat(runs).isEmpty();
    assertThat(kept().status()).isEqualTo(Preview.Status.CANCELED);
  }

  @Test
  void runsAJobOnlyOnce() {
    run(runner, JOB);
    run(runner, JOB);

    assertThat(runs).hasSize(1);
  }

  @Test
  void runsOnlyWhatStandsInTheJobsWorkspace() {
    run(runner, new Job("ws2", "prv_1"));

    assertThat(runs).isEmpty();
    assertThat(kept().status()).isEqualTo(Preview.Status.QUEUED);
  }

  /** Whoever waits was told by then that it failed. */
  @Test
  void doesNotRunAJobThatComesTooLate() {
    clock.advance(Previews.DEADLINE.plusSeconds(1));

    run(runner, JOB);

    assertThat(runs).isEmpty();
  }

  @Test
  void judgesTheQueryAgain() {
    store.kept.put("ws1prv_1", queued("drop it"));

    run(runner, JOB);

    assertThat(runs).isEmpty();
    assertThat(failureCode()).isEqualTo("unsafe_query");
  }

  @Test
  void failsWhenTheCredentialsAreGone() {
    credentials.active.clear();

    run(runner, JOB);

    assertThat(runs).isEmpty();
    assertThat(failureCode()).isEqualTo("credential_gone");
  }

  @Test
  void endsWithAFaultOfOursAndTellsTheLog() {
    QueryRunner broken =
        (login, q, w, d, c) -> {
          throw new IllegalArgumentException("a bug, with pw in its message");
        };

    assertThatThrownBy(() -> run(broken, JOB)).isInstanceOf(IllegalArgumentException.class);
    assertThat(failureCode()).isEqualTo("internal_error");
    assertThat(kept().toString()).doesNotContain("pw");
  }

  @Test
  void endsWithAFaultOfOursWhenTheSecretCannotBeRead() {
    secrets.fail();

    assertThatThrownBy(() -> run(runner, JOB)).hasMessageContaining("told to fail");
    assertThat(failureCode()).isEqualTo("internal_error");
  }
}
