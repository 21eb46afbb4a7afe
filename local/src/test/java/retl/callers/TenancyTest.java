package retl.callers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.callers.Deployment.Call;

/**
 * No call of one workspace is answered differently because of what is in another.
 *
 * <p>The system property {@code probes} is how many distorted probes are sent beside the plain
 * ones, {@code seed} which.
 */
class TenancyTest {
  private static final int DISTORTED = Integer.getInteger("probes", 300);
  private static final int PARTS = 2;
  private static final long SEED = Long.getLong("seed", 20_260_301);

  private static Clouds clouds;

  @BeforeAll
  static void start() throws IOException {
    clouds = new Clouds();
  }

  @AfterAll
  static void stop() {
    clouds.close();
  }

  private static Optional<String> leak(Twins twins, Stream<Call> probes) {
    return probes.flatMap(probe -> twins.difference(probe).stream()).findFirst();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noProbeTellsWhetherTheOtherWorkspaceIsThere(int part) throws IOException {
    Twins twins = new Twins(clouds, "sound-" + part);
    var before = twins.itemsOf(twins.other());
    Probes probes = twins.probes();

    assertThat(leak(twins, probes.plain(SEED, part, PARTS))).isEmpty();
    assertThat(leak(twins, probes.distorted(SEED + part, DISTORTED / PARTS))).isEmpty();

    System.out.println("Probes of tenancy: " + probes.count());
    assertThat(probes.count()).isGreaterThan(1_000);
    assertThat(twins.itemsOf(twins.other())).isEqualTo(before);
  }

  /** The control: a store that forgets the workspace for one kind of items is found out. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRED#",
        "MODEL#",
        "PREVIEW#prv",
        "PREVIEW#kch",
        "VALIDATION#",
        "NAME#MODEL#",
        "SOURCE#",
        "NAME#SOURCE#",
        "AUDIT-OF#",
        "IDEM#",
        "TOKEN#"
      })
  void aStoreThatForgetsTheWorkspaceIsFoundOut(String kind) throws IOException {
    Twins twins = new Twins(clouds, kind.replace("#", "."));
    try (LeakyDynamo leaky =
        new LeakyDynamo(clouds.dynamoEndpoint(), kind, twins.own(), twins.other())) {
      twins.reachTableAt(leaky.endpoint());

      assertThat(leak(twins, twins.probes().plain(SEED))).isPresent();
    }
  }
}
