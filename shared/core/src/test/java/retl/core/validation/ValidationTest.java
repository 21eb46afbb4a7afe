package retl.core.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.validation.Check.Name.CONNECTION;
import static retl.core.validation.Check.Name.LIST_SCHEMAS;
import static retl.core.validation.Check.Name.STATE_SCHEMA;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import retl.core.TestClock;

class ValidationTest {
  private static final Instant DEADLINE = TestClock.START.plus(Duration.ofSeconds(60));
  private static final Instant LATER = TestClock.START.plus(Duration.ofSeconds(3));
  private static final Validation BEGUN =
      Validation.begin(
          "val_1",
          "crd_1",
          Check.Name.OF_CREDENTIALS,
          Validation.Trigger.API,
          TestClock.START,
          DEADLINE,
          TestClock.START.plus(Duration.ofDays(90)));

  private static Check passed(Check.Name name) {
    return new Check(name, Check.Status.PASSED, null, null, null, 5L);
  }

  private static Check failed(Check.Name name, String code) {
    Check.Remedy remedy = new Check.Remedy("Grant it.", List.of("GRANT USAGE"));
    return new Check(name, Check.Status.FAILED, code, "It failed.", remedy, 5L);
  }

  private static List<String> statuses(Validation validation) {
    return validation.checks().stream()
        .map(check -> check.name().wireName() + " " + check.status().wireName())
        .toList();
  }

  @Test
  void beginsWithTheFirstCheck() {
    assertThat(statuses(BEGUN))
        .containsExactly("connection running", "listSchemas pending", "stateSchema pending");
    assertThat(BEGUN.status()).isEqualTo(Validation.Status.RUNNING);
    assertThat(BEGUN.current()).contains(CONNECTION);
    assertThat(BEGUN.finishedAt()).isNull();
    assertThat(BEGUN.failureCode()).isEmpty();
  }

  @Test
  void runsEachCheckAfterTheOneBefore() {
    Validation first = BEGUN.after(passed(CONNECTION), LATER);
    Validation second = first.after(passed(LIST_SCHEMAS), LATER);

    assertThat(statuses(first))
        .containsExactly("connection passed", "listSchemas running", "stateSchema pending");
    assertThat(statuses(second))
        .containsExactly("connection passed", "listSchemas passed", "stateSchema running");
    assertThat(second.status()).isEqualTo(Validation.Status.RUNNING);
    assertThat(second.finishedAt()).isNull();
  }

  @Test
  void passesWithTheLastCheck() {
    Validation passed =
        BEGUN
            .after(passed(CONNECTION), LATER)
            .after(passed(LIST_SCHEMAS), LATER)
            .after(passed(STATE_SCHEMA), LATER);

    assertThat(statuses(passed))
        .containsExactly("connection passed", "listSchemas passed", "stateSchema passed");
    assertThat(passed.status()).isEqualTo(Validation.Status.PASSED);
    assertThat(passed.finishedAt()).isEqualTo(LATER);
    assertThat(passed.current()).isEmpty();
  }

  @Test
  void skipsWhatComesAfterAFailure() {
    Validation atOnce = BEGUN.after(failed(CONNECTION, "host_unknown"), LATER);
    Validation inTheMiddle =
        BEGUN
            .after(passed(CONNECTION), LATER)
            .after(failed(LIST_SCHEMAS, "permission_denied"), LATER);
    Validation last =
        BEGUN
            .after(passed(CONNECTION), LATER)
            .after(passed(LIST_SCHEMAS), LATER)
            .after(failed(STATE_SCHEMA, "schema_missing"), LATER);

    assertThat(statuses(atOnce))
        .containsExactly("connection failed", "listSchemas skipped", "stateSchema skipped");
    assertThat(statuses(inTheMiddle))
        .containsExactly("connection passed", "listSchemas failed", "stateSchema skipped");
    assertThat(statuses(last))
        .containsExactly("connection passed", "listSchemas passed", "stateSchema failed");
    assertThat(List.of(atOnce, inTheMiddle, last))
        .allMatch(validation -> validation.status() == Validation.Status.FAILED)
        .allMatch(validation -> LATER.equals(validation.finishedAt()))
        .extracting(validation -> validation.failureCode().orElseThrow())
        .containsExactly("host_unknown", "permission_denied", "schema_missing");
  }

  @Test
  void countsAsFailedInTheRunningCheckOnceItsDeadlineHasPassed() {
    Validation running = BEGUN.after(passed(CONNECTION), LATER);

    assertThat(running.asOf(DEADLINE)).isEqualTo(running);
    Validation lost = running.asOf(DEADLINE.plusNanos(1));
    assertThat(statuses(lost))
        .containsExactly("connection passed", "listSchemas failed", "stateSchema skipped");
    assertThat(lost.failureCode()).contains("worker_lost");
    assertThat(lost.finishedAt()).isEqualTo(DEADLINE);
  }

  @Test
  void staysAsItEnded() {
    Validation failed = BEGUN.after(failed(CONNECTION, "host_unknown"), LATER);

    assertThat(failed.asOf(DEADLINE.plusSeconds(1))).isEqualTo(failed);
  }

  @Test
  void hasTheChecksOfRudderStackInTheirOrder() {
    assertThat(BEGUN.checks())
        .extracting(check -> check.name().title())
        .containsExactly(
            "Verifying Connection", "Able to List Schema", "Able to Access RudderStack Schema");
  }
}
