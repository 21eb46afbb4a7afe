package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
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
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Problem;
import retl.core.Role;
import retl.core.SourceUse;
import retl.core.TestClock;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

class ModelChangesTest {
  private static final String SQL = "select id, a, a from orders";
  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  private static final Instant BEFORE = NOW.minusSeconds(3600);
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", Column.Type.INT, "int8", false),
          new Column("a", Column.Type.STRING, "text", null),
          new Column("a", Column.Type.STRING, "text", null));

  private final ModelsInMemory store = new ModelsInMemory();
  private final TestClock clock = new TestClock();
  private int number;
  private final ModelChanges changes =
      new ModelChanges(
          store,
          (workspace, modelId, count) -> List.of(new SourceUse("src_1", "Feed of " + modelId)),
          type -> type + "_" + ++number,
          clock);

  @BeforeEach
  void keepModels() {
    keep("ws1", model("mdl_1", "Orders"));
    keep("ws1", model("mdl_2", "Other"));
    keep("ws1", unverified(model("mdl_raw", "Raw")));
    keep("ws2", model("mdl_3", "Theirs"));
  }

  private void keep(String workspace, Model model) {
    store.kept.put(workspace + model.id(), model);
  }

  private static Model model(String id, String name) {
    return new Model(
        id,
        name,
        "All of them",
        "crd_1",
        Warehouse.POSTGRES,
        SQL,
        List.of("id"),
        COLUMNS,
        new Model.Verified("prv_1", BEFORE),
        4,
        0,
        BEFORE,
        "tok_first",
        BEFORE,
        "tok_first",
        7);
  }

  private static Model unverified(Model model) {
    return new Model(
        model.id(),
        model.name(),
        model.description(),
        model.credentialId(),
        model.warehouse(),
        model.sql(),
        null,
        model.columns(),
        null,
        model.revision(),
        model.sourceCount(),
        model.createdAt(),
        model.createdBy(),
        model.updatedAt(),
        model.updatedBy(),
        model.version());
  }

  private static Model withSources(Model model, int count) {
    return new Model(
        model.id(),
        model.name(),
        model.description(),
        model.credentialId(),
        model.warehouse(),
        model.sql(),
        model.primaryKey(),
        model.columns(),
        model.verified(),
        model.revision(),
        count,
        model.createdAt(),
        model.createdBy(),
        model.updatedAt(),
        model.updatedBy(),
        model.version());
  }

  private static Map<String, @Nullable Object> body(String field, @Nullable Object value) {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put(field, value);
    return body;
  }

  private Model update(Caller caller, String id, Map<String, @Nullable Object> body) {
    return update(caller, id, IfMatch.NONE, body);
  }

  private Model update(
      Caller caller, String id, IfMatch ifMatch, Map<String, @Nullable Object> body) {
    return changes.update(
        caller, id, ifMatch, before -> ModelPatch.read(Fields.of(body), before));
  }

  private static IfMatch version(long version) {
    return new IfMatch(true, false, Set.of(version));
  }

  @Test
  void renamesAndTellsWhoDidIt() {
    Model renamed = update(EDITOR, "mdl_1", body("name", " Sales "));

    assertThat(renamed)
        .isEqualTo(
            new Model(
                "mdl_1",
                "Sales",
                "All of them",
                "crd_1",
                Warehouse.POSTGRES,
                SQL,
                List.of("id"),
                COLUMNS,
                new Model.Verified("prv_1", BEFORE),
                5,
                0,
                BEFORE,
                "tok_first",
                NOW,
                "tok_editor",
                8))
        .isEqualTo(store.kept.get("ws1mdl_1"));
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_1", NOW, "tok_editor", "model.updated", "mdl_1", List.of("name"), "req-1"));
  }

  @Test
  void removesWhatIsNull() {
    Map<String, @Nullable Object> body = body("description", null);
    body.put("primaryKey", null);

    Model changed = update(EDITOR, "mdl_1", body);

    assertThat(changed.description()).isNull();
    assertThat(changed.primaryKey()).isNull();
    assertThat(store.audits.getFirst().fields()).containsExactly("description", "primaryKey");
  }

  @Test
  void writesNothingForWhatChangesNothing() {
    Map<String, @Nullable Object> body = body("name", "Orders");
    body.put("description", "All of them");
    body.put("primaryKey", List.of("id"));

    for (Map<String, @Nullable Object> each : List.of(body, Map.<String, @Nullable Object>of())) {
      assertThat(update(EDITOR, "mdl_1", each)).isEqualTo(model("mdl_1", "Orders"));
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
    assertThat(badFields(() -> update(EDITOR, "mdl_1", body(field, value))))
        .containsExactly(error);
    assertThat(store.kept.get("ws1mdl_1")).isEqualTo(model("mdl_1", "Orders"));
    assertThat(store.audits).isEmpty();
  }

  @Test
  void takesAKeyForVerifiedModelsAlone() {
    assertThat(badFields(() -> update(EDITOR, "mdl_raw", body("primaryKey", List.of("id")))))
        .containsExactly("primaryKey not_verified");
    assertThat(update(EDITOR, "mdl_raw", body("name", "Cooked")).name()).isEqualTo("Cooked");
  }

  @Test
  void takesNoNameOfAnotherModel() {
    assertThat(problemOf(() -> update(EDITOR, "mdl_1", body("name", "OTHER"))))
        .isEqualTo(new Problem.NameTaken("model", "OTHER"));
    assertThat(update(EDITOR, "mdl_1", body("name", "ORDERS")).name()).isEqualTo("ORDERS");
    assertThat(update(EDITOR, "mdl_1", body("name", "Theirs")).name()).isEqualTo("Theirs");
    assertThat(update(EDITOR, "mdl_2", body("name", "orders")).name()).isEqualTo("orders");
  }

  @Test
  void changesTheVersionThatWasMeantAlone() {
    assertThat(
            problemOf(() -> update(EDITOR, "mdl_1", version(6), body("name", "Late"))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(update(EDITOR, "mdl_1", version(7), body("name", "In time")).version()).isEqualTo(8);
    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", version(7))))
        .isEqualTo(new Problem.VersionConflict());
  }

  @Test
  void losesNoChangeOfOthers() {
    store.meanwhile.add(() -> update(EDITOR, "mdl_1", body("description", "Of others")));

    Model changed = update(EDITOR, "mdl_1", body("name", "Mine"));

    assertThat(changed.description()).isEqualTo("Of others");
    assertThat(changed.revision()).isEqualTo(6);
    assertThat(changed.version()).isEqualTo(9);
  }

  @Test
  void overwritesNoChangeThatItsCallerHasNotSeen() {
    store.meanwhile.add(() -> update(EDITOR, "mdl_1", body("name", "Of others")));

    assertThat(problemOf(() -> update(EDITOR, "mdl_1", version(7), body("name", "Mine"))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(store.kept.get("ws1mdl_1")).extracting(Model::name).isEqualTo("Of others");
  }

  @Test
  void givesUpWhenOthersAreAlwaysFirst() {
    Runnable other =
        () -> keep("ws1", withSources(model("mdl_1", "Orders"), ++number));
    Collections.nCopies(99, other).forEach(store.meanwhile::add);

    assertThat(problemOf(() -> update(EDITOR, "mdl_1", body("name", "Mine"))))
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
            new Audit("aud_1", NOW, "tok_editor", "model.deleted", "mdl_1", List.of(), "req-1"));
    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", IfMatch.NONE)))
        .isEqualTo(new Problem.NotFound("model"));
  }

  @Test
  void deletesNothingThatSourcesUseAndNamesThem() {
    keep("ws1", withSources(model("mdl_1", "Orders"), 2));

    assertThat(problemOf(() -> changes.delete(EDITOR, "mdl_1", IfMatch.NONE)))
        .isEqualTo(new Problem.ModelInUse(List.of(new SourceUse("src_1", "Feed of mdl_1"))));
    assertThat(store.kept).containsKey("ws1mdl_1");
    assertThat(store.audits).isEmpty();
  }

  @Test
  void takesNoViewerAndFindsNothingOfOthers() {
    assertThat(problemOf(() -> update(VIEWER, "mdl_1", body("name", "x"))))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR))
        .isEqualTo(problemOf(() -> changes.delete(VIEWER, "mdl_1", IfMatch.NONE)));
    for (String id : List.of("mdl_1", "mdl_none")) {
      assertThat(problemOf(() -> update(STRANGER, id, body("name", "x"))))
          .isEqualTo(new Problem.NotFound("model"))
          .isEqualTo(problemOf(() -> changes.delete(STRANGER, id, IfMatch.NONE)));
    }
    assertThat(store.audits).isEmpty();
  }
}
