package retl.aws;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.preview.Previews;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Models in the table: a row, an item for the name, and one for each revision. */
public final class DynamoModels implements ModelStore, Previews.SavedQueries {
  static final String NAME_KIND = "MODEL";

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;

  public DynamoModels(Table table, Receipts receipts) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
  }

  @Override
  public Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt) {
    String workspace = caller.workspace();
    Transaction<Created> create =
        new Transaction<Created>(table)
            .add(
                table.insert(workspace, nameKey(model), directoryEntry(model)), Created.NAME_TAKEN)
            .add(countOnCredential(workspace, model), Created.CREDENTIAL_NOT_VALID)
            .add(table.insert(workspace, rowKey(model.id()), row(model)), Created.REPEATED)
            .add(
                table.insert(
                    workspace, rowKey(model.id()) + "#REV#" + model.revision(), revision(model)),
                Created.REPEATED)
            .add(audits.insert(caller, audit), Created.REPEATED);
    if (receipt != null) {
      create.add(receipts.write(caller, receipt), Created.REPEATED);
    }
    Created created = create.run(audit.id(), Created.CREATED, null);
    return switch (created) {
      case NAME_TAKEN -> repeatedOr(caller, receipt, created);
      case CREDENTIAL_NOT_VALID -> whyNotCounted(workspace, model);
      default -> created;
    };
  }

  // A repeat of a request that succeeded also finds the name taken: by itself.
  private Created repeatedOr(Caller caller, @Nullable Receipt receipt, Created otherwise) {
    return receipt != null && receipts.find(caller, receipt.once()) != null
        ? Created.REPEATED
        : otherwise;
  }

  private TransactWriteItem countOnCredential(String workspace, Model model) {
    return table.update(
        workspace,
        DynamoCredentials.rowKey(model.credentialId()),
        "ADD #count :one",
        "attribute_exists(PK) AND attribute_not_exists(#pending) AND #status <> :failing",
        Map.of(
            "#count",
            DynamoCredentials.MODEL_COUNT,
            "#pending",
            DynamoCredentials.PENDING,
            "#status",
            DynamoCredentials.STATUS),
        Map.of(
            ":one",
            AttributeValue.fromN("1"),
            ":failing",
            AttributeValue.fromS(Credential.Status.FAILING.wireName())));
  }

  private Created whyNotCounted(String workspace, Model model) {
    return table
        .get(workspace, DynamoCredentials.rowKey(model.credentialId()))
        .filter(item -> !item.has(DynamoCredentials.PENDING))
        .map(item -> Created.CREDENTIAL_NOT_VALID)
        .orElse(Created.CREDENTIAL_GONE);
  }

  @Override
  public Optional<Model> find(String workspace, String id) {
    return table.find(workspace, rowKey(id), id, "mdl").map(DynamoModels::model);
  }

  @Override
  public Optional<Previews.SavedQuery> findQuery(String workspace, String modelId) {
    return find(workspace, modelId)
        .map(model -> new Previews.SavedQuery(model.credentialId(), model.sql()));
  }

  @Override
  public Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page) {
    Warehouse warehouse = filter.warehouse();
    Table.Filter conditions =
        Table.Filter.all(
            Table.Filter.equal("credentialId", filter.credentialId()),
            Table.Filter.equal("warehouse", warehouse == null ? null : warehouse.wireName()));
    return new Directory(table, NAME_KIND)
        .page(caller.workspace(), filter.search(), conditions, page, DynamoModels::rowKey)
        .map(item -> model(item).summary());
  }

  static String rowKey(String id) {
    return "MODEL#" + id;
  }

  private static String nameKey(Model model) {
    return Table.nameKey(NAME_KIND, Name.fold(model.name()));
  }

  private static Item directoryEntry(Model model) {
    return Item.empty()
        .text("id", model.id())
        .text("credentialId", model.credentialId())
        .text("warehouse", model.warehouse().wireName());
  }

  private static Item row(Model model) {
    return revision(model)
        .number("sourceCount", model.sourceCount())
        .time("createdAt", model.createdAt())
        .text("createdBy", model.createdBy())
        .number("version", model.version());
  }

  private static Item revision(Model model) {
    Model.Verified verified = model.verified();
    List<retl.core.warehouse.Column> columns = model.columns();
    return Item.empty()
        .text("id", model.id())
        .text("name", model.name())
        .text("description", model.description())
        .text("credentialId", model.credentialId())
        .text("warehouse", model.warehouse().wireName())
        .text("sql", model.sql())
        .texts("primaryKey", model.primaryKey())
        .maps("columns", columns == null ? null : Columns.items(columns))
        .map(
            "verified",
            verified == null
                ? null
                : Item.empty().text("previewId", verified.previewId()).time("at", verified.at()))
        .number("revision", model.revision())
        .time("updatedAt", model.updatedAt())
        .text("updatedBy", model.updatedBy());
  }

  private static Model model(Item item) {
    return new Model(
        item.text("id"),
        item.text("name"),
        item.optionalText("description").orElse(null),
        item.text("credentialId"),
        Warehouse.of(item.text("warehouse"))
            .orElseThrow(() -> new IllegalStateException("An item has an unknown warehouse.")),
        item.text("sql"),
        item.optionalTexts("primaryKey").orElse(null),
        item.optionalMaps("columns").map(Columns::columns).orElse(null),
        item.optionalMap("verified")
            .map(verified -> new Model.Verified(verified.text("previewId"), verified.time("at")))
            .orElse(null),
        (int) item.number("revision"),
        (int) item.number("sourceCount"),
        item.time("createdAt"),
        item.text("createdBy"),
        item.time("updatedAt"),
        item.text("updatedBy"),
        item.number("version"));
  }
}
