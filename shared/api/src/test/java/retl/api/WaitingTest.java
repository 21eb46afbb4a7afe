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
  void looksOnceWhenNobodyWouldWait() {
    assertThat(waiting.until(looks -> false, 0, this::look)).isEqualTo(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void doesNotWaitForWhatIsOver() {
    assertThat(waiting.until(looks -> true, 20, this::look)).isEqualTo(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void answersAsSoonAsItIsOver() {
    assertThat(waiting.until(looks -> looks == 4, 20, this::look)).isEqualTo(4);
    assertThat(pauses)
        .containsExactly(
            Duration.ofNanos(5_000_000), Duration.ofNanos(5_500_000), Duration.ofNanos(6_050_000));
  }

  @Test
  void givesUpAtTheEndOfTheTimeAndNotLater() {
    int looks = waiting.until(each -> false, 20, this::look);

    assertThat(waited()).isEqualTo(Duration.ofSeconds(20));
    assertThat(looks).isEqualTo(pauses.size() + 1).isLessThan(120);
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(250)) <= 0);
  }

  private int looks;

  private int look() {
    return ++looks;
  }
}
