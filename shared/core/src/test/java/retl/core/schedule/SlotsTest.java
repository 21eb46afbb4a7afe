package retl.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Ids;

class SlotsTest {
  private static final long SOME_MINUTE = 29_000_123;

  @ParameterizedTest
  @ValueSource(ints = {60, 180, 480, 720, 1440})
  void everySlotIsDueOnceInEachRound(int everyMinutes) {
    Slots slots = new Slots(everyMinutes);

    assertThat(
            LongStream.range(SOME_MINUTE, SOME_MINUTE + everyMinutes)
                .boxed()
                .flatMap(minute -> slots.at(minute).stream()))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, Slots.COUNT).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -60, 7, 1441})
  void aRoundMustFitIntoADay(int everyMinutes) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Slots(everyMinutes));
  }

  // 100,000 thrown into 1,440 by chance: 69.4 each, and a standard deviation of 8.3; ours may be at
  // most 6 of them off.
  @Test
  void idsOfOneMomentAreSpreadAsByChance() {
    Ids ids = Ids.timeOrdered();
    int[] counts = new int[Slots.COUNT];
    for (int i = 0; i < 100_000; i++) {
      counts[Slots.of(ids.next("crd"))]++;
    }
    IntSummaryStatistics statistics = IntStream.of(counts).summaryStatistics();

    assertThat(statistics.getMin()).isGreaterThan(20);
    assertThat(statistics.getMax()).isLessThan(120);
  }
}
