package retl.aws;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.source.Source;
import retl.core.source.SourceStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Sources in the table: a row and two items for the name, one among all sources and one among those
 * of its model, so that the sources of a model are found without looking at others.
 */
public final class DynamoSources implements SourceStore {
  private static final String NAME_KIND = "SOURCE";
  private static final String IF_OWN = "id = :id";

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final Counts counts;

  /** For functions that create no sources. */
  public DynamoSources(Table table, Receipts receipts) {
    this(table, receipts, Limits.NONE);
  }

  public DynamoSources(Table table, Receipts receipts, Limits limits) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.counts = new Counts(table, "sources", limits.sources());
  }

  @Override
  public Created create(Caller caller, Source source, Audit audit, @Nullable Receipt receipt) {
    if (!isModelId(source.modelId())) {
      return Created.MODEL_GONE;
    }
    String workspace = caller.workspace();
    Transaction<Created> create =
        new Transaction<Created>(table)
            .add(count(workspace, source.modelId(), 1), Created.MODEL_GONE)
            .add(table.insert(workspace, nameKey(source), entry(source)), Created.NAME_TAKEN)
            .add(table.insert(workspace, modelKey(source), entry(source)), Created.NAME_TAKEN)
            .add(table.insert(workspace, rowKey(source.id()), row(source)), Created.REPEATED)
            .add(audits.insert(caller, audit), Created.REPEATED);
    if (receipt != null) {
      create.add(receipts.write(caller, receipt), Created.REPEATED);
    }
    Created created = counts.addOne(create, workspace).run(audit.id(), Created.CREATED, null);
    // A repeat of a request that succeeded also finds the name taken: by itself.
    boolean isRepeat =
        created != Created.CREATED
            && receipt != null
            && receipts.find(caller, receipt.once()) != null;
    return isRepeat ? Created.REPEATED : created;
  }

  @Override
  public <T> T onNewest(String workspace, String id, Function<Source, Optional<T>> attempt) {
    return table
        .tries()
        .until(() -> attempt.apply(find(workspace, id).orElseThrow(DynamoSources::notFound)))
        .orElseThrow(() -> new Refused(new Problem.VersionConflict()));
  }

  private static Refused notFound() {
    return new Refused(new Problem.NotFound("source"));
  }

  @Override
  public Written update(Caller caller, Source before, Source after, Audit audit) {
    boolean isMoved = !before.modelId().equals(after.modelId());
    if (isMoved && !isModelId(after.modelId())) {
      return Written.MODEL_GONE;
    }
    String workspace = caller.workspace();
    Transaction<Written> update =
        new Transaction<Written>(table)
            .add(
                table.put(
                    workspace,
                    rowKey(after.id()),
                    row(after),
                    "version = :before",
                    Map.of(":before", number(before.version()))),
                Written.VERSION_CONFLICT);
    if (isMoved) {
      update
          .add(count(workspace, after.modelId(), 1), Written.MODEL_GONE)
          .add(count(workspace, before.modelId(), -1), Written.VERSION_CONFLICT);
    }
    moveEntry(update, workspace, nameKey(before), nameKey(after), after);
    moveEntry(update, workspace, modelKey(before), modelKey(after), after);
    return update
        .add(audits.insert(caller, audit), Written.VERSION_CONFLICT)
        .tryOnce(audit.id(), Written.WRITTEN)
        .orElse(Written.VERSION_CONFLICT);
  }

  // The old key is free, and the new one taken, in the moment in which the row changes.
  private void moveEntry(
      Transaction<Written> update, String workspace, String from, String to, Source after) {
    if (from.equals(to)) {
      update.add(
          table.put(workspace, to, entry(after), IF_OWN, own(after)), Written.VERSION_CONFLICT);
    } else {
      update
          .add(table.insert(workspace, to, entry(after)), Written.NAME_TAKEN)
          .add(table.delete(workspace, from, IF_OWN, own(after)), Written.VERSION_CONFLICT);
    }
  }

  @Override
  public Deleted delete(Caller caller, Source source, Audit audit) {
    String workspace = caller.workspace();
    Transaction<Deleted> delete =
        new Transaction<Deleted>(table)
            .add(
                table.delete(
                    workspace,
                    rowKey(source.id()),
                    "version = :version AND connectionCount = :none",
                    Map.of(":version", number(source.version()), ":none", number(0))),
                Deleted.VERSION_CONFLICT)
            .add(count(workspace, source.modelId(), -1), Deleted.VERSION_CONFLICT)
            .add(
                table.delete(workspace, nameKey(source), IF_OWN, own(source)),
                Deleted.VERSION_CONFLICT)
            .add(
                table.delete(workspace, modelKey(source), IF_OWN, own(source)),
                Deleted.VERSION_CONFLICT)
            .add(audits.insert(caller, audit), Deleted.VERSION_CONFLICT);
    Deleted deleted =
        counts
            .removeOne(delete, workspace)
            .tryOnce(audit.id(), Deleted.DELETED)
            .orElse(Deleted.VERSION_CONFLICT);
    return deleted == Deleted.VERSION_CONFLICT && isUsed(workspace, source.id())
        ? Deleted.IN_USE
        : deleted;
  }

  private boolean isUsed(String workspace, String id) {
    return find(workspace, id).filter(source -> source.connectionCount() > 0).isPresent();
  }

  // The model's version changes with its count: both are in what a reader of the model gets.
  private TransactWriteItem count(String workspace, String modelId, int by) {
    return table.update(
        workspace,
        DynamoModels.rowKey(modelId),
        "ADD #count :by, version :one",
        "attribute_exists(PK)",
        Map.of("#count", DynamoModels.SOURCE_COUNT),
        Map.of(":by", number(by), ":one", number(1)));
  }

  @Override
  public Optional<Source> find(String workspace, String id) {
    return table.find(workspace, rowKey(id), id, "src").map(DynamoSources::source);
  }

  @Override
  public Page<Source> list(Caller caller, Filter filter, Page.Request page) {
    String modelId = filter.modelId();
    if (modelId != null && !isModelId(modelId)) {
      return new Page<>(List.of(), null);
    }
    Boolean enabled = filter.enabled();
    Table.Filter conditions =
        Table.Filter.equal("enabled", enabled == null ? null : enabled.toString());
    String kind = modelId == null ? NAME_KIND : kindOf(modelId);
    return new Directory(table, kind)
        .page(caller.workspace(), filter.search(), conditions, page, DynamoSources::rowKey)
        .map(DynamoSources::source);
  }

  private static boolean isModelId(String text) {
    return Ids.isId(text, "mdl");
  }

  static String rowKey(String id) {
    return "SOURCE#" + id;
  }

  private static String nameKey(Source source) {
    return Table.nameKey(NAME_KIND, Name.fold(source.name()));
  }

  private static String modelKey(Source source) {
    return Table.nameKey(kindOf(source.modelId()), Name.fold(source.name()));
  }

  /** What the sources of one model are listed under. */
  static String kindOf(String modelId) {
    return NAME_KIND + "@" + modelId;
  }

  private static Map<String, AttributeValue> own(Source source) {
    return Map.of(":id", AttributeValue.fromS(source.id()));
  }

  private static Item entry(Source source) {
    return Item.empty().text("id", source.id()).text("enabled", Boolean.toString(source.enabled()));
  }

  private static Item row(Source source) {
    return Item.empty()
        .text("id", source.id())
        .text("name", source.name())
        .text("modelId", source.modelId())
        .flag("enabled", source.enabled())
        .number("connectionCount", source.connectionCount())
        .time("createdAt", source.createdAt())
        .text("createdBy", source.createdBy())
        .time("updatedAt", source.updatedAt())
        .text("updatedBy", source.updatedBy())
        .number("version", source.version());
  }

  private static Source source(Item item) {
    return new Source(
        item.text("id"),
        item.text("name"),
        item.text("modelId"),
        item.optionalFlag("enabled").orElse(true),
        (int) item.number("connectionCount"),
        item.time("createdAt"),
        item.text("createdBy"),
        item.time("updatedAt"),
        item.text("updatedBy"),
        item.number("version"));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
