package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Fields;
import retl.core.Name;

class NewModelTest {
  private static final Map<String, Object> GOOD =
      Map.of("name", "Orders", "credentialId", "crd_1", "sql", "select 1", "previewId", "prv_1");

  private static Map<String, Object> with(Map<String, Object> changes) {
    Map<String, Object> body = new HashMap<>(GOOD);
    body.putAll(changes);
    return body;
  }

  private static List<String> bad(Map<String, Object> body) {
    return badFields(() -> NewModel.read(Fields.of(body)));
  }

  @Test
  void readsAWholeBody() {
    Map<String, Object> body =
        with(Map.of("description", "All of them", "primaryKey", List.of("id", "Id")));

    assertThat(NewModel.read(Fields.of(body)))
        .isEqualTo(
            new NewModel(
                new Name("Orders"),
                "crd_1",
                "select 1",
                "All of them",
                List.of("id", "Id"),
                "prv_1"));
  }

  @Test
  void keepsTheQueryByteForByte() {
    String sql = " \r\n\tselect 'é' -- x \u0000 \n;;\n ";

    assertThat(NewModel.read(Fields.of(with(Map.of("sql", sql)))).sql()).isEqualTo(sql);
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of(Map.of("name", ""), "name invalid"),
          Arguments.of(Map.of("credentialId", 1L), "credentialId wrong_type"),
          Arguments.of(Map.of("credentialId", "c".repeat(65)), "credentialId too_long"),
          Arguments.of(Map.of("sql", List.of()), "sql wrong_type"),
          Arguments.of(Map.of("previewId", "p".repeat(65)), "previewId too_long"),
          Arguments.of(Map.of("description", 1L), "description wrong_type"),
          Arguments.of(Map.of("description", "😀".repeat(4097)), "description too_long"),
          Arguments.of(Map.of("primaryKey", "id"), "primaryKey wrong_type"),
          Arguments.of(Map.of("primaryKey", List.of()), "primaryKey invalid"),
          Arguments.of(Map.of("primaryKey", List.of("id", "id")), "primaryKey invalid"),
          Arguments.of(Map.of("primaryKey", List.of(1L)), "primaryKey[0] wrong_type"),
          Arguments.of(Map.of("primaryKey", texts(65)), "primaryKey too_long"),
          Arguments.of(Map.of("verified", true), "verified unknown"));

  @ParameterizedTest(name = "{1}")
  @FieldSource("BAD")
  void refuses(Map<String, Object> changes, String error) {
    assertThat(bad(with(changes))).containsExactly(error);
  }

  @Test
  void takesTheLongestThatAreAllowed() {
    assertThat(bad(with(Map.of("description", "😀".repeat(4096), "primaryKey", texts(64)))))
        .isEmpty();
  }

  @Test
  void needsNameCredentialAndQuery() {
    assertThat(bad(Map.of()))
        .containsExactly("name missing", "credentialId missing", "sql missing");
  }

  @Test
  void takesAKeyOnlyWithAPreview() {
    Map<String, Object> body = with(Map.of("primaryKey", List.of("id")));
    body.remove("previewId");

    assertThat(bad(body)).containsExactly("primaryKey not_verified");
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
  }
}
