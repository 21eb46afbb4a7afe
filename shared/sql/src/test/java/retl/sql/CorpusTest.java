package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.query.Verdict;

/** Every row of the two corpora that belong to the project. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
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
}
