package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import retl.core.credential.Watch.Finding;

class WatchTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest(name = "refused at minutes {0}: failing {1}")
  @CsvSource({
    "0,               false",
    "0 30,            false",
    "0 30 60,         true",
    "0 30 59,         false",
    "0 60,            false",
    "0 1440 2880,     true",
    "0 10 20 30 60,   true",
  })
  void failingNeedsThreeRefusalsOverAnHour(String minutes, boolean isFailing) {
    Watch watch = Watch.NEW;
    Credential.Status status = null;
    for (String minute : minutes.split(" ", -1)) {
      Instant now = START.plus(Duration.ofMinutes(Long.parseLong(minute)));
      Watch.Next next = watch.after(Finding.REFUSED, now);
      watch = next.watch();
      status = next.status();
    }

    assertThat(status).isEqualTo(isFailing ? Credential.Status.FAILING : null);
  }

  @Test
  void aNetworkNeverChangesTheStatus() {
    Watch watch = Watch.NEW;
    for (int i = 0; i < 1000; i++) {
      Watch.Next next = watch.after(Finding.UNKNOWN, START.plus(Duration.ofHours(i)));
      assertThat(next.status()).isNull();
      watch = next.watch();
    }
  }

  @Test
  void aNetworkBetweenRefusalsDoesNotExcuseThem() {
    Watch watch = Watch.NEW.after(Finding.REFUSED, START).watch();
    watch = watch.after(Finding.UNKNOWN, START.plusSeconds(1800)).watch();
    watch = watch.after(Finding.REFUSED, START.plusSeconds(2000)).watch();

    assertThat(watch.after(Finding.REFUSED, START.plusSeconds(3600)).status())
        .isEqualTo(Credential.Status.FAILING);
  }

  @ParameterizedTest
  @EnumSource(Finding.class)
  void whatWorksIsValidAndForgetsWhatWas(Finding before) {
    Watch watch = Watch.NEW.after(before, START).watch();

    assertThat(watch.after(Finding.WORKS, START.plusSeconds(60)))
        .isEqualTo(new Watch.Next(Watch.NEW, Credential.Status.VALID, null));
  }

  @ParameterizedTest(name = "after {0} times unknown: again in {1} minutes")
  @CsvSource({"0, 5", "1, 10", "2, 20", "6, 320", "7, 320", "1000, 320"})
  void looksAgainAtGrowingDistances(int unknowns, long minutes) {
    Watch.Next next = new Watch(0, null, unknowns).after(Finding.UNKNOWN, START);

    assertThat(next.retryAt()).isEqualTo(START.plus(Duration.ofMinutes(minutes)));
  }

  @Test
  void aRefusalIsLookedAtAgainUntilItIsCertain() {
    Watch.Next first = Watch.NEW.after(Finding.REFUSED, START);
    Watch certain = new Watch(2, START, 0);

    assertThat(first.retryAt()).isEqualTo(START.plus(Duration.ofMinutes(30)));
    assertThat(certain.after(Finding.REFUSED, START.plusSeconds(3600)).retryAt()).isNull();
  }
}
