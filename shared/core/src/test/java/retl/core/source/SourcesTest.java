package retl.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static retl.core.Callers.ADMIN;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Name;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.source.SourceStore.Created;
import retl.core.source.SourceStore.Deleted;
import retl.core.source.SourceStore.Written;

class SourcesTest {
  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);

  private final SourcesInMemory store = new SourcesInMemory();
  private final TestClock clock = new TestClock();
  private int number;
  private final Sources sources = new Sources(store, type -> type + "_" + ++number, clock);

  private static NewSource wanted(String name) {
    return new NewSource(new Name(name), "mdl_1", true);
  }

  private Source saved() {
    return sources.create(EDITOR, wanted("Orders"), Receipt.Writer.none());
  }

  private static Function<Source, SourcePatch> to(Map<String, Object> body) {
    return before -> SourcePatch.read(Fields.of(body), before);
  }

  private static IfMatch version(long version) {
    return new IfMatch(true, false, Set.of(version));
  }

  @Test
  void savesASource() {
    Source made = sources.create(EDITOR, wanted("Orders"), Receipts.writer(Source::id));

    assertThat(made)
        .isEqualTo(
            new Source(
                "src_1", "Orders", "mdl_1", true, 0, NOW, "tok_editor", NOW, "tok_editor", 1));
    assertThat(store.kept).containsEntry("ws1src_1", made);
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_2",
                NOW,
                "tok_editor",
                "source.created",
                "src_1",
                List.of("name", "modelId", "enabled"),
                "req-1"));
    assertThat(store.receipts).extracting(Receipt::body).containsExactly("src_1");
  }

  @Test
  void tellsWhyNothingWasSaved() {
    Collections.addAll(store.creates, Created.NAME_TAKEN, Created.MODEL_GONE, Created.REPEATED);

    assertThat(problemOf(this::saved)).isEqualTo(new Problem.NameTaken("source", "Orders"));
    assertThat(badFields(this::saved)).containsExactly("modelId not_found");
    assertThat(problemOf(this::saved)).isEqualTo(new Problem.RequestInProgress());
  }

  @Test
  void changesWhatIsGivenAndNothingElse() {
    saved();
    clock.advance(Duration.ofMinutes(1));

    Source moved = sources.update(ADMIN, "src_1", version(1), to(Map.of("modelId", "mdl_2")));
    Source off = sources.update(ADMIN, "src_1", IfMatch.NONE, to(Map.of("enabled", false)));
    Source renamed = sources.update(ADMIN, "src_1", IfMatch.NONE, to(Map.of("name", " Sales ")));

    assertThat(moved.modelId()).isEqualTo("mdl_2");
    assertThat(renamed)
        .isEqualTo(
            new Source(
                "src_1",
                "Sales",
                "mdl_2",
                false,
                0,
                NOW,
                "tok_editor",
                NOW.plusSeconds(60),
                "tok_admin",
                4));
    assertThat(off.version()).isEqualTo(3);
    assertThat(store.audits)
        .extracting(Audit::action, Audit::fields)
        .endsWith(
            tuple("source.updated", List.of("modelId")),
            tuple("source.updated", List.of("enabled")),
            tuple("source.updated", List.of("name")));
  }

  @Test
  void writesNothingWhenNothingChanges() {
    Source made = saved();

    assertThat(
            sources.update(
                EDITOR,
                "src_1",
                IfMatch.NONE,
                to(Map.of("name", "Orders", "modelId", "mdl_1", "enabled", true))))
        .isEqualTo(made);
    assertThat(store.audits).hasSize(1);
  }

  @Test
  void tellsWhyNothingWasChanged() {
    saved();
    Collections.addAll(store.updates, Written.NAME_TAKEN, Written.MODEL_GONE);

    assertThat(
            problemOf(
                () -> sources.update(EDITOR, "src_1", IfMatch.NONE, to(Map.of("name", "Sales")))))
        .isEqualTo(new Problem.NameTaken("source", "Sales"));
    assertThat(
            badFields(
                () -> sources.update(EDITOR, "src_1", IfMatch.NONE, to(Map.of("modelId", "m")))))
        .containsExactly("modelId not_found");
    assertThat(
            problemOf(
                () -> sources.update(EDITOR, "src_1", version(7), to(Map.of("name", "Sales")))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(problemOf(() -> sources.delete(EDITOR, "src_1", version(7))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(store.kept.get("ws1src_1")).isNotNull();
  }

  @Test
  void plansAChangeAnewWhenOthersWereFaster() {
    saved();
    Collections.addAll(store.updates, Written.VERSION_CONFLICT, Written.VERSION_CONFLICT);
    store.deletes.add(Deleted.VERSION_CONFLICT);

    assertThat(sources.update(EDITOR, "src_1", IfMatch.NONE, to(Map.of("name", "Sales"))).name())
        .isEqualTo("Sales");
    sources.delete(EDITOR, "src_1", IfMatch.NONE);

    assertThat(store.kept).isEmpty();
  }

  @Test
  void givesUpWhenOthersAreAlwaysFaster() {
    saved();
    store.updates.addAll(Collections.nCopies(100, Written.VERSION_CONFLICT));
    store.deletes.addAll(Collections.nCopies(100, Deleted.VERSION_CONFLICT));

    assertThat(
            problemOf(
                () -> sources.update(EDITOR, "src_1", IfMatch.NONE, to(Map.of("name", "Sales")))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(problemOf(() -> sources.delete(EDITOR, "src_1", IfMatch.NONE)))
        .isEqualTo(new Problem.VersionConflict());
  }

  @Test
  void keepsASourceThatConnectionsDrawFrom() {
    saved();
    store.deletes.add(Deleted.IN_USE);

    assertThat(problemOf(() -> sources.delete(EDITOR, "src_1", IfMatch.NONE)))
        .isEqualTo(new Problem.SourceInUse("Orders"));
  }

  @Test
  void needsAnEditorBeforeItLooksAtAnything() {
    Problem forbidden = new Problem.Forbidden(Role.EDITOR);

    assertThat(problemOf(() -> sources.create(VIEWER, wanted("Orders"), Receipt.Writer.none())))
        .isEqualTo(forbidden);
    assertThat(
            problemOf(
                () -> sources.update(VIEWER, "none", IfMatch.NONE, to(Map.of("name", "Sales")))))
        .isEqualTo(forbidden);
    assertThat(problemOf(() -> sources.delete(VIEWER, "none", IfMatch.NONE))).isEqualTo(forbidden);
  }

  @Test
  void knowsNothingOfOtherWorkspaces() {
    saved();

    assertThat(sources.get(VIEWER, "src_1").name()).isEqualTo("Orders");
    assertThat(problemOf(() -> sources.get(STRANGER, "src_1")))
        .isEqualTo(new Problem.NotFound("source"));
    assertThat(problemOf(() -> sources.delete(STRANGER, "src_1", IfMatch.NONE)))
        .isEqualTo(new Problem.NotFound("source"));
  }
}
