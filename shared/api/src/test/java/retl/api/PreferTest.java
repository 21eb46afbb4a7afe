package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferTest {

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5 | 5",
        "wait=0 | 0",
        "wait=20 | 20",
        "wait=21 | 20",
        "wait=999999999 | 20",
        "WAIT=5 | 5",
        "wait = 5 | 5",
        "wait=\"5\" | 5",
        "wait=5; foo=bar | 5",
        "respond-async, wait=5 | 5",
        "respond-async,wait=5,handling=lenient | 5",
        "wait=5, wait=9 | 5",
        "'' | 0",
        "wait | 0",
        "wait= | 0",
        "wait=-1 | 0",
        "wait=1.5 | 0",
        "wait=x | 0",
        "wait=5s | 0",
        "await=5 | 0",
        "wait=99999999999999999999 | 0",
        ",,, | 0",
      })
  void readsHowLongTheCallerWouldWait(String header, int seconds) {
    assertThat(Prefer.waitSeconds(header)).isEqualTo(seconds);
  }
}
