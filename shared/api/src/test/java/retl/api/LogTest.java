package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import retl.core.Callers;

class LogTest {

  @Test
  void aFaultThatTheCallerIsNotToldOfIsALineWithItsRequestAndWithoutItsMessage() {
    String log =
        logged(
            () -> Log.faults().note(Callers.EDITOR, "prv_1", new IllegalStateException("s3cret")));

    assertThat(log)
        .startsWith(
            "{\"level\":\"ERROR\",\"event\":\"fault\",\"requestId\":\"req-1\",\"job\":\"prv_1\",")
        .contains("\"type\":\"java.lang.IllegalStateException\"")
        .doesNotContain("s3cret")
        .containsOnlyOnce("\n")
        .endsWith("}\n");
  }

  @Test
  void aFunctionThatHasRehearsedSaysHowOftenAndHowLong() {
    assertThat(logged(() -> Log.rehearsed(440, System.nanoTime())))
        .matches(
            "\\{\"level\":\"INFO\",\"event\":\"rehearsed\",\"calls\":440,\"durationMs\":\\d+}\n");
  }

  /** Outside of Lambda its logger writes to the standard output. */
  private static String logged(Runnable logging) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      logging.run();
    } finally {
      System.setOut(console);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}
