package retl.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.Fields;

class SourceBodiesTest {
  private static final Source BEFORE =
      new Source("src_1", "Orders", "mdl_1", false, 0, Instant.EPOCH, "a", Instant.EPOCH, "a", 1);

  private static Map<String, @Nullable Object> with(String field, @Nullable Object value) {
    Map<String, @Nullable Object> body = new HashMap<>(Map.of("name", "Orders", "modelId", "m"));
    body.put(field, value);
    return body;
  }

  @Test
  void isEnabledUnlessItSaysOtherwise() {
    assertThat(NewSource.read(Fields.of(with("name", " Orders "))).enabled()).isTrue();
    assertThat(NewSource.read(Fields.of(with("enabled", null))).enabled()).isTrue();
    assertThat(NewSource.read(Fields.of(with("enabled", false))).enabled()).isFalse();
    assertThat(NewSource.read(Fields.of(with("name", " Orders "))).name().text())
        .isEqualTo("Orders");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badBodies")
  void tellsEveryBadField(Map<String, Object> body, List<String> errors) {
    assertThat(badFields(() -> NewSource.read(Fields.of(body)))).isEqualTo(errors);
  }

  static Stream<Arguments> badBodies() {
    return Stream.of(
        Arguments.of(Map.of(), List.of("name missing", "modelId missing")),
        Arguments.of(with("name", "\u0000"), List.of("name invalid")),
        Arguments.of(with("modelId", "m".repeat(65)), List.of("modelId too_long")),
        Arguments.of(with("modelId", 5L), List.of("modelId wrong_type")),
        Arguments.of(with("enabled", "true"), List.of("enabled wrong_type")),
        Arguments.of(with("type", "model"), List.of("type unknown")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badPatches")
  void tellsEveryBadFieldOfAChange(Map<String, Object> body, List<String> errors) {
    assertThat(badFields(() -> SourcePatch.read(Fields.of(body), BEFORE))).isEqualTo(errors);
  }

  static Stream<Arguments> badPatches() {
    Map<String, @Nullable Object> nulls = new HashMap<>();
    nulls.put("name", null);
    nulls.put("modelId", null);
    nulls.put("enabled", null);
    return Stream.of(
        Arguments.of(nulls, List.of("name missing", "modelId missing", "enabled missing")),
        Arguments.of(Map.of("name", " "), List.of("name invalid")),
        Arguments.of(Map.of("enabled", 1L), List.of("enabled wrong_type")),
        Arguments.of(Map.of("connectionCount", 0L), List.of("connectionCount unknown")));
  }

  @Test
  void keepsWhatIsNotGiven() {
    assertThat(SourcePatch.read(Fields.of(Map.of()), BEFORE))
        .isEqualTo(new SourcePatch("Orders", "mdl_1", false));
  }
}
