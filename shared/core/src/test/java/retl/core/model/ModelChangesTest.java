package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Audit;
import retl.core.IfMatch;
import retl.core.Problem;
import retl.core.Role;
import retl.core.SourceUse;
import retl.core.warehouse.Warehouse;

class ModelChangesTest {
  private final Bench bench = new Bench();
  private final ModelsInMemory store = bench.store;
  private final ModelChanges changes = bench.changes;
  private int number;

  @Test
  void renamesAndTellsWhoDidIt() {
    Model renamed = bench.update(EDITOR, "mdl_1", Bench.body("name", " Sales "));

    assertThat(renamed)
        .isEqualTo(
            new Model(
                "mdl_1",
                "Sales",
                "All of them",
                "crd_1",
                Warehouse.POSTGRES,
                Bench.SQL,
                List.of("id"),
                Bench.COLUMNS,
                new Model.Verified("prv_1", Bench.BEFORE, 1),
                5,
                0,
                Bench.BEFORE,
                "tok_first",
                Bench.NOW,
                "tok_editor",
                8))
        .isEqualTo(store.kept.get("ws1mdl_1"));
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_1",
                Bench.NOW,
                "tok_editor",
                "model.updated",
                "mdl_1",
                List.of("name"),
                "req-1"));
  }

  @Test
  void removesWhatIsNull() {
    Map<String, @Nullable Object> body = Bench.body("description", null);
    body.put("primaryKey", null);

    Model changed = bench.update(EDITOR, "mdl_1", body);

    assertThat(changed.description()).isNull();
    assertThat(changed.primaryKey()).isNull();
    assertThat(store.audits.getFirst().fields()).containsExactly("description", "primaryKey");
  }

  @Test
  void writesNothingForWhatChangesNothing() {
    Map<String, @Nullable Object> body = Bench.body("name", "Orders");
    body.put("description", "All of them");
    body.put("primaryKey", List.of("id"));

    for (Map<String, @Nullable Object> each : List.of(body, Map.<String, @Nullable Object>of())) {
      assertThat(bench.update(EDITOR, "mdl_1", each)).isEqualTo(Bench.model("mdl_1", "Orders"));
    }
    assertThat(store.audits).isEmpty();
  }

  static final List<Arguments> BAD =
      List.of(
          Arguments.of("name", "", "name invalid"),
          Arguments.of("name", null, "name missing"),
          Arguments.of("name", 5L, "name wrong_type"),
          Arguments.of("description", "x".repeat(4097), "description too_long"),
          Arguments.of("primaryKey", List.of(), "primaryKey invalid"),
          Arguments.of("primaryKey", List.of("id", "id"), "primaryKey invalid"),
          Arguments.of("primaryKey", List.of("no"), "primaryKey[0] invalid"),
          Arguments.of("primaryKey", List.of("id", "a"), "primaryKey[1] invalid"),
          Arguments.of("revision", 9L, "revision unknown"),
          Arguments.of("id", "mdl_2", "id unknown"));

  @ParameterizedTest(name = "{0}: {1}")
  @FieldSource("BAD")
  void refusesBadFieldsAndWritesNothing(String field, @Nullable Object value, String error) {
    assertThat(badFields(() -> bench.update(EDITOR, "mdl_1", Bench.body(field, value))))
        .containsExactly(error);
    assertThat(store.kept.get("ws1mdl_1")).isEqualTo(Bench.model("mdl_1", "Orders"));
    assertThat(store.audits).isEmpty();
  }

  @Test
  void takesAKeyForVerifiedModelsAlone() {
    assertThat(
            badFields(
                () -> bench.update(EDITOR, "mdl_raw", Bench.body("primaryKey", List.of("id")))))
        .containsExactly("primaryKey not_verified");
    assertThat(bench.update(EDITOR, "mdl_raw", Bench.body("name", "Cooked")).name())
        .isEqualTo("Cooked");
  }

  @Test
  void takesNoNameOfAnotherModel() {
    assertThat(problemOf(() -> bench.update(EDITOR, "mdl_1", Bench.body("name", "OTHER"))))
        .isEqualTo(new Problem.NameTaken("model", "OTHER"));
    assertThat(bench.update(EDITOR, "mdl_1", Bench.body("name", "ORDERS")).name())
        .isEqualTo("ORDERS");
    assertThat(bench.update(EDITOR, "mdl_1", Bench.body("name", "Theirs")).name())
        .isEqualTo("Theirs");
    assertThat(bench.update(EDITOR, "mdl_2", Bench.body("name", "orders")).name())
        .isEqualTo("orders");
  }

  @Test
  void changesTheVersionThatWasMeantAlone() {
    assertThat(
            problemOf(
                () -> bench.update(EDITOR, "mdl_1", Bench.version(6), Bench.body("name", "Late"))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(
            bench
                .update(EDITOR, "mdl_1", Bench.version(7), Bench.body("name", "In time"))
                .version())
        .isEqualTo(8);
    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", Bench.version(7))))
        .isEqualTo(new Problem.VersionConflict());
  }

  @Test
  void losesNoChangeOfOthers() {
    store.meanwhile.add(
        () -> bench.update(EDITOR, "mdl_1", Bench.body("description", "Of others")));

    Model changed = bench.update(EDITOR, "mdl_1", Bench.body("name", "Mine"));

    assertThat(changed.description()).isEqualTo("Of others");
    assertThat(changed.revision()).isEqualTo(6);
    assertThat(changed.version()).isEqualTo(9);
  }

  @Test
  void overwritesNoChangeThatItsCallerHasNotSeen() {
    store.meanwhile.add(() -> bench.update(EDITOR, "mdl_1", Bench.body("name", "Of others")));

    assertThat(
            problemOf(
                () -> bench.update(EDITOR, "mdl_1", Bench.version(7), Bench.body("name", "Mine"))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(store.kept.get("ws1mdl_1")).extracting(Model::name).isEqualTo("Of others");
  }

  @Test
  void givesUpWhenOthersAreAlwaysFirst() {
    Runnable other =
        () -> bench.keep("ws1", Samples.withSources(Bench.model("mdl_1", "Orders"), ++number));
    Collections.nCopies(99, other).forEach(store.meanwhile::add);

    assertThat(problemOf(() -> bench.update(EDITOR, "mdl_1", Bench.body("name", "Mine"))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", IfMatch.NONE)))
        .isEqualTo(new Problem.VersionConflict());
  }

  @Test
  void deletesAndTellsWhoDidIt() {
    changes.delete(EDITOR, "mdl_1", IfMatch.NONE);

    assertThat(store.kept).doesNotContainKey("ws1mdl_1").containsKey("ws1mdl_2");
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_1", Bench.NOW, "tok_editor", "model.deleted", "mdl_1", List.of(), "req-1"));
    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", IfMatch.NONE)))
        .isEqualTo(new Problem.NotFound("model"));
  }

  @Test
  void deletesNothingThatSourcesUseAndNamesThem() {
    bench.keep("ws1", Samples.withSources(Bench.model("mdl_1", "Orders"), 2));

    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", IfMatch.NONE)))
        .isEqualTo(new Problem.ModelInUse(List.of(new SourceUse("src_1", "Feed of mdl_1"))));
    assertThat(store.kept).containsKey("ws1mdl_1");
    assertThat(store.audits).isEmpty();
  }

  @Test
  void takesNoViewerAndFindsNothingOfOthers() {
    assertThat(problemOf(() -> bench.update(VIEWER, "mdl_1", Bench.body("name", "x"))))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR))
        .isEqualTo(problemOf(() -> changes.delete(VIEWER, "mdl_1", IfMatch.NONE)));
    for (String id : List.of("mdl_1", "mdl_none")) {
      assertThat(problemOf(() -> bench.update(STRANGER, id, Bench.body("name", "x"))))
          .isEqualTo(new Problem.NotFound("model"))
          .isEqualTo(problemOf(() -> changes.delete(STRANGER, id, IfMatch.NONE)));
    }
    assertThat(store.audits).isEmpty();
  }
}
