package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.IfMatch;
import retl.core.Impact;
import retl.core.Impact.BrokenMapping;
import retl.core.Impact.NextSync;
import retl.core.Impact.TypeChange;
import retl.core.Problem;
import retl.core.Role;
import retl.core.query.PickyGate;
import retl.core.warehouse.Column;

/** Changing what a model runs, and what that does to those who use it. */
class QueryChangesTest {
  private static final String OTHER_SQL = "select id from orders";
  private static final Column ID = new Column("id", Column.Type.INT, "int8", false);
  private static final Column A = Samples.column("a", Column.Type.STRING);
  private static final Column B = Samples.column("b", Column.Type.DATE);

  private final Bench bench = new Bench();

  private static Map<String, @Nullable Object> body(@Nullable Object... fieldsAndValues) {
    Map<String, @Nullable Object> body = new HashMap<>();
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      body.put(String.valueOf(fieldsAndValues[i]), fieldsAndValues[i + 1]);
    }
    return body;
  }

  private Model update(@Nullable Object... fieldsAndValues) {
    return bench.update(EDITOR, "mdl_1", body(fieldsAndValues));
  }

  /** The query is run again, and gives these columns; then it verifies the model again. */
  private ModelChanges.Updated rerun(boolean accept, Column... columns) {
    bench.run("prv_2", "crd_1", Bench.SQL, List.of(columns));
    return bench.updated(
        EDITOR, "mdl_1", IfMatch.NONE, body("previewId", "prv_2", "acceptImpact", accept));
  }

  @Test
  void anotherQueryIsUnverifiedUntilItsPreviewIsGiven() {
    Model changed = update("sql", OTHER_SQL);

    assertThat(changed.sql()).isEqualTo(OTHER_SQL);
    assertThat(changed.verified()).isNull();
    assertThat(changed.columns()).isEqualTo(Bench.COLUMNS);
    assertThat(changed.primaryKey()).containsExactly("id");

    bench.run("prv_2", "crd_1", OTHER_SQL, List.of(ID));
    Model verified = update("previewId", "prv_2");

    assertThat(verified.verified()).isEqualTo(new Model.Verified("prv_2", Bench.NOW, 1));
    assertThat(verified.columns()).containsExactly(ID);
    assertThat(bench.store.audits)
        .extracting(audit -> String.join(",", audit.fields()))
        .containsExactly("sql", "previewId");
  }

  @Test
  void aPreviewOfJustTheNewQueryVerifiesItAtOnce() {
    bench.run("prv_2", "crd_2", OTHER_SQL, List.of(ID, B));

    Model changed =
        update(
            "sql",
            OTHER_SQL,
            "credentialId",
            "crd_2",
            "previewId",
            "prv_2",
            "primaryKey",
            List.of("b"));

    assertThat(changed.verified()).isEqualTo(new Model.Verified("prv_2", Bench.NOW, 1));
    assertThat(changed.columns()).containsExactly(ID, B);
    assertThat(changed.primaryKey()).containsExactly("b");
    assertThat(changed.credentialId()).isEqualTo("crd_2");
  }

  @Test
  void otherCredentialsMakeItUnverified() {
    Model changed = update("credentialId", "crd_2");

    assertThat(changed.verified()).isNull();
    assertThat(changed.credentialId()).isEqualTo("crd_2");
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of(body("credentialId", "crd_none"), "credentialId not_found"),
          Arguments.of(body("previewId", "prv_none"), "previewId not_found"),
          Arguments.of(body("previewId", "prv_other_sql"), "previewId does_not_match"),
          Arguments.of(body("previewId", "prv_crd_2"), "previewId does_not_match"),
          Arguments.of(body("previewId", "prv_same", "sql", OTHER_SQL), "previewId does_not_match"),
          Arguments.of(
              body("previewId", "prv_same", "credentialId", "crd_2"), "previewId does_not_match"),
          Arguments.of(
              body("previewId", "prv_none", "credentialId", "crd_none"),
              "credentialId not_found,previewId not_found"),
          Arguments.of(
              body("sql", OTHER_SQL, "primaryKey", List.of("a")), "primaryKey not_verified"),
          Arguments.of(
              body("previewId", "prv_same", "primaryKey", List.of("id", "no")),
              "primaryKey[1] invalid"),
          Arguments.of(body("sql", 5L), "sql wrong_type"),
          Arguments.of(body("acceptImpact", "yes"), "acceptImpact wrong_type"));

  @ParameterizedTest(name = "{0}: {1}")
  @FieldSource("BAD")
  void refusesWhatDoesNotFitAndWritesNothing(Map<String, Object> body, String errors) {
    bench.run("prv_same", "crd_1", Bench.SQL, Bench.COLUMNS);
    bench.run("prv_other_sql", "crd_1", OTHER_SQL, Bench.COLUMNS);
    bench.run("prv_crd_2", "crd_2", Bench.SQL, Bench.COLUMNS);

    assertThat(badFields(() -> bench.update(EDITOR, "mdl_1", Map.copyOf(body))))
        .containsExactly(errors.split(","));
    assertThat(bench.kept("mdl_1")).isEqualTo(Bench.model("mdl_1", "Orders"));
    assertThat(bench.store.audits).isEmpty();
  }

  @Test
  void takesNoPreviewFromBeforeItsCredentialsMoved() {
    bench.run("prv_2", "crd_1", OTHER_SQL, List.of(ID));
    bench.move("crd_1");

    assertThat(badFields(() -> update("sql", OTHER_SQL, "previewId", "prv_2")))
        .containsExactly("previewId does_not_match");
    bench.run("prv_3", "crd_1", OTHER_SQL, List.of(ID));
    assertThat(update("sql", OTHER_SQL, "previewId", "prv_3").verified())
        .isEqualTo(new Model.Verified("prv_3", Bench.NOW, 2));
  }

  @Test
  void takesNoUnsafeQueryAndNoFailingCredentials() {
    assertThat(problemOf(() -> update("sql", "drop table a")))
        .isEqualTo(new Problem.QueryRefused(PickyGate.REFUSED));
    assertThat(problemOf(() -> update("credentialId", "crd_bad")))
        .isEqualTo(new Problem.CredentialNotValid("crd_bad"));
    assertThat(bench.store.audits).isEmpty();
  }

  @Test
  void aRunThatFindsTheSameIsNoRevision() {
    Model changed = rerun(false, Bench.COLUMNS.toArray(Column[]::new)).model();

    assertThat(changed.verified()).isEqualTo(new Model.Verified("prv_2", Bench.NOW, 1));
    assertThat(changed.revision()).isEqualTo(4);
    assertThat(changed.version()).isEqualTo(8);
    assertThat(update("previewId", "prv_2")).isEqualTo(changed);
    bench.clock.advance(Duration.ofHours(1));
    assertThat(update("previewId", "prv_2")).isEqualTo(changed);
    assertThat(bench.store.audits).hasSize(1);
  }

  @Test
  void aRunThatFindsOtherColumnsIsARevision() {
    assertThat(rerun(false, ID, A, A, B).model().revision()).isEqualTo(5);
  }

  @Test
  void firstVerificationIsARevision() {
    bench.run("prv_2", "crd_1", Bench.SQL, Bench.COLUMNS);

    assertThat(bench.update(EDITOR, "mdl_raw", body("previewId", "prv_2")).revision()).isEqualTo(5);
  }

  @Test
  void tellsHowTheColumnsChange() {
    Impact impact = rerun(false, B, ID, Samples.column("a", Column.Type.JSON)).impact();

    assertThat(impact.columns())
        .isEqualTo(
            new Impact.ColumnChanges(
                List.of(B),
                List.of(Bench.COLUMNS.get(2)),
                List.of(new TypeChange("a", Column.Type.STRING, Column.Type.JSON))));
    assertThat(impact.columnsKnown()).isTrue();
    assertThat(impact.brokenMappings()).isEmpty();
  }

  static final List<Arguments> BREAKS =
      List.of(
          Arguments.of(List.of(B), "column_removed"),
          Arguments.of(List.of(ID, ID), "column_ambiguous"),
          Arguments.of(List.of(Samples.column("id", Column.Type.STRING)), "column_type_changed"),
          Arguments.of(List.of(new Column("id", Column.Type.INT, "int4", true), B), null),
          Arguments.of(List.of(Samples.column("ID", Column.Type.INT)), "column_removed"));

  @ParameterizedTest(name = "{0}: {1}")
  @FieldSource("BREAKS")
  void countsTheColumnsOfTheKeyAsMapped(List<Column> columns, @Nullable String reason) {
    List<BrokenMapping> broken =
        reason == null ? List.of() : List.of(new BrokenMapping(null, "primaryKey", "id", reason));
    bench.run("prv_2", "crd_1", Bench.SQL, columns);
    Impact impact = bench.impact(EDITOR, "mdl_1", body("previewId", "prv_2"));

    assertThat(impact.brokenMappings()).isEqualTo(broken);
    if (reason != null) {
      assertThat(problemOf(() -> update("previewId", "prv_2")))
          .isEqualTo(new Problem.BreakingChange(impact));
      assertThat(bench.kept("mdl_1")).isEqualTo(Bench.model("mdl_1", "Orders"));
      assertThat(bench.store.audits).isEmpty();
    }
    update("previewId", "prv_2", "acceptImpact", true);
    boolean isLost = reason != null && !reason.equals("column_type_changed");
    assertThat(bench.kept("mdl_1").primaryKey()).isEqualTo(isLost ? null : List.of("id"));
  }

  @Test
  void namesEveryMappingThatWouldBreak() {
    bench.mappings.add(new Mappings.Mapping("con_1", "Email", "id"));
    bench.mappings.add(new Mappings.Mapping("con_2", "Name", "gone before"));
    bench.mappings.add(new Mappings.Mapping("con_2", "Twice before", "a"));

    bench.run("prv_2", "crd_1", Bench.SQL, List.of(B));

    assertThat(bench.impact(EDITOR, "mdl_1", body("previewId", "prv_2")).brokenMappings())
        .containsExactly(
            new BrokenMapping(null, "primaryKey", "id", "column_removed"),
            new BrokenMapping("con_1", "Email", "id", "column_removed"));
  }

  @Test
  void aNewKeyTakesThePlaceOfTheOneThatBreaks() {
    bench.run("prv_2", "crd_1", Bench.SQL, List.of(B));

    Model changed = update("previewId", "prv_2", "primaryKey", List.of("b"));

    assertThat(changed.primaryKey()).containsExactly("b");
  }

  @Test
  void twoStepsBreakNoLessThanOne() {
    update("sql", OTHER_SQL);
    bench.run("prv_2", "crd_1", OTHER_SQL, List.of(B));

    assertThat(problemOf(() -> update("previewId", "prv_2")))
        .isInstanceOf(Problem.BreakingChange.class);
    assertThat(update("previewId", "prv_2", "acceptImpact", true).primaryKey()).isNull();
  }

  @Test
  void saysNothingOfColumnsThatNobodyKnows() {
    Impact impact = bench.impact(EDITOR, "mdl_1", body("sql", OTHER_SQL));

    assertThat(impact)
        .isEqualTo(
            new Impact(
                false, Impact.ColumnChanges.NONE, List.of(), NextSync.FULL, "query_changed"));
  }

  @Test
  void saysWhyTheNextSyncIsFull() {
    bench.run("prv_same", "crd_1", Bench.SQL, Bench.COLUMNS);
    bench.run("prv_more", "crd_1", Bench.SQL, List.of(ID, A, A, B));
    Map<Map<String, @Nullable Object>, String> reasons =
        Map.of(
            body("credentialId", "crd_2", "sql", OTHER_SQL), "credentials_changed",
            body("sql", OTHER_SQL), "query_changed",
            body("primaryKey", null), "primary_key_changed",
            body("previewId", "prv_more"), "columns_changed",
            body("previewId", "prv_same"), "",
            body("name", "Sales", "description", null), "");

    reasons.forEach(
        (body, reason) -> {
          Impact impact = bench.impact(EDITOR, "mdl_1", body);
          assertThat(impact.reason()).as("%s", body).isEqualTo(reason.isEmpty() ? null : reason);
          assertThat(impact.nextSync())
              .isEqualTo(reason.isEmpty() ? NextSync.INCREMENTAL : NextSync.FULL);
        });
    assertThat(bench.impact(EDITOR, "mdl_raw", body("previewId", "prv_same")).reason())
        .isEqualTo("not_verified");
  }

  @Test
  void tellsTheImpactWithoutWriting() {
    bench.run("prv_2", "crd_1", Bench.SQL, List.of(B));

    assertThat(bench.impact(EDITOR, "mdl_1", body("previewId", "prv_2")).isBreaking()).isTrue();
    assertThat(bench.kept("mdl_1")).isEqualTo(Bench.model("mdl_1", "Orders"));
    assertThat(bench.store.audits).isEmpty();
    assertThat(problemOf(() -> bench.impact(VIEWER, "mdl_1", body())))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
  }
}
