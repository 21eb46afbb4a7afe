package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.warehouse.Leftovers;

/** What runs leave behind in the JVM, on the disk and at the server. */
@Isolated("It counts what is in the JVM, and a query is told to end within seconds.")
class SnowflakeLeftoversTest {
  private static final String QUERY = "select n from numbers";

  @Test
  void leavesNoThreadsAndNoFilesOfItsOwn() throws Exception {
    // Other programs on this machine may use the driver too.
    List<String> others = ofDriver("java.io.tmpdir");
    try (SnowflakeStub stub = SnowflakeStub.withTls()) {
      stub.rows("LIMIT 11", List.of(column("n", "text")), List.of(List.of("x")));
      Account account = new Account(stub);
      run(account);
      long threads = evictors();

      Leftovers.areFew(
          "snowflake",
          () -> {
            stub.forgetCalls();
            return run(account);
          });

      // The driver keeps one for each proxy that it was told of, and is told of one here.
      assertThat(evictors()).isEqualTo(threads);
      assertThat(ofDriver("java.io.tmpdir")).isSubsetOf(others);
      assertThat(ofDriver("user.home")).isEmpty();
      assertThat(ofDriver("user.dir")).isEmpty();
    }
  }

  @Test
  void leavesNoQueryToTheServerThatIsTooLate() {
    CountDownLatch never = new CountDownLatch(1);
    try (SnowflakeStub stub = SnowflakeStub.withTls()) {
      stub.rows("LIMIT 11", List.of(column("n", "text")), List.of(List.of("x")));
      stub.texts("CANCEL_ALL_QUERIES", List.of("done"), List.of(List.of("1 cancelled.")));
      Account account = new Account(stub);
      run(account);
      stub.on("LIMIT 11", call -> stalled(never));

      Outcome outcome = account.preview(Account.accepted(QUERY), 10, Duration.ofSeconds(7));

      assertThat(Account.failure(outcome).code()).isEqualTo("timed_out");
      assertThat(stub.statements()).contains("SELECT SYSTEM$CANCEL_ALL_QUERIES('4711')");
      assertThat(stub.calls().getLast().path()).as("the session is closed").isEqualTo("/session");
    } finally {
      never.countDown();
    }
  }

  private static SnowflakeStub.Answer stalled(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new SnowflakeStub.Answer(200, "");
  }

  private static Outcome run(Account account) {
    Outcome.Rows outcome = Account.rows(account.preview(QUERY, 10));
    assertThat(outcome.rows()).hasSize(1);
    assertThat(account.check(Account.SETTINGS, Account.PASSWORD).getFirst().status())
        .isEqualTo(Check.Status.PASSED);
    return outcome;
  }

  private static long evictors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("Connection evictor"))
        .count();
  }

  /** Logs, a native library, and answers that made no sense. */
  private static List<String> ofDriver(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty(folder)))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("snowflake_jdbc.*|snowflake-minicore.*|output\\.json"))
          .toList();
    }
  }
}
