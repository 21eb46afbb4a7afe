package retl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameTest {

  @ParameterizedTest(name = "{0} = {1}: {2}")
  @CsvSource({
    "Orders, ORDERS, case",
    "straße, STRASSE, one letter folds to two",
    "straße, STRAẞE, capital sharp s",
    "STRASSE, STRAẞE, capital sharp s and its two letters",
    "İstanbul, i̇stanbul, dotted capital i",
    "ΟΔΥΣΣΕΥΣ, οδυσσευς, final sigma",
    "ΟΔΥΣΣΕΥΣ, οδυσσευσ, sigma that is not written as final",
    "ＯＲＤＥＲＳ, orders, full width",
    "ﬁnance, FINANCE, ligature",
    "Ω, ω, ohm sign",
    "K, k, kelvin sign",
    "café, café, composed and decomposed",
    "ǅ, ǆ, title case",
    "ᎠᏓ, ꭰꮣ, Cherokee",
    "½, 1⁄2, fraction",
    "'  orders ', orders, blanks around",
    "'\u00a0orders\u3000', orders, blanks of other widths around",
    "ﷺ, صلى الله عليه وسلم, one code point that stands for eighteen",
  })
  void foldsAlike(String one, String other, String why) {
    assertThat(new Name(one).folded()).as(why).isEqualTo(new Name(other).folded());
  }

  @ParameterizedTest(name = "{0} ≠ {1}: {2}")
  @CsvSource({
    "orders, order, another word",
    "cafe, café, an accent counts",
    "kısa, kisa, dotless i is a letter of its own",
    "a b, ab, inner blanks count",
    "o, о, a Cyrillic letter that looks alike",
  })
  void foldsApart(String one, String other, String why) {
    assertThat(new Name(one).folded()).as(why).isNotEqualTo(new Name(other).folded());
  }

  /** What Unicode's case folding promises, for every code point there is. */
  @Test
  void foldsEveryCodePointLikeItsOtherCasesAndOnlyOnce() {
    assertThat(codePoints().filter(c -> !foldsOnce(Character.toString(c))).limit(10).boxed())
        .isEmpty();
    assertThat(
            codePoints()
                .filter(c -> c != 'ı' && !foldsLikeItsOtherCases(Character.toString(c)))
                .limit(10)
                .boxed())
        .isEmpty();
  }

  private static IntStream codePoints() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> Character.getType(c) != Character.SURROGATE);
  }

  private static boolean foldsOnce(String text) {
    String folded = Name.fold(text);
    return Name.fold(folded).equals(folded);
  }

  private static boolean foldsLikeItsOtherCases(String text) {
    String folded = Name.fold(text);
    return Name.fold(text.toUpperCase(Locale.ROOT)).equals(folded)
        && Name.fold(text.toLowerCase(Locale.ROOT)).equals(folded);
  }

  @ParameterizedTest(name = "{0} begins {1}")
  @CsvSource({
    "ΟΔΥΣ, ΟΔΥΣΣΕΥΣ",
    "οδυς, ΟΔΥΣΣΕΥΣ",
    "STRAS, straße",
    "ﬁ, Finance",
    "ORD, orders",
  })
  void aFoldedBeginningBeginsTheFoldedName(String beginning, String name) {
    assertThat(new Name(name).folded()).startsWith(Name.fold(beginning));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "' ', blank, name invalid",
    "'', empty, name invalid",
    "'\u00a0', blank in another width, name invalid",
    "'a\u0000b', NUL, name invalid",
    "'a\tb', tab, name invalid",
    "'a\u0085b', next line, name invalid",
    "'a\u009fb', a C1 control, name invalid",
    "'a\u007fb', delete, name invalid",
    "'a\u2028b', line separator, name invalid",
    "'a\u2029b', paragraph separator, name invalid",
    "'a\ud800', half a surrogate pair, name invalid",
    "'\udc00a', the other half, name invalid",
  })
  void refusesNames(String name, String why, String error) {
    assertThat(badFields(Map.of("name", name), fields -> Name.read(fields, "name")))
        .as(why)
        .containsExactly(error);
  }

  @Test
  void refusesLineBreaks() {
    for (String lineBreak : new String[] {"\n", "\r", "\r\n", "\u000b", "\f"}) {
      assertThat(
              badFields(Map.of("name", "a" + lineBreak + "b"), fields -> Name.read(fields, "name")))
          .containsExactly("name invalid");
    }
  }

  @Test
  void refusesANameThatIsMissingOrNoText() {
    assertThat(badFields(Map.of(), fields -> Name.read(fields, "name")))
        .containsExactly("name missing");
    assertThat(badFields(Map.of("name", 5L), fields -> Name.read(fields, "name")))
        .containsExactly("name wrong_type");
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({"255, a", "255, 😀", "255, 中", "255, ﷺ"})
  void takesUpTo255CodePointsAfterTrimming(int count, String letter) {
    String longest = letter.repeat(count);

    assertThat(Name.read(Fields.of(Map.of("name", "  " + longest + "\t")), "name").text())
        .isEqualTo(longest);
    assertThat(badFields(Map.of("name", longest + letter), f -> Name.read(f, "name")))
        .containsExactly("name too_long");
  }

  @Test
  void saysHowLongANameMayBeHoweverLongItIs() {
    Fields fields = Fields.of(Map.of("name", "a".repeat(100_000)));
    Name.read(fields, "name");

    assertThat(Refusals.problemOf(fields::end))
        .isEqualTo(
            new Problem.InvalidRequest(
                java.util.List.of(
                    new FieldError("name", FieldError.Code.TOO_LONG, "At most 255 characters."))));
  }

  @Test
  void keepsTheNameAsItWasWritten() {
    assertThat(Name.read(Fields.of(Map.of("name", " Ｓtraße ﬁ ")), "name").text())
        .isEqualTo("Ｓtraße ﬁ");
  }
}
