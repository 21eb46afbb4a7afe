package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/**
 * What each rule is for: with the rule switched off, the corpora or the fuzz must notice. The table
 * is written to {@code target/rules-off.tsv}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesOffTest {
  private static final long CASES = Long.getLong("fuzz.rules.cases", 500);

  /** Without the rules that refuse what depends on a fact that readers disagree about. */
  private static final EnumSet<Rule> TRUSTING =
      EnumSet.complementOf(
          EnumSet.of(Rule.AMBIGUOUS_BACKSLASH, Rule.AMBIGUOUS_COMMENT, Rule.AMBIGUOUS_DOLLAR));

  /** A text that must be refused. */
  private record Case(Warehouse dialect, String text) {}

  private final List<String> table = new ArrayList<>();
  private final List<Case> cases = cases();
  private PostgresServer server;
  private Oracle oracle;

  @BeforeAll
  void start() throws SQLException, IOException {
    server = new PostgresServer();
    oracle = new Oracle(server);
    table.add("rule\tcorpus\tof these stopped by the tree\tfuzz\tfirst breach");
  }

  @AfterAll
  void stop() throws IOException {
    oracle.close();
    server.close();
    Files.write(Path.of("target/rules-off.tsv"), table);
  }

  private static List<Case> cases() {
    String tooLong = "SELECT '" + "a".repeat(Characters.MAX_BYTES) + "'";
    return Stream.of(
            Corpus.refused().stream().map(row -> new Case(row.dialect(), row.input())),
            Corpus.attacks().stream()
                .filter(Corpus.Attack::forGate)
                .map(row -> new Case(row.dialect(), row.payload())),
            Corpus.tricky().stream()
                .filter(row -> row.text() == null)
                .map(row -> new Case(row.dialect(), row.input())),
            Corpus.hostile().stream().map(row -> new Case(row.dialect(), row.input())),
            Stream.of(new Case(Warehouse.POSTGRES, tooLong)))
        .flatMap(rows -> rows)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, mode = EnumSource.Mode.EXCLUDE, names = "TREE_WRITES")
  void isMissedWhenItIsOff(Rule rule) throws IOException {
    EnumSet<Rule> others = EnumSet.complementOf(EnumSet.of(rule));
    try (SqlGate without = new SqlGate(others, null);
        SqlGate withTree = new SqlGate(others, new Trees(Duration.ofSeconds(2)))) {
      List<Case> passed = cases.stream().filter(row -> accepts(without, row)).toList();
      long stopped = passed.stream().filter(row -> !accepts(withTree, row)).count();
      List<Oracle.Breach> breaches = new Fuzz(without, oracle).run(1, CASES, 50);

      table.add(
          String.join(
              "\t",
              rule.code(),
              String.valueOf(passed.size()),
              String.valueOf(stopped),
              breaches.size() == 50 ? "50 or more" : String.valueOf(breaches.size()),
              breaches.isEmpty() ? "" : breaches.getFirst().what()));
      assertThat(passed.size() + breaches.size()).as(rule.code()).isPositive();
    }
  }

  /** The lexical facts of PostgreSQL, each turned into its opposite. */
  @ParameterizedTest
  @EnumSource(Fact.class)
  void isMissedWhenItIsWrong(Fact fact) throws IOException {
    Dialect wrong = fact.turn(Dialect.of(Warehouse.POSTGRES));
    try (SqlGate gate = new SqlGate(Map.of(Warehouse.POSTGRES, wrong), TRUSTING, null)) {
      List<Case> passed =
          cases.stream()
              .filter(row -> row.dialect() == Warehouse.POSTGRES && accepts(gate, row))
              .toList();
      List<Oracle.Breach> breaches = new Fuzz(gate, oracle).run(1, CASES, 50);

      table.add(
          String.join(
              "\t",
              "fact: " + fact,
              String.valueOf(passed.size()),
              "0",
              String.valueOf(breaches.size()),
              breaches.isEmpty() ? "" : breaches.getFirst().what()));
      assertThat(passed.size() + breaches.size()).as(fact.name()).isPositive();
    }
  }

  private enum Fact {
    COMMENTS_NEST,
    CARRIAGE_RETURN_ENDS_LINE,
    BACKSLASH_ESCAPES,
    ESCAPE_LITERALS,
    TAGGED_DOLLAR_QUOTES,
    SLASH_SLASH_COMMENTS;

    Dialect turn(Dialect d) {
      return new Dialect(
          d.warehouse(),
          d.carriageReturnEndsLine() ^ this == CARRIAGE_RETURN_ENDS_LINE,
          d.slashSlashComments() ^ this == SLASH_SLASH_COMMENTS,
          d.commentsNest() ^ this == COMMENTS_NEST,
          d.backslashEscapes() ^ this == BACKSLASH_ESCAPES,
          d.escapeLiterals() ^ this == ESCAPE_LITERALS,
          d.taggedDollarQuotes() ^ this == TAGGED_DOLLAR_QUOTES,
          d.dollarsInsideNames(),
          d.hashOperator(),
          d.braces(),
          d.vocabulary());
    }
  }

  private static boolean accepts(SqlGate gate, Case row) {
    return gate.judge(row.text(), row.dialect()) instanceof Verdict.Accepted;
  }

  /** The control: with every rule in force, neither finds anything. */
  @Test
  void nothingPassesWithAllRules() throws IOException {
    try (SqlGate gate = SqlGate.ofTokens()) {
      assertThat(cases).noneMatch(row -> accepts(gate, row));
      assertThat(new Fuzz(gate, oracle).run(1, CASES, 50)).isEmpty();
    }
  }

  /** The tree's own rule: with it, a tree stops writes that a gate without rules lets through. */
  @Test
  void theTreeStopsWritesByItself() {
    List<String> writes =
        List.of(
            "SELECT * INTO n FROM t",
            "SELECT * FROM t FOR UPDATE",
            "SELECT * FROM (SELECT a FROM t FOR SHARE) q",
            "WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a",
            "WITH a AS (WITH b AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT 1) SELECT 1");
    try (SqlGate tree =
            new SqlGate(EnumSet.of(Rule.TREE_WRITES), new Trees(Duration.ofSeconds(2)));
        SqlGate nothing = new SqlGate(EnumSet.noneOf(Rule.class), null)) {
      for (String write : writes) {
        Case row = new Case(Warehouse.POSTGRES, write);
        assertThat(accepts(nothing, row)).as(write).isTrue();
        assertThat(accepts(tree, row)).as(write).isFalse();
      }
    }
  }
}
