package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoPreviews;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

/** Changing the query of a model, from event to answer. */
class QueryChangeHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String SQL = "select id, name from customers";
  private static final String OTHER_SQL = "select name, age from customers";
  private static final Column ID = new Column("id", Column.Type.INT, "int8", null);
  private static final Column NAME = new Column("name", Column.Type.STRING, "text", null);
  private static final Column AGE = new Column("age", Column.Type.INT, "int4", null);

  private static CreateModelHandler create;
  private static ReadModelsHandler read;
  private static UpdateModelHandler update;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private Caller editor;
  private String credentialId;
  private String id;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateModelHandler(wiring);
    read = new ReadModelsHandler(wiring);
    update = new UpdateModelHandler(wiring);
  }

  @BeforeEach
  void saveAVerifiedModel() {
    editor = Callers.of(AWS.workspace(), Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    DynamoCredentials store = new DynamoCredentials(AWS.table(), receipts());
    store.begin(editor, credential, null);
    store.activate(editor, credential, audit(credential.id()), null);
    credentialId = credential.id();
    String body =
        """
        {"name": "Customers", "credentialId": "%s", "sql": "%s", "previewId": "%s",
         "primaryKey": ["id"]}
        """
            .formatted(credentialId, SQL, run(SQL, ID, NAME));
    id = Call.of("POST /models").as(editor).body(body).to(create).text("id");
  }

  private Receipts receipts() {
    return new Receipts(AWS.table(), clock);
  }

  private Audit audit(String resource) {
    return Audit.of(editor, ids, clock.instant(), "thing.made", resource, List.of());
  }

  private String run(String sql, Column... columns) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Preview preview =
        new Preview(
            ids.next("prv"),
            Preview.Status.QUEUED,
            credentialId,
            1,
            sql,
            50,
            null,
            null,
            null,
            now.plusSeconds(120),
            now.plusSeconds(900));
    DynamoPreviews store = new DynamoPreviews(AWS.table(), receipts());
    store.create(editor, preview, audit(preview.id()), null);
    store.finish(
        editor.workspace(),
        preview.completed(new Preview.Result(List.of(columns), 0, false, 0, List.of()), 5),
        List.of());
    return preview.id();
  }

  private Call patch(String body) {
    return Call.of("PATCH /models/{id}").as(editor).id(id).body(body);
  }

  private static String otherQuery(String previewId, String more) {
    return """
    {"sql": "%s", "previewId": "%s"%s}\
    """
        .formatted(OTHER_SQL, previewId, more);
  }

  private Call.Answer get() {
    return Call.of("GET /models/{id}").as(editor).id(id).to(read);
  }

  @SuppressWarnings("unchecked") // The impact is an object.
  private static Map<String, Object> impact(Call.Answer answer) {
    return (Map<String, Object>) answer.json().getOrDefault("impact", Map.of());
  }

  @Test
  void refusesWhatBreaksAndTellsWhatWouldBreak() {
    String before = get().body();

    Call.Answer answer = patch(otherQuery(run(OTHER_SQL, NAME, AGE), "")).to(update);

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
    String previewId = run(OTHER_SQL, NAME, AGE);

    Call.Answer answer = patch(otherQuery(previewId, ", \"acceptImpact\": true")).to(update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    assertThat(answer.json()).doesNotContainKey("primaryKey").containsEntry("sql", OTHER_SQL);
    assertThat(impact(answer)).containsEntry("columnsKnown", true);
    assertThat(get().json()).containsEntry("columns", answer.json().get("columns"));
  }

  @Test
  void tellsTheImpactAloneAndWritesNothing() {
    List<String> before = AWS.keys(editor.workspace());
    String previewId = run(OTHER_SQL, NAME, AGE);

    Call.Answer answer = patch(otherQuery(previewId, "")).query("validateOnly", "true").to(update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).containsOnlyKeys("impact");
    assertThat(answer.body())
        .contains(
            "\"columns\":{\"added\":[{\"name\":\"age\",\"type\":\"int\",\"nativeType\":\"int4\"}],"
                + "\"removed\":[{\"name\":\"id\",\"type\":\"int\",\"nativeType\":\"int8\"}],"
                + "\"typeChanged\":[]}");
    assertThat(get().header("ETag")).isEqualTo("\"1\"");
    assertThat(AWS.keys(editor.workspace()).stream().filter(key -> key.startsWith("MODEL#")))
        .containsExactlyElementsOf(
            before.stream().filter(key -> key.startsWith("MODEL#")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "True", "yes"})
  void takesNoOtherWordForValidateOnly(String word) {
    Call.Answer answer = patch("{}").query("validateOnly", word).to(update);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("invalid_parameter");
    assertThat(patch("{}").query("validateOnly", "false").to(update).status()).isEqualTo(200);
  }

  @Test
  void anUnverifiedQueryKeepsItsLastColumns() {
    Call.Answer answer = patch("{\"sql\": \"" + OTHER_SQL + "\"}").to(update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).doesNotContainKey("verified").containsKey("columns");
    assertThat(impact(answer))
        .containsEntry("columnsKnown", false)
        .containsEntry("brokenMappings", List.of());
  }

  @Test
  void tellsAnUnsafeQueryAndWhere() {
    Call.Answer answer = patch("{\"sql\": \"select 1; drop table t\"}").to(update);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json()).containsEntry("code", "unsafe_query").containsEntry("offset", 10L);
    assertThat(patch("{\"credentialId\": \"crd_1\"}").to(update).badFields())
        .containsExactly("credentialId not_found");
    assertThat(patch("{\"previewId\": \"prv_1\"}").to(update).badFields())
        .containsExactly("previewId not_found");
  }
}
