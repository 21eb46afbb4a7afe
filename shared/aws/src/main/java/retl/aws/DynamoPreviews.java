package retl.aws;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.job.Job;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.Preview.Wanted;
import retl.core.preview.PreviewStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Previews in the table: an item for what became of the run, and items with the rows, see {@link
 * RowChunks}.
 */
public final class DynamoPreviews implements PreviewStore {
  private static final String SLOT = "slot";
  private static final String FEW_ROWS = "rows";

  // Each look at a preview that is over reads them too, by pages of 4 KB.
  private static final int MAX_FEW_ROWS = 16 * 1024;

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final RowChunks chunks;
  private final Clock clock;
  private final PreviewSlots slots;

  /** For functions that submit no previews. */
  public DynamoPreviews(Table table, Receipts receipts) {
    this(table, receipts, Limits.NONE);
  }

  public DynamoPreviews(Table table, Receipts receipts, Limits limits) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.chunks = new RowChunks(table);
    this.clock = receipts.clock();
    this.slots = new PreviewSlots(table, limits.previews(), clock);
  }

  @Override
  public boolean create(Caller caller, Preview preview, Audit audit, @Nullable Receipt receipt) {
    if (slots.areUnlimited()) {
      return create(caller, item(preview), audit, receipt).run(audit.id(), Created.CREATED, null)
          == Created.CREATED;
    }
    Created created = Created.SLOT_TAKEN;
    for (int round = 0; created == Created.SLOT_TAKEN; round++) {
      // Mostly nearly all places are free, so the first try needs no look. Every later round that
      // is lost is one in which somebody else submitted a preview.
      String slot = round == 0 ? slots.draw() : slots.findFree(caller.workspace());
      created =
          create(caller, item(preview).text(SLOT, slot), audit, receipt)
              .add(slots.take(caller.workspace(), slot, preview), Created.SLOT_TAKEN)
              .run(slot + audit.id(), Created.CREATED, null);
    }
    return created == Created.CREATED;
  }

  private enum Created {
    CREATED,
    REPEATED,
    SLOT_TAKEN
  }

  private Transaction<Created> create(
      Caller caller, Item item, Audit audit, @Nullable Receipt receipt) {
    Transaction<Created> create =
        new Transaction<Created>(table)
            .add(table.insert(caller.workspace(), key(item.text("id")), item), Created.REPEATED)
            .add(audits.insert(caller, audit), Created.REPEATED);
    return receipt == null ? create : create.add(receipts.write(caller, receipt), Created.REPEATED);
  }

  @Override
  public Optional<Preview> find(String workspace, String id) {
    return item(workspace, id).map(DynamoPreviews::preview);
  }

  @Override
  public Optional<Preview> start(String workspace, String id) {
    if (!isOfPreview(id)) {
      return Optional.empty();
    }
    String run = UUID.randomUUID().toString();
    return table
        .tries()
        .until(() -> tryToStart(workspace, id, run))
        .orElseThrow(() -> new Refused(new Problem.Busy()));
  }

  /** One try; empty when a transaction on the preview was in the way. */
  private Optional<Optional<Preview>> tryToStart(String workspace, String id, String run) {
    try {
      var started =
          table
              .dynamo()
              .updateItem(
                  update ->
                      update
                          .tableName(table.name())
                          .key(Table.key(workspace, key(id)))
                          .updateExpression("SET #status = :running, run = :run")
                          .conditionExpression("#status = :queued")
                          .expressionAttributeNames(Map.of("#status", "status"))
                          .expressionAttributeValues(
                              Map.of(
                                  ":queued", status(Preview.Status.QUEUED),
                                  ":running", status(Preview.Status.RUNNING),
                                  ":run", AttributeValue.fromS(run)))
                          .returnValues(ReturnValue.ALL_NEW)
                          .returnValuesOnConditionCheckFailure(
                              ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return Optional.of(Optional.of(preview(Item.of(started.attributes()))));
    } catch (ConditionalCheckFailedException e) {
      // The SDK tries again when an answer was lost, and then meets what it wrote itself.
      return Optional.of(
          Optional.of(Item.of(e.item()))
              .filter(item -> item.optionalText("run").equals(Optional.of(run)))
              .map(DynamoPreviews::preview));
    } catch (TransactionConflictException e) {
      return Optional.empty();
    }
  }

  @Override
  public void giveUp(String workspace, Preview failed) {
    TransactWriteItem end =
        changeOf(Preview.Status.QUEUED, workspace, failed.id(), outcome(failed));
    end(workspace, failed.id(), List.of(end));
  }

  @Override
  public void cancel(Caller caller, Preview preview, Audit audit) {
    String workspace = caller.workspace();
    TransactWriteItem end =
        changeOf(
            Preview.Status.QUEUED,
            workspace,
            preview.id(),
            Item.empty().text("status", Preview.Status.CANCELED.wireName()));
    List<TransactWriteItem> writes = new ArrayList<>(audits.insert(caller, audit));
    writes.addFirst(end);
    if (!end(workspace, preview.id(), writes)) {
      TransactWriteItem mark =
          changeOf(
              Preview.Status.RUNNING, workspace, preview.id(), Item.empty().flag("unwanted", true));
      new Transaction<Boolean>(table)
          .add(mark, false)
          .add(audits.insert(caller, audit), false)
          .run(UUID.randomUUID().toString(), true, null);
    }
  }

  @Override
  public boolean isCanceled(String workspace, String id) {
    return item(workspace, id)
        .filter(
            item ->
                item.optionalFlag("unwanted").orElse(false)
                    || item.text("status").equals(Preview.Status.CANCELED.wireName()))
        .isPresent();
  }

  // The rows come first: whoever sees a completed preview finds all of them. They lie at a place of
  // their own, so that a second end of the same preview, which is refused, has not written over the
  // first one's. A few rows lie in the preview's own item, which saves a write and a read.
  @Override
  public void finish(String workspace, Preview preview, List<String> rows) {
    Item outcome = outcome(preview);
    if (!rows.isEmpty()) {
      keep(workspace, preview, rows, outcome);
    }
    if (Job.isLate(clock.instant(), preview.deadline())) {
      return;
    }
    TransactWriteItem end =
        change(
            workspace,
            preview.id(),
            "#status = :queued OR #status = :running",
            outcome,
            Map.of(
                ":queued",
                status(Preview.Status.QUEUED),
                ":running",
                status(Preview.Status.RUNNING)));
    end(workspace, preview.id(), List.of(end));
  }

  private void keep(String workspace, Preview preview, List<String> rows, Item outcome) {
    Optional<byte[]> few = RowChunks.pack(rows, MAX_FEW_ROWS);
    if (few.isPresent()) {
      outcome.bytes(FEW_ROWS, few.get());
      return;
    }
    String place = key(preview.id()) + "#ROWS#" + UUID.randomUUID();
    List<Integer> firstRows = chunks.write(workspace, place, preview.expiresAt(), rows);
    outcome.text("place", place).texts("chunks", firstRows.stream().map(String::valueOf).toList());
  }

  private enum End {
    WRITTEN,
    NOT_NOW,
    SLOT_GONE
  }

  /**
   * Ends a preview, and gives its slot back unless another preview has it by now or there never was
   * one.
   *
   * @return false when one of the writes was refused
   */
  private boolean end(String workspace, String id, List<TransactWriteItem> writes) {
    Optional<String> slot = table.get(workspace, key(id)).flatMap(item -> item.optionalText(SLOT));
    End withSlot =
        slot.map(
                each ->
                    new Transaction<End>(table)
                        .add(writes, End.NOT_NOW)
                        .add(slots.giveBack(workspace, each, id), End.SLOT_GONE)
                        .run(UUID.randomUUID().toString(), End.WRITTEN, null))
            .orElse(End.SLOT_GONE);
    End ended =
        withSlot == End.SLOT_GONE
            ? new Transaction<End>(table)
                .add(writes, End.NOT_NOW)
                .run(UUID.randomUUID().toString(), End.WRITTEN, null)
            : withSlot;
    return ended == End.WRITTEN;
  }

  /** Changes a preview that is just so far; it fails when it is not. */
  private TransactWriteItem changeOf(
      Preview.Status status, String workspace, String id, Item changes) {
    return change(workspace, id, "#status = :is", changes, Map.of(":is", status(status)));
  }

  private TransactWriteItem change(
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
    return table.update(
        workspace, key(id), "SET " + String.join(", ", sets), condition, names, values);
  }

  @Override
  public List<String> rows(String workspace, String id, int from, int count) {
    return item(workspace, id).map(item -> rows(workspace, item, from, count)).orElse(List.of());
  }

  private List<String> rows(String workspace, Item item, int from, int count) {
    if (item.has(FEW_ROWS)) {
      return RowChunks.unpack(item.bytes(FEW_ROWS)).stream().skip(from).limit(count).toList();
    }
    return item.has("place")
        ? chunks.read(workspace, item.text("place"), firstRows(item), from, count)
        : List.of();
  }

  private Optional<Item> item(String workspace, String id) {
    return isOfPreview(id) ? table.get(workspace, key(id)) : Optional.empty();
  }

  private static boolean isOfPreview(String id) {
    return Ids.isId(id, "prv") || Ids.isId(id, "kch");
  }

  private static List<Integer> firstRows(Item item) {
    return item.optionalTexts("chunks").orElse(List.of()).stream().map(Integer::valueOf).toList();
  }

  private static AttributeValue status(Preview.Status status) {
    return AttributeValue.fromS(status.wireName());
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
        .number("limit", preview.wanted() instanceof Wanted.Rows(int limit) ? (long) limit : null)
        .map("key", preview.wanted() instanceof Wanted.Key key ? item(key) : null)
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
        .texts("notices", result.notices())
        .texts("guards", result.guards().stream().map(Guard::wireName).toList())
        .map("keys", result.keys() == null ? null : item(result.keys()));
  }

  private static Item item(Preview.KeyCounts keys) {
    return Item.empty()
        .number("rows", keys.rows())
        .number("distinctKeys", keys.distinctKeys())
        .number("nullKeys", keys.nullKeys())
        .texts("copies", keys.copies().stream().map(String::valueOf).toList());
  }

  private static Preview.KeyCounts keyCounts(Item item) {
    return new Preview.KeyCounts(
        item.number("rows"),
        item.number("distinctKeys"),
        item.number("nullKeys"),
        item.optionalTexts("copies").orElse(List.of()).stream().map(Long::valueOf).toList());
  }

  private static Item item(Wanted.Key key) {
    return Item.empty()
        .text("modelId", key.modelId())
        .number("revision", key.revision())
        .texts("columns", key.columns());
  }

  private static Wanted.Key key(Item item) {
    return new Wanted.Key(
        item.text("modelId"),
        (int) item.number("revision"),
        item.optionalTexts("columns").orElse(List.of()));
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
        item.optionalMap("key")
            .<Wanted>map(DynamoPreviews::key)
            .orElseGet(() -> new Wanted.Rows((int) item.number("limit"))),
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
        item.optionalTexts("notices").orElse(List.of()),
        item.optionalTexts("guards").orElse(List.of()).stream()
            .map(Guard::of)
            .collect(Collectors.toSet()),
        item.optionalMap("keys").map(DynamoPreviews::keyCounts).orElse(null));
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
