package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * No accepted text is for the real PostgreSQL two statements, a write, or out of its wrapper.
 *
 * <p>{@code -Dfuzz.cases=10000000 -Dfuzz.seed=7} runs more cases, or others; with {@code
 * -Dfuzz.minutes=40} it ends after that time with the cases it did.
 */
class FuzzTest {

  @Test
  void acceptsNothingThatTheServerSeesAsAnythingElse() throws IOException, SQLException {
    long cases = Long.getLong("fuzz.cases", 100_000);
    long seed = Long.getLong("fuzz.seed", 1);
    Instant end = Instant.now().plus(Duration.ofMinutes(Long.getLong("fuzz.minutes", 1_440)));
    try (PostgresServer server = new PostgresServer();
        Oracle oracle = new Oracle(server);
        SqlGate gate = SqlGate.ofTokens()) {
      Fuzz fuzz = new Fuzz(gate, oracle);

      List<Oracle.Breach> breaches = fuzz.run(seed, cases, 100, () -> Instant.now().isAfter(end));

      Files.writeString(
          Path.of("target/fuzz.txt"),
          "seed %d: %,d cases, %,d accepted, %,d of them run by the server, %d breaches%n"
              .formatted(seed, fuzz.judged(), fuzz.accepted(), oracle.executed(), breaches.size()));
      assertThat(breaches).isEmpty();
      assertThat(fuzz.accepted()).isGreaterThan(fuzz.judged() / 10);
      assertThat(oracle.executed()).isGreaterThan(fuzz.judged() / 50);
    }
  }
}
