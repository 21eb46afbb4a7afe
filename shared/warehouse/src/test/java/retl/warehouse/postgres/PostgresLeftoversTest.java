package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import retl.core.credential.NetworkRules;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;

/** What runs leave behind in the JVM that did not end by themselves. */
@Isolated("It counts what is in the JVM.")
@ExtendWith(TestServer.Shared.class)
class PostgresLeftoversTest {
  private static final int RUNS = 4;

  private final TestServer server;

  PostgresLeftoversTest(TestServer server) {
    this.server = server;
  }

  @Test
  void leavesNoThreads() throws Exception {
    run();
    int threads = Thread.getAllStackTraces().size();

    for (int i = 0; i < RUNS; i++) {
      run();
    }

    // Fewer than one for each run, so that it is none.
    assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + RUNS);
    assertThat(server.isGone("pg_sleep(46")).isTrue();
  }

  private void run() {
    Outcome outcome =
        TestServer.warehouses(NetworkRules.LOCAL)
            .preview(
                TestServer.login(server.reader(), TestServer.secret()),
                new Query("SELECT pg_sleep(46)", Warehouse.POSTGRES),
                10,
                Instant.now().plusSeconds(30),
                () -> true);
    assertThat(outcome).isEqualTo(new Outcome.Canceled());
  }
}
