package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.ADMIN;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.credential.Credential;
import retl.core.credential.CredentialsInMemory;
import retl.core.credential.Samples;
import retl.core.preview.Preview;
import retl.core.preview.PreviewsInMemory;
import retl.core.query.PickyGate;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

class ModelsTest {
  private static final String SQL = "select id, a, a from orders";
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", Column.Type.INT, "int8", false),
          new Column("a", Column.Type.STRING, "text", null),
          new Column("a", Column.Type.STRING, "text", null));

  private final ModelsInMemory store = new ModelsInMemory();
  private final CredentialsInMemory credentials = new CredentialsInMemory();
  private final PreviewsInMemory previews = new PreviewsInMemory();
  private final TestClock clock = new TestClock();
  private int number;
  private final Models models =
      new Models(
          store,
          new Drafts(credentials, previews, new PickyGate(), clock),
          type -> type + "_" + ++number,
          clock);

  @BeforeEach
  void keepCredentialsAndPreviews() {
    credentials.add("ws1", Samples.credential("crd_1", "Shop"));
    credentials.add(
        "ws1", Samples.credential("crd_bad", "Old", Samples.POSTGRES, Credential.Status.FAILING));
    credentials.add("ws2", Samples.credential("crd_2", "Theirs"));
    Preview.Result result = new Preview.Result(COLUMNS, 3, false, 0, List.of(), Set.of(), null);
    keep("ws1", preview("prv_1", "crd_1", SQL).completed(result, 5));
    keep("ws1", preview("prv_queued", "crd_1", SQL));
    keep("ws1", preview("prv_running", "crd_1", SQL).running());
    keep(
        "ws1",
        preview("prv_failed", "crd_1", SQL)
            .failed(new Preview.Failure("syntax_error", "no", null), 5L));
    keep("ws1", preview("prv_other_sql", "crd_1", SQL + " ").completed(result, 5));
    keep("ws1", preview("prv_other_credential", "crd_bad", SQL).completed(result, 5));
    keep("ws1", moved(preview("prv_moved", "crd_1", SQL)).completed(result, 5));
    keep("ws2", preview("prv_theirs", "crd_1", SQL).completed(result, 5));
  }

  private void keep(String workspace, Preview preview) {
    previews.kept.put(workspace + preview.id(), preview);
  }

  private static Preview preview(String id, String credentialId, String sql) {
    return new Preview(
        id,
        Preview.Status.QUEUED,
        credentialId,
        1,
        sql,
        new Preview.Wanted.Rows(50),
        null,
        null,
        null,
        TestClock.START.plus(Duration.ofMinutes(2)),
        TestClock.START.plus(Duration.ofMinutes(15)));
  }

  private static Preview moved(Preview preview) {
    return new Preview(
        preview.id(),
        preview.status(),
        preview.credentialId(),
        preview.targetVersion() + 1,
        preview.sql(),
        preview.wanted(),
        null,
        null,
        null,
        preview.deadline(),
        preview.expiresAt());
  }

  private static NewModel wanted(
      String credentialId,
      String sql,
      @Nullable List<String> primaryKey,
      @Nullable String previewId) {
    return new NewModel(new Name("Orders"), credentialId, sql, null, primaryKey, previewId);
  }

  private static NewModel plain() {
    return wanted("crd_1", SQL, null, null);
  }

  private Model create(Caller caller, NewModel wanted) {
    return models.create(caller, wanted, Receipt.Writer.none());
  }

  @Test
  void savesAModelThatNobodyHasRun() {
    var now = TestClock.START.truncatedTo(ChronoUnit.MILLIS);

    Model made = create(EDITOR, plain());

    assertThat(made)
        .isEqualTo(
            new Model(
                "mdl_1",
                "Orders",
                null,
                "crd_1",
                Warehouse.POSTGRES,
                SQL,
                null,
                null,
                null,
                1,
                0,
                now,
                "tok_editor",
                now,
                "tok_editor",
                1))
        .isEqualTo(models.get(VIEWER, "mdl_1"));
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_2",
                now,
                "tok_editor",
                "model.created",
                "mdl_1",
                List.of("name", "credentialId", "sql"),
                "req-1"));
  }

  @Test
  void savesAVerifiedModelWithItsColumnsAndKey() {
    Model made = create(ADMIN, wanted("crd_1", SQL, List.of("id"), "prv_1"));

    assertThat(made.verified())
        .isEqualTo(new Model.Verified("prv_1", TestClock.START.truncatedTo(ChronoUnit.MILLIS), 1));
    assertThat(made.columns()).isEqualTo(COLUMNS);
    assertThat(made.primaryKey()).containsExactly("id");
    assertThat(store.audits.getFirst().fields()).contains("primaryKey");
  }

  @Test
  void takesNoViewer() {
    assertThat(problemOf(() -> create(VIEWER, plain())))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(store.kept).isEmpty();
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of("crd_none", null, null, "credentialId not_found"),
          Arguments.of("crd_2", null, null, "credentialId not_found"),
          Arguments.of("crd_1", "prv_none", null, "previewId not_found"),
          Arguments.of("crd_1", "prv_theirs", null, "previewId not_found"),
          Arguments.of("crd_1", "prv_queued", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_running", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_failed", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_other_sql", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_other_credential", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_moved", null, "previewId does_not_match"),
          Arguments.of("crd_1", "prv_queued", List.of("id"), "previewId does_not_match"),
          Arguments.of("crd_1", "prv_1", List.of("ID"), "primaryKey[0] invalid"),
          Arguments.of("crd_1", "prv_1", List.of("id", "a"), "primaryKey[1] invalid"),
          Arguments.of("crd_none", "prv_none", null, "credentialId not_found,previewId not_found"));

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @FieldSource("BAD")
  void refusesBadReferencesAndKeepsNothing(
      String credentialId, String previewId, List<String> key, String errors) {
    assertThat(badFields(() -> create(EDITOR, wanted(credentialId, SQL, key, previewId))))
        .containsExactly(errors.split(","));
    assertThat(store.kept).isEmpty();
    assertThat(store.audits).isEmpty();
  }

  @Test
  void takesAPreviewUntilItExpires() {
    NewModel wanted = wanted("crd_1", SQL, null, "prv_1");
    clock.advance(Duration.ofMinutes(15));

    assertThat(badFields(() -> create(EDITOR, wanted))).containsExactly("previewId does_not_match");
    clock.advance(Duration.ofNanos(-1));
    assertThat(create(EDITOR, wanted).verified()).isNotNull();
  }

  @Test
  void refusesFailingCredentials() {
    assertThat(problemOf(() -> create(EDITOR, wanted("crd_bad", SQL, null, null))))
        .isEqualTo(new Problem.CredentialNotValid("crd_bad"));
    assertThat(store.kept).isEmpty();
  }

  @Test
  void refusesWhatTheGateRefuses() {
    assertThat(problemOf(() -> create(EDITOR, wanted("crd_1", "drop table a", null, null))))
        .isEqualTo(new Problem.QueryRefused(PickyGate.REFUSED));
    assertThat(store.kept).isEmpty();
  }

  @Test
  void takesANameOncePerWorkspace() {
    create(EDITOR, plain());

    assertThat(problemOf(() -> create(EDITOR, plain())))
        .isEqualTo(new Problem.NameTaken("model", "Orders"));
    assertThat(create(STRANGER, wanted("crd_2", SQL, null, null)).name()).isEqualTo("Orders");
  }

  static final Map<ModelStore.Created, Problem> REFUSALS =
      Map.of(
          ModelStore.Created.NAME_TAKEN, new Problem.NameTaken("model", "Orders"),
          ModelStore.Created.CREDENTIAL_NOT_VALID, new Problem.CredentialNotValid("crd_1"),
          ModelStore.Created.REPEATED, new Problem.RequestInProgress());

  @Test
  void saysWhyTheStoreRefused() {
    REFUSALS.forEach(
        (answer, problem) -> {
          store.answer = answer;
          assertThat(problemOf(() -> create(EDITOR, plain()))).isEqualTo(problem);
        });
    store.answer = ModelStore.Created.CREDENTIAL_GONE;
    assertThat(badFields(() -> create(EDITOR, plain()))).containsExactly("credentialId not_found");
    store.answer = ModelStore.Created.CREDENTIAL_MOVED;
    assertThat(badFields(() -> create(EDITOR, plain())))
        .containsExactly("previewId does_not_match");
  }

  @Test
  void leavesAReceiptOfWhatItMade() {
    models.create(EDITOR, plain(), Receipts.writer(Model::id));

    assertThat(store.receipts).extracting(Receipt::body).containsExactly("mdl_1");
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    String id = create(EDITOR, plain()).id();

    assertThat(problemOf(() -> models.get(STRANGER, id)))
        .isEqualTo(new Problem.NotFound("model"))
        .isEqualTo(problemOf(() -> models.get(EDITOR, "mdl_none")));
  }

  @Test
  void aSummaryHasNeitherQueryNorColumns() {
    Model made = create(EDITOR, wanted("crd_1", SQL, List.of("id"), "prv_1"));

    assertThat(made.summary().toString()).contains("mdl_1").doesNotContain(SQL, "nativeType");
  }
}
