package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.warehouse.Column;

/** Changing the query of a model, from event to answer. */
class QueryChangeHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String SQL = "select id, name from customers";
  private static final String OTHER_SQL = "select name, age from customers";
  private static final Column ID = new Column("id", Column.Type.INT, "int8", null);
  private static final Column NAME = new Column("name", Column.Type.STRING, "text", null);
  private static final Column AGE = new Column("age", Column.Type.INT, "int4", null);

  private Bench bench;
  private String id;

  @BeforeEach
  void saveAVerifiedModel() {
    bench = new Bench(AWS);
    String previewId = bench.run(SQL, ID, NAME);
    id =
        bench.save(
            "Customers", SQL, ", \"previewId\": \"" + previewId + "\", \"primaryKey\": [\"id\"]");
  }

  private Call patch(String body) {
    return bench.patch(id, body);
  }

  private static String otherQuery(String previewId, String more) {
    return """
    {"sql": "%s", "previewId": "%s"%s}\
    """
        .formatted(OTHER_SQL, previewId, more);
  }

  private Call.Answer get() {
    return bench.get(id);
  }

  @SuppressWarnings("unchecked") // The impact is an object.
  private static Map<String, Object> impact(Call.Answer answer) {
    return (Map<String, Object>) answer.json().getOrDefault("impact", Map.of());
  }

  @Test
  void refusesWhatBreaksAndTellsWhatWouldBreak() {
    String before = get().body();

    Call.Answer answer = patch(otherQuery(bench.run(OTHER_SQL, NAME, AGE), "")).to(bench.update);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("breaking_change");
    assertThat(impact(answer))
        .containsEntry("nextSync", "full")
        .containsEntry("reason", "query_changed")
        .containsEntry(
            "brokenMappings",
            List.of(Map.of("field", "primaryKey", "column", "id", "reason", "column_removed")));
    assertThat(get().body()).isEqualTo(before);
  }

  @Test
  void breaksWhatIsAccepted() {
    String previewId = bench.run(OTHER_SQL, NAME, AGE);

    Call.Answer answer = patch(otherQuery(previewId, ", \"acceptImpact\": true")).to(bench.update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    assertThat(answer.json()).doesNotContainKey("primaryKey").containsEntry("sql", OTHER_SQL);
    assertThat(impact(answer)).containsEntry("columnsKnown", true);
    assertThat(get().json()).containsEntry("columns", answer.json().get("columns"));
  }

  @Test
  void tellsTheImpactAloneAndWritesNothing() {
    List<String> before = bench.keys();
    String previewId = bench.run(OTHER_SQL, NAME, AGE);

    Call.Answer answer =
        patch(otherQuery(previewId, "")).query("validateOnly", "true").to(bench.update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).containsOnlyKeys("impact");
    assertThat(answer.body())
        .contains(
            "\"columns\":{\"added\":[{\"name\":\"age\",\"type\":\"int\",\"nativeType\":\"int4\"}],"
                + "\"removed\":[{\"name\":\"id\",\"type\":\"int\",\"nativeType\":\"int8\"}],"
                + "\"typeChanged\":[]}");
    assertThat(get().header("ETag")).isEqualTo("\"1\"");
    assertThat(bench.keys().stream().filter(key -> key.startsWith("MODEL#")))
        .containsExactlyElementsOf(
            before.stream().filter(key -> key.startsWith("MODEL#")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "True", "yes"})
  void takesNoOtherWordForValidateOnly(String word) {
    Call.Answer answer = patch("{}").query("validateOnly", word).to(bench.update);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("invalid_parameter");
    assertThat(patch("{}").query("validateOnly", "false").to(bench.update).status()).isEqualTo(200);
  }

  @Test
  void anUnverifiedQueryKeepsItsLastColumns() {
    Call.Answer answer = patch("{\"sql\": \"" + OTHER_SQL + "\"}").to(bench.update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).doesNotContainKey("verified").containsKey("columns");
    assertThat(impact(answer))
        .containsEntry("columnsKnown", false)
        .containsEntry("brokenMappings", List.of());
  }

  @Test
  void tellsAnUnsafeQueryAndWhere() {
    Call.Answer answer = patch("{\"sql\": \"select 1; drop table t\"}").to(bench.update);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json()).containsEntry("code", "unsafe_query").containsEntry("offset", 10L);
    assertThat(patch("{\"credentialId\": \"crd_1\"}").to(bench.update).badFields())
        .containsExactly("credentialId not_found");
    assertThat(patch("{\"previewId\": \"prv_1\"}").to(bench.update).badFields())
        .containsExactly("previewId not_found");
  }
}
