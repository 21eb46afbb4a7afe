package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import retl.core.TestClock;

class WaitingTest {
  private final TestClock clock = new TestClock();
  private final List<Duration> pauses = new ArrayList<>();
  private final Waiting waiting =
      new Waiting(
          clock,
          pause -> {
            pauses.add(pause);
            clock.advance(pause);
          });

  private Duration waited() {
    return pauses.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Test
  void givesWhatIsKnownWhenNobodyWouldWait() {
    assertThat(waiting.until(0, looks -> false, 0, this::look)).isZero();
    assertThat(pauses).isEmpty();
  }

  @Test
  void doesNotWaitForWhatIsOver() {
    assertThat(waiting.until(0, looks -> true, 20, this::look)).isZero();
    assertThat(pauses).isEmpty();
  }

  @Test
  void answersAsSoonAsItIsOver() {
    assertThat(waiting.until(0, looks -> looks == 3, 20, this::look)).isEqualTo(3);
    assertThat(pauses)
        .containsExactly(
            Duration.ofNanos(5_000_000), Duration.ofNanos(5_250_000), Duration.ofNanos(5_512_500));
  }

  @Test
  void givesUpAtTheEndOfTheTimeAndNotLater() {
    int looks = waiting.until(0, each -> false, 20, this::look);

    assertThat(waited()).isEqualTo(Duration.ofSeconds(20));
    assertThat(looks).isEqualTo(pauses.size()).isLessThan(160);
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(250)) <= 0);
  }

  private int looks;

  private int look() {
    return ++looks;
  }
}
