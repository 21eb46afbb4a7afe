package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import retl.core.Callers;

class LogTest {

  /** Outside of Lambda its logger writes to the standard output. */
  @Test
  void aFaultThatTheCallerIsNotToldOfIsALineWithItsRequestAndWithoutItsMessage() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      Log.faults().note(Callers.EDITOR, "prv_1", new IllegalStateException("s3cret"));
    } finally {
      System.setOut(console);
    }

    assertThat(log.toString(StandardCharsets.UTF_8))
        .startsWith(
            "{\"level\":\"ERROR\",\"event\":\"fault\",\"requestId\":\"req-1\",\"job\":\"prv_1\",")
        .contains("\"type\":\"java.lang.IllegalStateException\"")
        .doesNotContain("s3cret")
        .containsOnlyOnce("\n")
        .endsWith("}\n");
  }
}
