package retl.core.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import retl.core.TestClock;

class PreviewTest {
  private static final Instant DEADLINE = TestClock.START.plus(Duration.ofMinutes(2));
  private static final Instant EXPIRY = TestClock.START.plus(Duration.ofMinutes(15));
  private static final Preview QUEUED =
      new Preview(
          "prv_1",
          Preview.Status.QUEUED,
          "crd_1",
          1,
          "select 1",
          new Preview.Wanted.Rows(50),
          null,
          null,
          null,
          DEADLINE,
          EXPIRY);
  private static final Preview.Result RESULT =
      new Preview.Result(List.of(), 0, false, 0, List.of(), Set.of(), null);

  @ParameterizedTest
  @EnumSource(
      value = Preview.Status.class,
      names = {"QUEUED", "RUNNING"})
  void countsAsFailedOnceItsDeadlineHasPassed(Preview.Status status) {
    Preview preview = status == Preview.Status.QUEUED ? QUEUED : QUEUED.running();

    assertThat(preview.asOf(DEADLINE)).isEqualTo(preview);
    Preview lost = preview.asOf(DEADLINE.plusNanos(1));
    assertThat(lost.status()).isEqualTo(Preview.Status.FAILED);
    assertThat(lost.failure()).extracting(Preview.Failure::code).isEqualTo("worker_lost");
    assertThat(lost.durationMs()).isNull();
  }

  @Test
  void staysAsItEnded() {
    Preview completed = QUEUED.running().completed(RESULT, 5);
    Preview failed = QUEUED.failed(new Preview.Failure("x", "y", null), 5L);

    assertThat(completed.asOf(DEADLINE.plusSeconds(1))).isEqualTo(completed);
    assertThat(failed.asOf(DEADLINE.plusSeconds(1))).isEqualTo(failed);
    assertThat(completed.status().isOver() && failed.status().isOver()).isTrue();
  }

  @Test
  void expiresAtItsTime() {
    assertThat(QUEUED.isExpired(EXPIRY.minusNanos(1))).isFalse();
    assertThat(QUEUED.isExpired(EXPIRY)).isTrue();
  }
}
