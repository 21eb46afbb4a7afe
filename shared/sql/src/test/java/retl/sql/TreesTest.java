package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.sf.jsqlparser.parser.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.query.Lineage;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

class TreesTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private static Lineage lineage(Trees trees, String sql) {
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      return lineage(gate, sql);
    }
  }

  private static Lineage lineage(SqlGate gate, String sql) {
    return switch (gate.judge(sql, Warehouse.POSTGRES)) {
      case Verdict.Accepted(var query) -> query.lineage();
      case Verdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  @Test
  void acceptsWithoutALineageWhenTheParserDoesNotAnswer() {
    Trees silent = new Trees(Duration.ofMillis(1), work -> new Thread(() -> {}));

    assertThat(lineage(new Trees(AMPLE), "SELECT a FROM t").parsed()).isTrue();
    assertThat(lineage(silent, "SELECT a FROM t")).isEqualTo(Lineage.UNKNOWN);
  }

  @Test
  void parsesWhatIsNestedAsDeepAsTheGateAllows() {
    int depth = Structure.MAX_DEPTH;

    assertThat(lineage(new Trees(AMPLE), "SELECT " + "(".repeat(depth) + "a" + ")".repeat(depth)))
        .extracting(Lineage::parsed)
        .isEqualTo(true);
  }

  /** What overflows the parser's stack must not overflow anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"NOT ", "CASE WHEN a THEN ", "- ", "a BETWEEN 1 AND "})
  void survivesRecursionThatNoBracketLimits(String nest) {
    String sql = "SELECT " + nest.repeat(60_000 / nest.length()) + "a";

    assertThat(lineage(new Trees(AMPLE), sql).tables()).isEmpty();
  }

  @Test
  void makesNoThreadUntilAQueryNeedsOneAndNeverMoreThanItsFew() {
    Trees trees = new Trees(AMPLE);
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      assertThat(gate.judge("DROP TABLE t", Warehouse.POSTGRES))
          .isInstanceOf(Verdict.Refused.class);
      assertThat(trees.alive()).isZero();

      List<Lineage> lineages =
          IntStream.range(0, 200)
              .parallel()
              .mapToObj(i -> lineage(gate, "SELECT a FROM t" + i))
              .toList();

      assertThat(lineages).allMatch(Lineage::parsed);
      assertThat(trees.alive())
          .isBetween(1, Math.max(2, Runtime.getRuntime().availableProcessors()));
    }
  }

  @Test
  void keepsNoJvmAlive() {
    Trees trees = new Trees(AMPLE);
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      lineage(gate, "SELECT 1");

      assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
    }
  }

  /** Takes the parser more than a minute. */
  private static final String ENDLESS = "SELECT " + "a:b:".repeat(16_000) + "a";

  /** The control stands in the middle: left alone, the same parse goes on. */
  @Test
  void endsAParseThatIsStopped() throws Refusal, InterruptedException {
    Dialect postgres = Dialect.of(Warehouse.POSTGRES);
    Parse parse =
        new Parse(
            new Lexer(ENDLESS.toCharArray(), postgres, EnumSet.allOf(Rule.class)).tokens(),
            postgres);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        Trees.thread(
            () -> {
              try {
                parse.read();
              } catch (ParseException | Refusal | RuntimeException e) {
                end.set(e);
              }
            });
    thread.start();

    assertThat(thread.join(Duration.ofMillis(300))).isFalse();
    parse.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(end.get()).isInstanceOf(RuntimeException.class);
  }

  @Test
  void leavesNoThreadAtWorkForAnybodyWhoGaveUp() throws InterruptedException {
    List<Thread> made = new CopyOnWriteArrayList<>();
    Trees trees =
        new Trees(
            Duration.ofMillis(50),
            work -> {
              made.add(Trees.thread(work));
              return made.getLast();
            });

    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      for (int i = 0; i < 10; i++) {
        assertThat(lineage(gate, ENDLESS)).isEqualTo(Lineage.UNKNOWN);
      }
    }

    // The gate is closed: they end when their work does.
    assertThat(made).isNotEmpty();
    for (Thread thread : made) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static List<Thread> threads() {
    return Stream.of(Thread.getAllStackTraces().keySet().toArray(Thread[]::new))
        .filter(thread -> thread.getName().equals("sql-tree"))
        .toList();
  }
}
