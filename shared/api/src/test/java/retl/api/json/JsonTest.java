package retl.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Problem;
import retl.core.Refusals;

class JsonTest {
  static final List<Arguments> VALUES =
      List.of(
          Arguments.of("{}", Map.of()),
          Arguments.of(" [ ] ", List.of()),
          Arguments.of("\"a\"", "a"),
          Arguments.of("\"\\u00e9\\n\\\"\\\\\\/\\u0000\"", "é\n\"\\/\u0000"),
          Arguments.of("\"😀\\ud83d\\ude00\"", "😀😀"),
          Arguments.of("true", true),
          Arguments.of("false", false),
          Arguments.of("0", 0L),
          Arguments.of("-0", 0L),
          Arguments.of("9223372036854775807", Long.MAX_VALUE),
          Arguments.of("-9223372036854775808", Long.MIN_VALUE),
          Arguments.of("9223372036854775808", new BigDecimal("9223372036854775808")),
          Arguments.of("1.50", new BigDecimal("1.50")),
          Arguments.of("1e2", new BigDecimal("1e2")),
          Arguments.of("1e400", new BigDecimal("1e400")),
          Arguments.of("-1E-400", new BigDecimal("-1E-400")),
          Arguments.of("1" + "0".repeat(99), new BigDecimal("1" + "0".repeat(99))),
          Arguments.of("{\"b\":[1,{\"a\":[]}]}", Map.of("b", List.of(1L, Map.of("a", List.of())))));

  @ParameterizedTest
  @FieldSource("VALUES")
  void readsValues(String text, Object value) {
    assertThat(Json.parse(text)).isEqualTo(value);
  }

  @Test
  void readsNullsWhereverTheyStand() {
    assertThat(Json.parse("null")).isNull();
    assertThat(Json.parse("[null]")).isEqualTo(Arrays.asList((Object) null));
    assertThat(Json.parse("{\"a\":null}")).hasToString("{a=null}");
  }

  @Test
  void keepsTheOrderOfFields() {
    assertThat(Json.parse("{\"z\":1,\"a\":2,\"m\":3}")).hasToString("{z=1, a=2, m=3}");
  }

  static final List<Arguments> MALFORMED =
      List.of(
          Arguments.of("nothing", ""),
          Arguments.of("blanks", " \n\t "),
          Arguments.of("a byte order mark", "\uFEFF{}"),
          Arguments.of("a trailing comma", "{\"a\":1,}"),
          Arguments.of("a trailing comma in a list", "[1,]"),
          Arguments.of("a leading comma", "[,1]"),
          Arguments.of("text behind", "{} x"),
          Arguments.of("a second document", "{}{}"),
          Arguments.of("a field twice", "{\"a\":1,\"a\":2}"),
          Arguments.of("a field twice, once escaped", "{\"a\":1,\"\\u0061\":2}"),
          Arguments.of("a field twice, inside", "{\"b\":{\"a\":1,\"a\":2}}"),
          Arguments.of("an open object", "{\"a\":1"),
          Arguments.of("an open list", "[1"),
          Arguments.of("an open text", "\"a"),
          Arguments.of("a wrong bracket", "{\"a\":[1}"),
          Arguments.of("no value", "{\"a\":}"),
          Arguments.of("no colon", "{\"a\" 1}"),
          Arguments.of("no quotes", "{a:1}"),
          Arguments.of("single quotes", "{'a':1}"),
          Arguments.of("a comment", "{/* */}"),
          Arguments.of("another comment", "{} // x"),
          Arguments.of("a raw line break in a text", "\"a\nb\""),
          Arguments.of("a raw tab in a text", "\"a\tb\""),
          Arguments.of("a raw NUL in a text", "\"a\u0000b\""),
          Arguments.of("an unknown escape", "\"\\x41\""),
          Arguments.of("a short escape", "\"\\u41\""),
          Arguments.of("NaN", "NaN"),
          Arguments.of("infinity", "-Infinity"),
          Arguments.of("a leading zero", "01"),
          Arguments.of("a leading plus", "+1"),
          Arguments.of("a leading point", ".5"),
          Arguments.of("a trailing point", "5."),
          Arguments.of("an empty exponent", "1e"),
          Arguments.of("hex", "0x10"),
          Arguments.of("capital letters", "True"),
          Arguments.of("half a surrogate pair", "\"\\ud83d\""),
          Arguments.of("the other half", "\"a\\ude00b\""),
          Arguments.of("halves the wrong way round", "\"\\ude00\\ud83d\""),
          Arguments.of("half a surrogate pair as a field", "{\"\\ud83d\":1}"),
          Arguments.of("65 levels", "[".repeat(65) + "]".repeat(65)),
          Arguments.of("100,000 levels", "[".repeat(100_000)),
          Arguments.of("a number of 101 digits", "1".repeat(101)),
          Arguments.of("a number of a megabyte", "1".repeat(1_000_000)),
          Arguments.of("an exponent of 20 digits", "1e12345678901234567890"),
          Arguments.of("a field of a megabyte", "{\"" + "a".repeat(1_000_000) + "\":1}"));

  @ParameterizedTest(name = "{0}")
  @FieldSource("MALFORMED")
  void refuses(String what, String text) {
    assertThat(Refusals.problemOf(() -> Json.parse(text)))
        .as(what)
        .isInstanceOf(Problem.MalformedJson.class);
  }

  @Test
  void takesSixtyFourLevels() {
    assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
  }

  @Test
  void saysWhereItStoppedAndNeverWhatStandsThere() {
    for (String text :
        List.of(
            "{\"password\":\"s3cret\", x",
            "{\"password\":\"s3cret",
            "{\"a\":1}s3cret",
            "{\"s3cret\":1,\"s3cret\":2}",
            "s3cret")) {
      assertThat(Refusals.problemOf(() -> Json.parse(text)).toString())
          .doesNotContain("s3cret")
          .contains("see line 1, column ");
    }
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "2026-03-01T12:00:00Z, 2026-03-01T12:00:00.000Z",
    "2026-03-01T12:00:00.1Z, 2026-03-01T12:00:00.100Z",
    "2026-03-01T12:00:00.123456789Z, 2026-03-01T12:00:00.123Z",
    "2026-12-31T23:59:59.999999999Z, 2026-12-31T23:59:59.999Z",
  })
  void writesTimesWithMilliseconds(Instant time, String written) {
    String text =
        Json.text(
            json -> {
              json.writeStartObject();
              Json.time(json, "at", time);
              Json.time(json, "not", null);
              json.writeEndObject();
            });

    assertThat(text).isEqualTo("{\"at\":\"" + written + "\"}");
  }
}
