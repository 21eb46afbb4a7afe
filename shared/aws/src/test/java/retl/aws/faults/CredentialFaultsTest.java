package retl.aws.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plans on the stores in memory. {@code -Dplans=<count>} runs more of them, and {@code
 * -DfirstPlan=<seed>} others, or the one that broke something.
 */
@Execution(ExecutionMode.CONCURRENT)
class CredentialFaultsTest {
  private static final long PLANS = Long.getLong("plans", 10_000);
  private static final long FIRST = Long.getLong("firstPlan", 0);

  /** More than any control needs. */
  private static final long CONTROL_PLANS = 10_000;

  @Test
  void nothingIsLostLeftOrToldWhateverStopsWherever() {
    assertThat(breaches(Set.of(), FIRST, PLANS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void thePlansNoticeWhenAGuardIsOff(Guard guard) {
    assertThat(breaches(EnumSet.of(guard), 0, CONTROL_PLANS)).isNotEmpty();
  }

  /** The first few, each with the seed of its plan. */
  private static List<String> breaches(Set<Guard> off, long first, long plans) {
    return LongStream.range(first, first + plans)
        .boxed()
        .flatMap(
            seed ->
                new Plan(seed, (failpoints, clock) -> new MemoryWorld(failpoints, off))
                    .run().stream().map(broken -> "seed " + seed + ": " + broken))
        .limit(5)
        .toList();
  }
}
