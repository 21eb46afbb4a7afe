package retl.aws;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Receipt;
import retl.core.job.Job;
import retl.core.preview.Preview;
import retl.core.preview.PreviewStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Previews in the table: an item for what became of the run, and items with the rows, see {@link
 * RowChunks}.
 */
public final class DynamoPreviews implements PreviewStore {
  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final RowChunks chunks;
  private final Clock clock;

  public DynamoPreviews(Table table, Receipts receipts) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.chunks = new RowChunks(table);
    this.clock = receipts.clock();
  }

  @Override
  public boolean create(Caller caller, Preview preview, Audit audit, @Nullable Receipt receipt) {
    Transaction<Boolean> create =
        new Transaction<Boolean>(table)
            .add(table.insert(caller.workspace(), key(preview.id()), item(preview)), false)
            .add(audits.insert(caller, audit), false);
    if (receipt != null) {
      create.add(receipts.write(caller, receipt), false);
    }
    return create.run(audit.id(), true, null);
  }

  @Override
  public Optional<Preview> find(String workspace, String id) {
    return table.find(workspace, key(id), id, "prv").map(DynamoPreviews::preview);
  }

  @Override
  public boolean start(String workspace, Preview preview) {
    return change(
        workspace,
        preview.id(),
        "#status = :queued",
        Item.empty().text("status", Preview.Status.RUNNING.wireName()),
        Map.of(":queued", AttributeValue.fromS(Preview.Status.QUEUED.wireName())));
  }

  // The rows come first: whoever sees a completed preview finds all of them. They lie at a place of
  // their own, so that
  // a second end of the same preview, which is refused, has not written over the first one's.
  @Override
  public void finish(String workspace, Preview preview, List<String> rows) {
    String place = key(preview.id()) + "#ROWS#" + UUID.randomUUID();
    List<Integer> firstRows = chunks.write(workspace, place, preview.expiresAt(), rows);
    if (Job.isLate(clock.instant(), preview.deadline())) {
      return;
    }
    Item outcome =
        outcome(preview)
            .text("place", place)
            .texts("chunks", firstRows.stream().map(String::valueOf).toList());
    change(
        workspace,
        preview.id(),
        "#status = :queued OR #status = :running",
        outcome,
        Map.of(
            ":queued",
            AttributeValue.fromS(Preview.Status.QUEUED.wireName()),
            ":running",
            AttributeValue.fromS(Preview.Status.RUNNING.wireName())));
  }

  // A transaction even for one item: its token makes the SDK's second try after a lost answer the
  // same write.
  private boolean change(
      String workspace,
      String id,
      String condition,
      Item changes,
      Map<String, AttributeValue> conditionValues) {
    Map<String, String> names = new HashMap<>(Map.of("#status", "status"));
    Map<String, AttributeValue> values = new HashMap<>(conditionValues);
    List<String> sets = new ArrayList<>();
    changes
        .attributes()
        .forEach(
            (attribute, value) -> {
              names.put("#" + attribute, attribute);
              values.put(":new_" + attribute, value);
              sets.add("#" + attribute + " = :new_" + attribute);
            });
    TransactWriteItem write =
        table.update(
            workspace, key(id), "SET " + String.join(", ", sets), condition, names, values);
    return new Transaction<Boolean>(table)
        .add(write, false)
        .run(UUID.randomUUID().toString(), true, null);
  }

  @Override
  public List<String> rows(String workspace, String id, int from, int count) {
    return table
        .find(workspace, key(id), id, "prv")
        .filter(item -> item.has("place"))
        .map(item -> chunks.read(workspace, item.text("place"), firstRows(item), from, count))
        .orElse(List.of());
  }

  private static List<Integer> firstRows(Item item) {
    return item.optionalTexts("chunks").orElse(List.of()).stream().map(Integer::valueOf).toList();
  }

  private static String key(String id) {
    return "PREVIEW#" + id;
  }

  private static Item item(Preview preview) {
    return outcome(preview)
        .text("id", preview.id())
        .text("credentialId", preview.credentialId())
        .number("targetVersion", preview.targetVersion())
        .text("sql", preview.sql())
        .number("limit", preview.limit())
        .time("deadline", preview.deadline())
        .time("expiresAt", preview.expiresAt())
        .expires(preview.expiresAt());
  }

  private static Item outcome(Preview preview) {
    Preview.Result result = preview.result();
    Preview.Failure failure = preview.failure();
    return Item.empty()
        .text("status", preview.status().wireName())
        .map("result", result == null ? null : item(result))
        .map("failure", failure == null ? null : item(failure))
        .number("durationMs", preview.durationMs());
  }

  private static Item item(Preview.Result result) {
    return Item.empty()
        .maps("columns", Columns.items(result.columns()))
        .number("rowCount", result.rowCount())
        .flag("limited", result.limited())
        .number("truncatedCells", result.truncatedCells())
        .texts("notices", result.notices());
  }

  private static Item item(Preview.Failure failure) {
    Item item = Item.empty().text("code", failure.code()).text("message", failure.message());
    Preview.Place at = failure.at();
    if (at != null) {
      item.number("line", at.line()).number("column", at.column()).number("offset", at.offset());
    }
    return item;
  }

  private static Preview preview(Item item) {
    return new Preview(
        item.text("id"),
        Preview.Status.valueOf(item.text("status").toUpperCase(Locale.ROOT)),
        item.text("credentialId"),
        (int) item.number("targetVersion"),
        item.text("sql"),
        (int) item.number("limit"),
        item.optionalMap("result").map(DynamoPreviews::result).orElse(null),
        item.optionalMap("failure").map(DynamoPreviews::failure).orElse(null),
        item.optionalNumber("durationMs").orElse(null),
        item.time("deadline"),
        item.time("expiresAt"));
  }

  private static Preview.Result result(Item item) {
    return new Preview.Result(
        Columns.columns(item.optionalMaps("columns").orElse(List.of())),
        (int) item.number("rowCount"),
        item.optionalFlag("limited").orElse(false),
        (int) item.number("truncatedCells"),
        item.optionalTexts("notices").orElse(List.of()));
  }

  private static Preview.Failure failure(Item item) {
    return new Preview.Failure(
        item.text("code"),
        item.text("message"),
        item.optionalNumber("line")
            .map(
                line ->
                    new Preview.Place(
                        line.intValue(), (int) item.number("column"), (int) item.number("offset")))
            .orElse(null));
  }
}
