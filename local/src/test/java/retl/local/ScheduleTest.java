package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final String TIME = "{\"time\": \"<aws.scheduler.scheduled-time>\"}";

  private final List<String> invoked = new ArrayList<>();
  private Instant now = Instant.parse("2026-03-01T12:03:30Z");
  private boolean fails;
  private final Schedule schedule =
      new Schedule(
          List.of(
              new Template.Schedule("Dispatch", Duration.ofMinutes(1), TIME),
              new Template.Schedule("Sweep", Duration.ofMinutes(5), "")),
          function ->
              Optional.of(
                  (requestId, event, answer) -> {
                    invoked.add(function + " " + new String(event.readAllBytes(), UTF_8));
                    if (fails) {
                      throw new IllegalStateException("told to fail");
                    }
                  }),
          () -> now);

  private static String dispatched(String time) {
    return "Dispatch {\"time\": \"2026-03-01T" + time + ":00Z\"}";
  }

  @Test
  void invokesEachFunctionInItsMinutesWithTheTimeOfTheSchedule() {
    schedule.invokeDue();
    assertThat(invoked).isEmpty();

    now = Instant.parse("2026-03-01T12:04:00.001Z");
    schedule.invokeDue();
    schedule.invokeDue();
    assertThat(invoked).containsExactly(dispatched("12:04"));

    now = Instant.parse("2026-03-01T12:05:59Z");
    schedule.invokeDue();
    assertThat(invoked).containsExactly(dispatched("12:04"), dispatched("12:05"), "Sweep {}");
  }

  @Test
  void makesUpForTheMinutesThatTheMachineSleptButNotForHours() {
    now = Instant.parse("2026-03-01T12:06:30Z");
    schedule.invokeDue();
    assertThat(invoked)
        .containsExactly(dispatched("12:04"), dispatched("12:05"), "Sweep {}", dispatched("12:06"));

    invoked.clear();
    now = Instant.parse("2026-03-01T20:00:00Z");
    schedule.invokeDue();
    assertThat(invoked)
        .filteredOn(event -> event.startsWith("Dispatch"))
        .hasSize(16)
        .startsWith(dispatched("19:45"))
        .endsWith(dispatched("20:00"));
  }

  @Test
  void goesOnAfterAFailure() {
    fails = true;
    now = Instant.parse("2026-03-01T12:05:00Z");
    schedule.invokeDue();

    assertThat(invoked).containsExactly(dispatched("12:04"), dispatched("12:05"), "Sweep {}");
  }

  @ParameterizedTest
  @CsvSource({"24h, 1440", "6h, 360", "1h, 60", "60m, 60", "30m, 30", "1m, 1", "1440m, 1440"})
  void takesWhatADayIsAMultipleOf(String text, int minutes) throws IOException {
    assertThat(ValidateEvery.read(text)).contains(new ValidateEvery(minutes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "off"})
  void takesNever(String text) throws IOException {
    assertThat(ValidateEvery.read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "24", "7h", "25h", "48h", "0h", "0m", "7m", "-1h", "1d", "24H", "99999h"})
  void refusesAllElseAndSaysWhatCanBe(String text) {
    assertThatThrownBy(() -> ValidateEvery.read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("24h")
        .hasMessageEndingWith("not " + text);
  }
}
