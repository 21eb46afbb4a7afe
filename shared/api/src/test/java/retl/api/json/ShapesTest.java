package retl.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.credential.Credential;
import retl.core.credential.Samples;
import retl.core.model.Model;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.source.Source;
import retl.core.validation.Check;
import retl.core.validation.Validation;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/** How each resource looks on the wire, to the letter. */
class ShapesTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.12Z");
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", Column.Type.INT, "int8", false),
          new Column("é\"", Column.Type.DATETIME, "timestamptz", null));
  private static final String COLUMNS_JSON =
      """
      "columns":[{"name":"id","type":"int","nativeType":"int8","nullable":false},
      {"name":"é\\"","type":"datetime","nativeType":"timestamptz"}]\
      """;

  /** The JSON of a text block: its line breaks are for the eye. */
  private static String json(String block) {
    return block.replace("\n", "");
  }

  @Test
  void credentials() {
    Credential fresh = Samples.credential("crd_1", "Shop");

    assertThat(Json.text(json -> CredentialJson.write(json, fresh)))
        .isEqualTo(
            json(
                """
                {"id":"crd_1","name":"Shop","warehouse":"postgres",
                "settings":{"host":"db.example.com","port":5432,"database":"shop",
                "user":"report","sslMode":"verify-full","stateSchema":"_rudderstack"},
                "secretFields":["password"],"status":"unvalidated",
                "createdAt":"2026-03-01T12:00:00.123Z","createdBy":"tok_admin",
                "updatedAt":"2026-03-01T12:00:00.123Z","updatedBy":"tok_admin","version":1}\
                """));
  }

  @Test
  void credentialsWithTheirLastValidation() {
    Credential failing =
        new Credential(
            "crd_1",
            "Snow",
            Samples.SNOWFLAKE,
            List.of("privateKey"),
            1,
            1,
            Credential.Status.FAILING,
            new Credential.LastValidation("val_1", "failed", "login_refused", AT),
            AT,
            "tok_1",
            AT,
            "tok_2",
            2);

    assertThat(Json.text(json -> CredentialJson.write(json, failing)))
        .isEqualTo(
            json(
                """
                {"id":"crd_1","name":"Snow","warehouse":"snowflake",
                "settings":{"account":"myorg-account1","user":"report","warehouse":"WH",
                "database":"SHOP","schema":"PUBLIC","authentication":"keyPair",
                "stateSchema":"_RUDDERSTACK"},
                "secretFields":["privateKey"],"status":"failing",
                "lastValidation":{"id":"val_1","status":"failed","code":"login_refused",
                "finishedAt":"2026-03-01T12:00:00.120Z"},
                "createdAt":"2026-03-01T12:00:00.120Z","createdBy":"tok_1",
                "updatedAt":"2026-03-01T12:00:00.120Z","updatedBy":"tok_2","version":2}\
                """));
  }

  @Test
  void validations() {
    Check passed = new Check(Check.Name.CONNECTION, Check.Status.PASSED, null, null, null, 12L);
    Check failed =
        new Check(
            Check.Name.LIST_SCHEMAS,
            Check.Status.FAILED,
            "permission_denied",
            "The user may not.",
            new Check.Remedy("Run:", List.of("GRANT USAGE ON SCHEMA \"a\"")),
            3L);
    Check skipped =
        new Check(Check.Name.STATE_SCHEMA, Check.Status.SKIPPED, null, null, null, null);
    Validation validation =
        new Validation(
            "val_1",
            "crd_1",
            Validation.Status.FAILED,
            List.of(passed, failed, skipped),
            Validation.Trigger.API,
            AT,
            AT.plusMillis(15),
            AT,
            AT);

    assertThat(Json.text(json -> ValidationJson.write(json, validation)))
        .isEqualTo(
            json(
                """
                {"id":"val_1","credentialId":"crd_1","status":"failed","checks":[
                {"name":"connection","title":"Verifying Connection","status":"passed",
                "durationMs":12},
                {"name":"listSchemas","title":"Able to List Schema","status":"failed",
                "code":"permission_denied","message":"The user may not.",
                "remedy":{"text":"Run:","sql":["GRANT USAGE ON SCHEMA \\"a\\""]},"durationMs":3},
                {"name":"stateSchema","title":"Able to Access RudderStack Schema",
                "status":"skipped"}],"trigger":"api",
                "startedAt":"2026-03-01T12:00:00.120Z","finishedAt":"2026-03-01T12:00:00.135Z"}\
                """));
  }

  private static Preview preview(
      Preview.Status status, Preview.@Nullable Result result, Preview.@Nullable Failure failure) {
    return new Preview(
        "prv_1",
        status,
        "crd_1",
        1,
        "select secret",
        new Preview.Wanted.Rows(50),
        result,
        failure,
        status.isOver() ? 7L : null,
        AT,
        AT);
  }

  private static String write(Preview preview, List<String> rows) {
    var page = new PreviewJson.RowPage(2, 10, rows);
    return Json.text(json -> PreviewJson.write(json, preview, page));
  }

  @Test
  void previewsThatAreNotOver() {
    assertThat(write(preview(Preview.Status.QUEUED, null, null), List.of()))
        .isEqualTo(
            json(
                """
                {"id":"prv_1","status":"queued","limited":false,
                "expiresAt":"2026-03-01T12:00:00.120Z"}\
                """));
  }

  @Test
  void previewsWithTheirRowsUntouched() {
    var result =
        new Preview.Result(COLUMNS, 12, true, 1, List.of("Cut."), EnumSet.allOf(Guard.class), null);

    assertThat(
            write(
                preview(Preview.Status.COMPLETED, result, null),
                List.of("[1.50,\"\\u00e9\"]", "[{\"a\": 1e400},null]")))
        .isEqualTo(
            json(
                "{\"id\":\"prv_1\",\"status\":\"completed\","
                    + COLUMNS_JSON
                    + """
                    ,"rows":[[1.50,"\\u00e9"],[{"a": 1e400},null]],"page":2,"pageSize":10,
                    "rowCount":12,"limited":true,"truncatedCells":1,"notices":["Cut."],
                    "guards":["statementGate","singleStatement","readOnlyTransaction","serverTimeout"],
                    "durationMs":7,"expiresAt":"2026-03-01T12:00:00.120Z"}\
                    """));
  }

  @Test
  void previewsThatFailed() {
    var failure = new Preview.Failure("query_failed", "No.", new Preview.Place(2, 3, 17));

    assertThat(write(preview(Preview.Status.FAILED, null, failure), List.of()))
        .isEqualTo(
            json(
                """
                {"id":"prv_1","status":"failed","limited":false,
                "error":{"code":"query_failed","message":"No.","line":2,"column":3,"offset":17},
                "durationMs":7,"expiresAt":"2026-03-01T12:00:00.120Z"}\
                """));
  }

  private static final Model MODEL =
      new Model(
          "mdl_1",
          "Orders",
          "All",
          "crd_1",
          Warehouse.POSTGRES,
          " select 1;\r\n",
          List.of("id"),
          COLUMNS,
          new Model.Verified("prv_1", AT, 1),
          1,
          0,
          AT,
          "tok_1",
          AT,
          "tok_1",
          1);

  @Test
  void models() {
    assertThat(Json.text(json -> ModelJson.write(json, MODEL)))
        .isEqualTo(
            json(
                """
                {"id":"mdl_1","name":"Orders","description":"All","credentialId":"crd_1",
                "warehouse":"postgres","sql":" select 1;\\r\\n","primaryKey":["id"],\
                """
                    + COLUMNS_JSON
                    + """
                    ,"verified":{"previewId":"prv_1","at":"2026-03-01T12:00:00.120Z"},
                    "revision":1,"sourceCount":0,
                    "createdAt":"2026-03-01T12:00:00.120Z","createdBy":"tok_1",
                    "updatedAt":"2026-03-01T12:00:00.120Z","updatedBy":"tok_1","version":1}\
                    """));
  }

  @Test
  void modelsInLists() {
    assertThat(Json.text(json -> ModelJson.write(json, MODEL.summary())))
        .isEqualTo(
            json(
                """
                {"id":"mdl_1","name":"Orders","description":"All","credentialId":"crd_1",
                "warehouse":"postgres","primaryKey":["id"],
                "verified":{"previewId":"prv_1","at":"2026-03-01T12:00:00.120Z"},
                "revision":1,"sourceCount":0,
                "createdAt":"2026-03-01T12:00:00.120Z","createdBy":"tok_1",
                "updatedAt":"2026-03-01T12:00:00.120Z","updatedBy":"tok_1","version":1}\
                """));
  }

  @Test
  void sources() {
    Source source = new Source("src_1", "Sales", "mdl_1", false, 2, AT, "tok_1", AT, "tok_2", 3);

    assertThat(Json.text(json -> SourceJson.write(json, source)))
        .isEqualTo(
            json(
                """
                {"id":"src_1","name":"Sales","type":"model","modelId":"mdl_1","enabled":false,
                "connectionCount":2,
                "createdAt":"2026-03-01T12:00:00.120Z","createdBy":"tok_1",
                "updatedAt":"2026-03-01T12:00:00.120Z","updatedBy":"tok_2","version":3}\
                """));
  }

  @Test
  void audits() {
    Audit audit =
        new Audit("aud_1", AT, "tok_1", "model.updated", "mdl_1", List.of("name", "sql"), "req-1");

    assertThat(Json.text(json -> AuditJson.write(json, audit)))
        .isEqualTo(
            json(
                """
                {"id":"aud_1","at":"2026-03-01T12:00:00.120Z","actor":"tok_1",
                "action":"model.updated","resource":"mdl_1","fields":["name","sql"],
                "requestId":"req-1"}\
                """));
  }
}
