package retl.aws.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.standins.Faults;

/**
 * The same plans on the real stores; on top of them, Secrets Manager throttles and loses answers on
 * the wire. {@code -DrealPlans=<count>} runs more of them.
 */
@Execution(ExecutionMode.CONCURRENT)
class AwsFaultsTest {
  private static final int PLANS = Integer.getInteger("realPlans", 100);

  private static final AtomicBoolean STORMY = new AtomicBoolean(true);

  private static LocalAws aws;

  @BeforeAll
  static void start() throws IOException {
    Random random = new Random(7);
    aws =
        LocalAws.start(
            operation ->
                switch (STORMY.get() ? random.nextInt(12) : -1) {
                  case 0 -> Faults.Fault.THROTTLED;
                  case 1 -> Faults.Fault.ANSWER_LOST;
                  default -> Faults.Fault.NONE;
                });
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void nothingIsLostLeftOrToldWhateverStopsWherever() {
    for (long seed = 0; seed < PLANS; seed++) {
      assertThat(run(seed)).as("seed %d", seed).isEmpty();
    }
  }

  private static List<String> run(long seed) {
    String table = "plan-" + seed;
    aws.createTable(table);
    List<String> broken =
        new Plan(
                seed,
                (failpoints, clock) ->
                    new AwsWorld(
                        aws.dynamo(), aws.secretsManager(), STORMY, table, failpoints, clock))
            .run();
    aws.dynamo().deleteTable(delete -> delete.tableName(table));
    return broken;
  }
}
