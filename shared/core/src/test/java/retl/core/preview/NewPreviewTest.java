package retl.core.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Fields;

class NewPreviewTest {

  @Test
  void readsAQueryOrAModel() {
    assertThat(NewPreview.read(Fields.of(Map.of("credentialId", "crd_1", "sql", " select 1;"))))
        .isEqualTo(new NewPreview.OfQuery("crd_1", " select 1;", 50));
    assertThat(NewPreview.read(Fields.of(Map.of("modelId", "mdl_1", "limit", 1000L))))
        .isEqualTo(new NewPreview.OfModel("mdl_1", 1000));
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of(Map.of(), "credentialId missing,sql missing"),
          Arguments.of(Map.of("credentialId", "crd_1"), "sql missing"),
          Arguments.of(Map.of("modelId", 5L), "modelId wrong_type"),
          Arguments.of(Map.of("modelId", "m", "sql", "select 1"), "sql unknown"),
          Arguments.of(Map.of("modelId", "m", "limit", 0L), "limit invalid"),
          Arguments.of(Map.of("modelId", "m", "limit", 1001L), "limit invalid"),
          Arguments.of(Map.of("modelId", "m", "limit", "5"), "limit wrong_type"),
          Arguments.of(Map.of("modelId", "m".repeat(65)), "modelId too_long"),
          Arguments.of(Map.of("modelId", "m", "timeout", 5L), "timeout unknown"));

  @ParameterizedTest(name = "{1}")
  @FieldSource("BAD")
  void refuses(Map<String, Object> body, String errors) {
    assertThat(badFields(() -> NewPreview.read(Fields.of(body))))
        .containsExactly(errors.split(","));
  }
}
