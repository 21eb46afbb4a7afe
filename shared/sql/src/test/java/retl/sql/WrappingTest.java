package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.query.AcceptedQuery;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

class WrappingTest {
  private static final String SOURCE = "-- all\r\nSELECT 'é😀' AS a,\n  bad FROM t; -- end";

  private static AcceptedQuery accepted(String sql, Warehouse dialect) {
    return switch (SqlGate.ofTokens().judge(sql, dialect)) {
      case Verdict.Accepted(var query) -> query;
      case Verdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  private final AcceptedQuery query = accepted(SOURCE, Warehouse.POSTGRES);

  @Test
  void keepsTheSourceAndRunsTheQueryInIt() {
    assertThat(query.source()).isEqualTo(SOURCE);
    assertThat(query.text()).isEqualTo("SELECT 'é😀' AS a,\n  bad FROM t");
    assertThat(query.preview(50).sql())
        .isEqualTo("SELECT * FROM (\n" + query.text() + "\n) AS q LIMIT 50");
  }

  @Test
  void describesWithoutRows() {
    assertThat(query.describe().sql())
        .isEqualTo("SELECT * FROM (\n" + query.text() + "\n) AS q LIMIT 0");
  }

  @Test
  void counts() {
    assertThat(query.count().sql())
        .isEqualTo("SELECT COUNT(*) AS row_count FROM (\n" + query.text() + "\n) AS q");
  }

  @Test
  void auditsKeysThatNeedQuotes() {
    assertThat(query.keyAudit(List.of("id", "a \"b\""), 10).sql())
        .contains("(SELECT q.\"id\" AS k0, q.\"a \"\"b\"\"\" AS k1, COUNT(*) AS n FROM (\nSELECT")
        .contains("\n) AS q GROUP BY q.\"id\", q.\"a \"\"b\"\"\") SELECT ")
        .contains(", d.k0 AS \"id\", d.k1 AS \"a \"\"b\"\"\" FROM ")
        .contains(" LIMIT 10) ");
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> query.preview(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> query.keyAudit(List.of(), 10));
  }

  /** The query begins on line 2 of the source; the emoji is one code point and two units. */
  @ParameterizedTest(name = "character {0} is {1}:{2}, offset {3}, length {4}")
  @CsvSource({
    "17, 2, 1, 8, 6",
    "24, 2, 8, 15, 5",
    "29, 2, 14, 21, 2",
    "37, 3, 3, 29, 3",
    "1, 2, 1, 8, 6",
    "-5, 2, 1, 8, 6",
    "9999, 3, 13, 39, 0",
  })
  void takesCharacterPositionsBack(int character, int line, int column, int offset, int length) {
    assertThat(query.preview(1).atCharacter(character))
        .isEqualTo(new TextRange(line, column, offset, length));
  }

  /** The prefix of the preview has 16 characters, and the query 30 code points. */
  @ParameterizedTest(name = "character {0}: {1}")
  @CsvSource({"-5, true", "16, true", "17, false", "46, false", "47, false", "48, true"})
  void knowsWhatIsAroundTheQuery(int character, boolean isAround) {
    assertThat(query.preview(1).isAround(character)).isEqualTo(isAround);
  }

  @ParameterizedTest(name = "line {0} column {1} is {2}:{3}, offset {4}, length {5}")
  @CsvSource({
    "2, 0, 2, 1, 8, 6",
    "2, 12, 2, 14, 21, 2",
    "3, 2, 3, 3, 29, 3",
    "1, 7, 2, 1, 8, 6",
    "3, 999, 3, 13, 39, 0",
    "2, 999, 2, 19, 26, 0",
    "9, 0, 3, 13, 39, 0",
    "-1, -1, 2, 1, 8, 6",
  })
  void takesLinePositionsBack(
      int line, int column, int sourceLine, int sourceColumn, int offset, int length) {
    assertThat(query.keyAudit(List.of("a"), 10).atLine(line, column))
        .isEqualTo(new TextRange(sourceLine, sourceColumn, offset, length));
  }
}
