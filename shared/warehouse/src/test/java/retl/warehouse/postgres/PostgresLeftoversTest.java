package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Leftovers;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** What runs leave behind in the JVM, those too that did not end by themselves. */
@Isolated("It counts what is in the JVM.")
@ExtendWith(TestServer.Shared.class)
class PostgresLeftoversTest {
  private final TestServer server;
  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);

  PostgresLeftoversTest(TestServer server) {
    this.server = server;
  }

  @Test
  void leavesNoThreadsSocketsAndMemory() throws Exception {
    AtomicInteger runs = new AtomicInteger();

    Leftovers.areFew("postgres", () -> run(runs.getAndIncrement()));

    assertThat(server.isGone("pg_sleep(46")).isTrue();
  }

  // A preview, a login that is refused, and now and then one that nobody wants any more.
  private Outcome run(int number) {
    Outcome.Rows outcome = TestServer.rows(preview("SELECT 1", false));
    assertThat(outcome.rows()).hasSize(1);
    warehouses.check(
        TestServer.login(server.reader(), TestServer.secret("wrong")),
        null,
        TestServer.soon(),
        check -> assertThat(check.status()).isEqualTo(Check.Status.FAILED));
    if (number % 10 == 0) {
      assertThat(preview("SELECT pg_sleep(46)", true)).isEqualTo(new Outcome.Canceled());
    }
    return outcome;
  }

  private Outcome preview(String sql, boolean isCanceled) {
    return warehouses.run(
        TestServer.login(server.reader(), TestServer.secret()),
        new Query(sql, Warehouse.POSTGRES),
        new Preview.Wanted.Rows(10),
        TestServer.soon(),
        () -> isCanceled);
  }
}
