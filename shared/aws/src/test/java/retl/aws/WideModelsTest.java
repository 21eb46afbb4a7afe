package retl.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelPatch;
import retl.core.model.Models;
import retl.core.model.NewModel;
import retl.core.model.Restoration;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.Samples;
import retl.core.warehouse.Column;

/** Models with as many columns, as long a query and as long a description as there may be. */
class WideModelsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final int MOST = 800;
  private static final String SQL = "select 1 -- ".concat("€".repeat(21_840));
  private static final String OTHER_SQL = "select 2 -- ".concat("€".repeat(21_840));
  private static final String DESCRIPTION = "😀".repeat(4_096);

  private Bench bench;
  private Models models;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    bench = new Bench(AWS);
    models = new Models(bench.models, bench.drafts, bench.ids, bench.clock);
  }

  /**
   * The widest result that there may be: 800 columns, names of 240 bytes with this first letter.
   */
  private static Preview.Result widest(String letter) {
    List<Column> columns =
        IntStream.range(0, MOST)
            .mapToObj(
                i ->
                    new Column(
                        "%s%03d%s".formatted(letter, i, "é".repeat(118)),
                        Column.Type.DATETIME,
                        "TIMESTAMP_LTZ(9) 19",
                        true))
            .toList();
    return new Preview.Result(
        columns,
        1,
        true,
        1,
        Collections.nCopies(20, "€".repeat(500)),
        Set.of(Guard.values()),
        null);
  }

  private Preview run(String sql, Preview.Result result) {
    Credential credential =
        bench.credentials.find(bench.caller.workspace(), bench.credentialId).orElseThrow();
    Preview queued = Samples.queued(bench.ids.next("prv"), credential, sql, bench.clock.instant());
    bench.previews.create(bench.caller, queued, bench.audit(queued.id()), null);
    Preview completed = queued.completed(result, 5);
    bench.previews.finish(
        bench.caller.workspace(), completed, List.of("[\"" + "x".repeat(900_000) + "\"]"));
    return completed;
  }

  /** With the answer that the handler would give: longer than an item of the table can be. */
  private static <T> Receipt.Writer<T> receipts(Receipt.Once once, String body) {
    return new Receipt.Writer<>() {
      @Override
      public Receipt.Once once() {
        return once;
      }

      @Override
      public @Nullable Receipt receiptOf(T made) {
        return new Receipt(once, 200, Map.of("ETag", "\"1\""), body);
      }
    };
  }

  private Model create(Preview preview, Receipt.Once once, String answer) {
    NewModel wanted =
        NewModel.read(
            Fields.of(
                Map.of(
                    "name",
                    "😀".repeat(255),
                    "description",
                    DESCRIPTION,
                    "credentialId",
                    bench.credentialId,
                    "sql",
                    preview.sql(),
                    "previewId",
                    preview.id())));
    return models.create(bench.caller, wanted, receipts(once, answer));
  }

  @Test
  void theWidestResultIsJustAllowed() {
    assertThat(widest("a").columnsSize())
        .isBetween(Preview.Result.MAX_COLUMNS_SIZE - 200L, (long) Preview.Result.MAX_COLUMNS_SIZE);
    assertThat(SQL.getBytes(UTF_8)).hasSizeBetween(65_530, 65_536);
  }

  @Test
  void keepsPreviewModelRevisionsAndAnswers() {
    Preview first = run(SQL, widest("a"));
    assertThat(bench.previews.find(bench.caller.workspace(), first.id())).contains(first);
    Receipt.Once created = new Receipt.Once("POST /models", "k", "hash");
    String createdAnswer = "{\"sql\":\"" + "a€".repeat(200_000) + "\"}";
    Model model = create(first, created, createdAnswer);
    assertThat(bench.models.find(bench.caller.workspace(), model.id())).contains(model);

    Preview second = run(OTHER_SQL, widest("b"));
    Map<String, Object> patch = Map.of("sql", OTHER_SQL, "previewId", second.id());
    ModelChanges.Updated updated =
        bench.changes.update(
            bench.caller,
            model.id(),
            IfMatch.NONE,
            before -> ModelPatch.read(Fields.of(patch), before));
    assertThat(updated.impact().columns().added()).hasSize(MOST);
    assertThat(updated.impact().columns().removed()).hasSize(MOST);

    Receipt.Once restored = new Receipt.Once("POST /models/{id}/revisions/{n}/restore", "k", "h");
    String restoredAnswer = "{\"sql\":\"" + "a€".repeat(350_000) + "\"}";
    Model again =
        bench
            .changes
            .restore(
                bench.caller,
                model.id(),
                1,
                IfMatch.NONE,
                new Restoration(null, false),
                receipts(restored, restoredAnswer))
            .model();

    assertThat(again.columns()).isEqualTo(model.columns());
    assertThat(bench.models.find(bench.caller.workspace(), model.id())).contains(again);
    assertThat(models.revision(bench.caller, model.id(), 3).columns()).isEqualTo(model.columns());
    assertThat(answer(created)).isEqualTo(createdAnswer);
    assertThat(answer(restored)).isEqualTo(restoredAnswer);
    assertThat(bench.receipts.find(bench.caller, new Receipt.Once("POST /models", "other", "hash")))
        .isNull();
  }

  private @Nullable String answer(Receipt.Once once) {
    Receipt.Kept kept = bench.receipts.find(bench.caller, once);
    return kept == null || kept.receipt() == null ? null : kept.receipt().body();
  }

  @Test
  void aLongAnswerIsForgottenAndItsKeyUsedAgainLikeAnyOther() {
    Receipt.Once once = new Receipt.Once("POST /models", "k", "hash");
    Preview preview = run(SQL, widest("a"));
    create(preview, once, "a".repeat(900_000));

    bench.clock.advance(Duration.ofHours(25));

    assertThat(bench.receipts.find(bench.caller, once)).isNull();
    new Transaction<Boolean>(AWS.table())
        .add(
            bench.receipts.write(
                bench.caller, new Receipt(once, 201, Map.of(), "b".repeat(500_000))),
            false)
        .run(bench.ids.next("tst"), true, null);
    assertThat(answer(once)).isEqualTo("b".repeat(500_000));
  }
}
