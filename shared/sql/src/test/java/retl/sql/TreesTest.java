package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
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
  void makesOneThreadForAllQueriesAndNoneBeforeTheFirst() {
    Trees trees = new Trees(AMPLE);
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      assertThat(gate.judge("DROP TABLE t", Warehouse.POSTGRES))
          .isInstanceOf(Verdict.Refused.class);
      assertThat(trees.watches()).isFalse();

      List<Lineage> lineages =
          IntStream.range(0, 200)
              .parallel()
              .mapToObj(i -> lineage(gate, "SELECT a FROM t" + i))
              .toList();

      assertThat(lineages).allMatch(Lineage::parsed);
      assertThat(trees.watches()).isTrue();
    }
  }

  @Test
  void keepsNoJvmAlive() {
    Trees trees = new Trees(AMPLE);
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      lineage(gate, "SELECT 1");

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().equals("sql-tree-watch"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  /** Takes the parser more than a minute. */
  private static final String ENDLESS = "SELECT " + "a:b:".repeat(16_000) + "a";

  /** The control stands in the middle: left alone, the same parse goes on. */
  @Test
  void endsAParseThatIsStopped() throws Refusal, InterruptedException {
    Parse parse = parse(ENDLESS, new StoppableTokens());
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    parse.read();
                  } catch (ParseException | Refusal | RuntimeException | StackOverflowError e) {
                    end.set(e);
                  }
                });

    assertThat(thread.join(Duration.ofMillis(300))).isFalse();
    parse.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(end.get()).isInstanceOf(RuntimeException.class);
  }

  @Test
  void stopsEveryParseThatTakesTooLongAndReadsTheNextQueries() {
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), new Trees(Duration.ofMillis(200)))) {
      for (int i = 0; i < 5; i++) {
        assertThat(lineage(gate, ENDLESS)).isEqualTo(Lineage.UNKNOWN);
      }

      // A machine can be busy with other things for longer than the limit, but not for ever.
      assertThat(
              IntStream.range(0, 1_000)
                  .anyMatch(i -> lineage(gate, "SELECT a FROM t" + i).parsed()))
          .isTrue();
    }
  }

  /** A lexer is used for one query after the other: also for one that comes after a failure. */
  @Test
  void readsQueriesOneAfterTheOtherAsIfEachWereTheFirst() {
    List<String> texts =
        List.of(
            "SELECT a FROM t",
            "SELECT ".repeat(3) + "FROM WHERE",
            "SELECT '" + "x".repeat(20_000) + "' AS long FROM t",
            "SELECT a FROM t WHERE (a = 1 AND (b = 2 OR (c = 3))) IS NOT TRUE",
            "WITH x AS (SELECT a, b FROM t) SELECT x.b FROM x");
    Trees trees = new Trees(AMPLE);
    try (SqlGate gate = new SqlGate(EnumSet.allOf(Rule.class), trees)) {
      for (String before : texts) {
        for (String text : texts) {
          lineage(gate, before);

          assertThat(lineage(gate, text)).isEqualTo(lineage(new Trees(AMPLE), text));
        }
      }
    }
  }

  // Nobody stops the parser here: it has read the tree when the time is found to be over.
  @Test
  void readsNoLineageWhenTheTimeIsOver() throws Refusal, ParseException {
    String sql = "SELECT a FROM t";

    assertThat(parse(sql, new StoppableTokens(), AMPLE).read().parsed()).isTrue();
    Parse late = parse(sql, new StoppableTokens(), Duration.ofNanos(-1));
    assertThatThrownBy(late::read).isInstanceOf(CancellationException.class);
  }

  /**
   * The parser reads these at once. To find each name in thousands of relations with a thousand
   * columns took minutes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"z", "*", "p.*", "(SELECT z)", "p.z + z"})
  void holdsNobodyForALineageThatTakesTooLong(String item) {
    StringBuilder sql = new StringBuilder("WITH c0 AS (SELECT x, x y FROM t)");
    for (int i = 1; i < 10; i++) {
      sql.append(", c%d AS (SELECT b.*, b.* FROM c%d b)".formatted(i, i - 1));
    }
    int times = 5_000;
    sql.append(" SELECT ")
        .append(String.join(",", Collections.nCopies(times / item.length(), item)));
    sql.append(" FROM ").append(String.join(",", Collections.nCopies(times, "c9 p")));

    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> lineage(new Trees(Duration.ofSeconds(1)), sql.toString()));
  }

  @Test
  void leavesAnInterruptToWhomItIsMeantFor() {
    Trees trees = new Trees(AMPLE);

    Thread.currentThread().interrupt();
    Lineage lineage = lineage(trees, "SELECT a FROM t");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(lineage.parsed()).isTrue();
  }

  @Test
  void stopsNobodyWhoGotItsTokensAfterwards() throws Refusal, ParseException {
    StoppableTokens source = new StoppableTokens();
    Parse first = parse("SELECT a FROM t", source);
    Parse second = parse("SELECT b FROM u", source);

    first.read();
    first.end();
    first.stop();

    assertThat(second.read().parsed()).isTrue();
    second.stop();
    assertThatThrownBy(second::read).isInstanceOf(CancellationException.class);
  }

  private static Parse parse(String sql, StoppableTokens source) throws Refusal {
    return parse(sql, source, AMPLE);
  }

  private static Parse parse(String sql, StoppableTokens source, Duration left) throws Refusal {
    Dialect postgres = Dialect.of(Warehouse.POSTGRES);
    Lexer lexer = new Lexer(sql.toCharArray(), postgres, EnumSet.allOf(Rule.class));
    return new Parse(lexer.tokens(), postgres, source, System.nanoTime() + left.toNanos());
  }
}
