package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/** Every row of the corpora that belong to the project. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
  /** Of everyday.tsv: what JSqlParser 5.4 does not know. */
  private static final int MOST_UNREAD = 11;

  private final SqlGate gate = new SqlGate();

  @AfterAll
  void close() {
    gate.close();
  }

  static List<Corpus.Tricky> tricky() {
    return Corpus.tricky();
  }

  static List<Corpus.Attack> attacks() {
    return Corpus.attacks().stream().filter(Corpus.Attack::forGate).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tricky")
  void readsTrickyTextsAsSpecified(Corpus.Tricky row) {
    switch (gate.judge(row.input(), row.dialect())) {
      case Verdict.Accepted(var query) -> assertThat(query.text()).isEqualTo(row.text());
      case Verdict.Refused(var kind, var reason, var message, var at) ->
          assertThat(row.mayBeRefused()).as("%s %s: %s", kind, reason, message).isTrue();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refusesAttacks(Corpus.Attack row) {
    assertThat(gate.judge(row.payload(), row.dialect())).isInstanceOf(Verdict.Refused.class);
  }

  static List<Corpus.Refused> refused() {
    return Corpus.refused();
  }

  static List<Corpus.Accepted> accepted() {
    return Corpus.accepted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesByTheRuleAndPointsAtThePart(Corpus.Refused row) {
    Verdict verdict = gate.judge(row.input(), row.dialect());

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> {
              int start = refused.at().offset();
              assertThat(refused.reason()).as(refused.message()).isEqualTo(row.reason());
              assertThat(row.input().substring(start, start + refused.at().length()))
                  .isEqualTo(row.part());
              assertThat(refused.message()).doesNotContain("%s").endsWith(".");
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void acceptsWhatOnlyLooksDangerous(Corpus.Accepted row) {
    assertThat(gate.judge(row.input(), row.dialect()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> assertThat(accepted.query().text()).isEqualTo(row.text()));
  }

  static List<Corpus.Text> hostile() {
    return Corpus.hostile();
  }

  static List<Corpus.Text> everyday() {
    return Corpus.everyday();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refusesHostileTextsForWhatTheyAre(Corpus.Text row) {
    assertThat(gate.judge(row.input(), row.dialect()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(row.reason()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyday")
  void acceptsWhatPeopleWriteEveryDay(Corpus.Text row) {
    assertThat(gate.judge(row.input(), row.dialect())).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void readsMostOfThatAsATree() {
    List<Corpus.Text> unread =
        everyday().stream()
            .filter(
                row ->
                    gate.judge(row.input(), row.dialect()) instanceof Verdict.Accepted(var query)
                        && !query.lineage().parsed())
            .toList();

    assertThat(unread).hasSizeLessThanOrEqualTo(MOST_UNREAD);
  }

  @Test
  void refusesTextsOverTheLimitInBytes() {
    String longest = "SELECT '" + "é".repeat((64 * 1024 - 10) / 2) + "' ";

    assertThat(gate.judge(longest, Warehouse.POSTGRES)).isInstanceOf(Verdict.Accepted.class);
    assertThat(gate.judge(longest + " ", Warehouse.POSTGRES))
        .isInstanceOfSatisfying(
            Verdict.Refused.class, refused -> assertThat(refused.reason()).isEqualTo("too_long"));
  }

  @Test
  void hasARowForEveryRule() {
    Set<String> reasons =
        Corpus.refused().stream().map(Corpus.Refused::reason).collect(Collectors.toSet());

    assertThat(Rule.values())
        .filteredOn(rule -> rule != Rule.TOO_LONG && rule != Rule.TREE_WRITES)
        .allMatch(rule -> reasons.contains(rule.code()));
  }
}
