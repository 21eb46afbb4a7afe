package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  @ParameterizedTest
  @CsvSource({"0, 4, 0000", "7, 4, 0007", "1439, 4, 1439", "12345, 4, 12345", "20, 8, 00000020"})
  void writesANumberSoThatTheOrderOfKeysIsTheOrderOfNumbers(
      int number, int digits, String written) {
    assertThat(Table.ordered(number, digits)).isEqualTo(written);
  }
}
