package retl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class FieldsTest {
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final BigDecimal HUGE = new BigDecimal("1E+400");

  static final List<Arguments> TEXTS =
      List.of(
          Arguments.of("abc", null),
          Arguments.of("", null),
          Arguments.of("abcd", "f too_long"),
          Arguments.of("😀😀", "f too_long"),
          Arguments.of(5L, "f wrong_type"),
          Arguments.of(true, "f wrong_type"),
          Arguments.of(List.of("a"), "f wrong_type"),
          Arguments.of(Map.of(), "f wrong_type"));

  @ParameterizedTest
  @FieldSource("TEXTS")
  void readsTexts(Object value, String error) {
    assertThat(badFields(Map.of("f", value), fields -> fields.text("f", 3))).isEqualTo(list(error));
    assertThat(badFields(Map.of("f", value), fields -> fields.optionalText("f", 3)))
        .isEqualTo(list(error));
  }

  static final List<Arguments> NUMBERS =
      List.of(
          Arguments.of(1L, null),
          Arguments.of(9L, null),
          Arguments.of(0L, "f invalid"),
          Arguments.of(10L, "f invalid"),
          Arguments.of(Long.MIN_VALUE, "f invalid"),
          Arguments.of(HALF, "f wrong_type"),
          Arguments.of(HUGE, "f wrong_type"),
          Arguments.of("5", "f wrong_type"),
          Arguments.of(true, "f wrong_type"));

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void readsWholeNumbersBetweenTwoBounds(Object value, String error) {
    assertThat(badFields(Map.of("f", value), fields -> fields.integer("f", 1, 9, 5)))
        .isEqualTo(list(error));
  }

  @Test
  void readsFlags() {
    assertThat(Fields.of(Map.of("f", true)).flag("f", false)).isTrue();
    assertThat(Fields.of(Map.of("f", false)).flag("f", true)).isFalse();
    assertThat(badFields(Map.of("f", "true"), fields -> fields.flag("f", false)))
        .containsExactly("f wrong_type");
    assertThat(badFields(Map.of("f", 1L), fields -> fields.flag("f", false)))
        .containsExactly("f wrong_type");
  }

  static final List<Arguments> LISTS =
      List.of(
          Arguments.of(List.of(), ""),
          Arguments.of(List.of("a", "b"), ""),
          Arguments.of(List.of("a", "b", "c"), "f too_long"),
          Arguments.of(List.of("abcd", 5L), "f[0] too_long,f[1] wrong_type"),
          Arguments.of(Arrays.asList("a", null), "f[1] wrong_type"),
          Arguments.of("a", "f wrong_type"));

  @ParameterizedTest
  @FieldSource("LISTS")
  void namesBadEntriesOfListsByTheirPlace(Object value, String errors) {
    assertThat(badFields(Map.of("f", value), fields -> fields.optionalTexts("f", 2, 3)))
        .isEqualTo(errors.isEmpty() ? List.of() : List.of(errors.split(",")));
  }

  @Test
  void takesAnAbsentFieldAndANullAlike() {
    Map<String, Object> body = new HashMap<>();
    for (int round = 0; round < 2; round++) {
      assertThat(badFields(body, fields -> fields.text("f", 9))).containsExactly("f missing");
      assertThat(badFields(body, fields -> fields.object("f"))).containsExactly("f missing");
      assertThat(Fields.of(body).optionalText("f", 9)).isNull();
      assertThat(Fields.of(body).optionalTexts("f", 9, 9)).isNull();
      assertThat(Fields.of(body).integer("f", 1, 9, 5)).isEqualTo(5);
      assertThat(Fields.of(body).flag("f", true)).isTrue();
      assertThat(Fields.of(body).has("f")).isFalse();
      body.put("f", null);
    }
  }

  @Test
  void tellsAllBadFieldsAtOnceWithTheirPaths() {
    Map<String, Object> body =
        Map.of("a", 1L, "inner", Map.of("b", "long", "odd", 1L), "more", true);

    assertThat(
            badFields(
                body,
                fields -> {
                  fields.text("a", 9);
                  Fields inner = fields.object("inner");
                  inner.text("b", 3);
                  inner.text("c", 3);
                  inner.close();
                }))
        .containsExactlyInAnyOrder(
            "a wrong_type",
            "inner.b too_long",
            "inner.c missing",
            "inner.odd unknown",
            "more unknown");
  }

  @Test
  void saysOnlyOnceThatAnObjectIsMissing() {
    assertThat(badFields(Map.of(), fields -> fields.object("inner").text("b", 3)))
        .containsExactly("inner missing");
    assertThat(badFields(Map.of("inner", "x"), fields -> fields.object("inner").text("b", 3)))
        .containsExactly("inner wrong_type");
  }

  static Stream<Object> noObjects() {
    return Stream.of(List.of(), "text", 5L, HALF, true);
  }

  @Test
  void refusesABodyThatIsNoObject() {
    Stream.concat(noObjects(), Stream.of((Object) null))
        .forEach(
            body ->
                assertThat(problemOf(() -> Fields.of(body)))
                    .isEqualTo(
                        new Problem.InvalidRequest(
                            List.of(
                                new FieldError(
                                    "",
                                    FieldError.Code.WRONG_TYPE,
                                    "The body must be an object.")))));
  }

  @Test
  void neverRepeatsAValueInAnError() {
    Map<String, Object> body = Map.of("a", "s3cret-value", "b", "s3cret-value", "c", 1L);
    Fields fields = Fields.of(body);
    fields.text("a", 3);
    fields.integer("b", 1, 2, 1);
    fields.object("c");

    assertThat(problemOf(fields::end).toString()).doesNotContain("s3cret");
  }

  /** A body of a megabyte can hold this many; naming them all would be an answer of many more. */
  @Test
  void namesSomeOfVeryManyUnknownFields() {
    Map<String, Object> body = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      body.put("f" + i, 1L);
    }

    assertThat(badFields(body, fields -> {})).hasSize(50).allMatch(e -> e.endsWith(" unknown"));
  }

  @Test
  void shortensTheNamesOfUnknownFieldsWithoutBreakingACharacter() {
    assertThat(badFields(Map.of("x".repeat(99) + "😀😀", 1L), fields -> {}))
        .containsExactly("x".repeat(99) + "😀… unknown");
    assertThat(badFields(Map.of("x".repeat(98) + "😀😀", 1L), fields -> {}))
        .containsExactly("x".repeat(98) + "😀😀 unknown");
  }

  private static List<String> list(String error) {
    return error == null ? List.of() : List.of(error);
  }
}
