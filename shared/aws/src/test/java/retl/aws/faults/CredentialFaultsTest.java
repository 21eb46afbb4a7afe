package retl.aws.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialFaultsTest {
  private static final int PLANS = 10_000;

  @Test
  void nothingIsLostLeftOrToldWhateverStopsWherever() {
    assertThat(breaches(Set.of(), PLANS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void thePlansNoticeWhenAGuardIsOff(Guard guard) {
    assertThat(breaches(EnumSet.of(guard), PLANS)).isNotEmpty();
  }

  private static List<String> breaches(Set<Guard> off, int plans) {
    return LongStream.range(0, plans)
        .boxed()
        .flatMap(
            seed ->
                new Plan(seed, (failpoints, clock) -> new MemoryWorld(failpoints, off))
                    .run().stream().map(broken -> "seed " + seed + ": " + broken))
        .limit(5)
        .toList();
  }
}
