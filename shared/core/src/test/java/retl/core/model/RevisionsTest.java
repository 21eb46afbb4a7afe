package retl.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Impact.BrokenMapping;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.warehouse.Column;

class RevisionsTest {
  private static final String SQL = "select id, name from a";
  private static final String OTHER_SQL = "select name from a";
  private static final Column ID = Samples.column("id", Column.Type.INT);
  private static final Column NAME = Samples.column("name", Column.Type.STRING);
  private static final Restoration PLAIN = new Restoration(null, false);
  private static final Restoration ACCEPTING = new Restoration(null, true);

  private final Bench bench = new Bench();
  private String id = "";

  /** Revision 1 is verified, with a key; 2 has another query and lost the key; 3 another name. */
  @BeforeEach
  void saveThreeRevisions() {
    bench.run("prv_a", "crd_1", SQL, List.of(ID, NAME));
    bench.run("prv_b", "crd_1", OTHER_SQL, List.of(NAME));
    NewModel first = new NewModel(new Name("First"), "crd_1", SQL, "d", List.of("id"), "prv_a");
    id = bench.models.create(EDITOR, first, Receipt.Writer.none()).id();
    update(Map.of("sql", OTHER_SQL, "previewId", "prv_b", "acceptImpact", true));
    update(Map.of("name", "Third"));
  }

  private Model update(Map<String, Object> body) {
    return bench.update(EDITOR, id, new HashMap<>(body));
  }

  private ModelChanges.Updated restore(int number, Restoration wanted) {
    return restore(EDITOR, number, IfMatch.NONE, wanted);
  }

  private ModelChanges.Updated restore(
      Caller caller, int number, IfMatch ifMatch, Restoration wanted) {
    return bench.changes.restore(caller, id, number, ifMatch, wanted, Receipt.Writer.none());
  }

  private Revision revision(int number) {
    return bench.models.revision(VIEWER, id, number);
  }

  @Test
  void keepsEverySavedConfiguration() {
    Page<Revision> page = bench.models.revisions(VIEWER, id, new Page.Request(25, null));

    assertThat(page.items()).extracting(Revision::number).containsExactly(3, 2, 1);
    assertThat(page.items())
        .extracting(revision -> String.join(",", revision.changed()))
        .containsExactly(
            "name",
            "sql,primaryKey,previewId",
            "name,credentialId,sql,description,primaryKey,previewId");
    assertThat(revision(1))
        .isEqualTo(
            new Revision(
                1,
                "First",
                "d",
                "crd_1",
                retl.core.warehouse.Warehouse.POSTGRES,
                SQL,
                List.of("id"),
                List.of(ID, NAME),
                new Model.Verified("prv_a", Bench.NOW, 1),
                List.of("name", "credentialId", "sql", "description", "primaryKey", "previewId"),
                null,
                List.of(),
                Bench.NOW,
                "tok_editor"));
    assertThat(revision(2).acceptedBreaks())
        .containsExactly(new BrokenMapping(null, "primaryKey", "id", "column_removed"));
  }

  @Test
  void anUnverifiedRevisionHasNoColumns() {
    update(Map.of("sql", "select 1"));

    assertThat(revision(4).columns()).isNull();
    assertThat(revision(4).verified()).isNull();
  }

  @Test
  void makesARevisionCurrentAgainAsANewOne() {
    Model restored = restore(1, PLAIN).model();

    assertThat(restored.name()).isEqualTo("First");
    assertThat(restored.sql()).isEqualTo(SQL);
    assertThat(restored.primaryKey()).containsExactly("id");
    assertThat(restored.columns()).containsExactly(ID, NAME);
    assertThat(restored.verified()).isEqualTo(revision(1).verified());
    assertThat(restored.revision()).isEqualTo(4);
    assertThat(revision(4).restoredFrom()).isEqualTo(1);
    assertThat(revision(4).changed()).containsExactly("name", "sql", "primaryKey", "previewId");
    assertThat(bench.store.audits.getLast().action()).isEqualTo("model.restored");
    assertThat(bench.store.audits.getLast().fields()).isEqualTo(revision(4).changed());
  }

  @Test
  void isUnverifiedWhenItsCredentialsLeadElsewhereByNow() {
    bench.move("crd_1");

    Model restored = restore(1, PLAIN).model();

    assertThat(restored.verified()).isNull();
    assertThat(restored.primaryKey()).containsExactly("id");
    bench.run("prv_c", "crd_1", SQL, List.of(ID, NAME));
    assertThat(restore(1, new Restoration("prv_c", false)).model().verified())
        .isEqualTo(new Model.Verified("prv_c", Bench.NOW, 2));
  }

  @Test
  void breaksWhatUsesTheModelOnlyForThoseWhoAcceptIt() {
    restore(1, PLAIN);
    bench.mappings.add(new Mappings.Mapping("con_1", "Id", "id"));
    BrokenMapping broken = new BrokenMapping("con_1", "Id", "id", "column_removed");

    assertThat(bench.changes.impactOfRestoring(EDITOR, id, 2, IfMatch.NONE, PLAIN).brokenMappings())
        .containsExactly(broken);
    assertThat(problemOf(() -> restore(2, PLAIN))).isInstanceOf(Problem.BreakingChange.class);
    assertThat(bench.models.get(EDITOR, id).revision()).isEqualTo(4);
    assertThat(restore(2, ACCEPTING).model().revision()).isEqualTo(5);
    assertThat(revision(5).acceptedBreaks()).containsExactly(broken);
  }

  @Test
  void writesNothingWhenItIsCurrent() {
    Model before = bench.models.get(EDITOR, id);

    assertThat(restore(3, PLAIN).model()).isEqualTo(before);
    assertThat(bench.models.get(EDITOR, id)).isEqualTo(before);
  }

  @Test
  void meetsWhatStandsInTheWayByNow() {
    bench.update(EDITOR, "mdl_2", Bench.body("name", "FIRST"));
    assertThat(problemOf(() -> restore(1, PLAIN)))
        .isEqualTo(new Problem.NameTaken("model", "First"));

    update(Map.of("credentialId", "crd_2"));
    bench.credentials.active.remove("ws1crd_1");
    assertThat(badFields(() -> restore(2, PLAIN))).containsExactly("credentialId not_found");
    assertThat(badFields(() -> restore(3, new Restoration("prv_none", true))))
        .containsExactly("credentialId not_found", "previewId not_found");
  }

  @Test
  void restoresTheVersionThatWasMeantAlone() {
    assertThat(problemOf(() -> restore(EDITOR, 1, Bench.version(2), PLAIN)))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(restore(EDITOR, 1, Bench.version(3), PLAIN).model().version()).isEqualTo(4);
  }

  @Test
  void leavesAReceipt() {
    bench.changes.restore(
        EDITOR, id, 1, IfMatch.NONE, PLAIN, Receipts.writer(updated -> updated.model().id()));

    assertThat(bench.store.receipts).extracting(Receipt::body).containsExactly(id);
  }

  @Test
  void takesNoViewerAndFindsNothingElse() {
    assertThat(problemOf(() -> restore(VIEWER, 1, IfMatch.NONE, PLAIN)))
        .isEqualTo(new Problem.Forbidden(Role.EDITOR));
    assertThat(problemOf(() -> restore(9, PLAIN)))
        .isEqualTo(new Problem.NotFound("revision"))
        .isEqualTo(problemOf(() -> revision(9)));
    assertThat(problemOf(() -> restore(STRANGER, 1, IfMatch.NONE, PLAIN)))
        .isEqualTo(new Problem.NotFound("model"))
        .isEqualTo(problemOf(() -> bench.models.revision(STRANGER, id, 1)))
        .isEqualTo(
            problemOf(() -> bench.models.revisions(STRANGER, id, new Page.Request(9, null))));
  }

  @Test
  void readsItsBody() {
    Map<String, @Nullable Object> body = Bench.body("acceptImpact", true);
    body.put("previewId", "prv_1");

    assertThat(Restoration.read(Fields.of(body))).isEqualTo(new Restoration("prv_1", true));
    assertThat(Restoration.read(Fields.of(Map.of()))).isEqualTo(PLAIN);
    assertThat(badFields(() -> Restoration.read(Fields.of(Map.of("sql", "select 1")))))
        .containsExactly("sql unknown");
  }
}
