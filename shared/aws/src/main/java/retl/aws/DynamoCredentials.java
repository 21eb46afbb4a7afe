package retl.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.NetworkRules;
import retl.core.credential.Settings;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Credentials in the table: a row, and an item for the name. The name's item carries what lists
 * filter by, so that a list is one query over small items and one read of the rows it shows.
 */
public final class DynamoCredentials implements CredentialStore {
  static final String MODEL_COUNT = "modelCount";
  static final String STATUS = "status";
  static final String PENDING = "pending";

  private static final String NAME_KIND = "CREDENTIAL";

  // Rows were checked when they were written; what an operator has closed since then fails on
  // connecting.
  private static final NetworkRules STORED =
      new NetworkRules(
          true, true, java.util.Set.of(".localhost", ".localdomain", ".internal", ".local"));

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;

  public DynamoCredentials(Table table, Receipts receipts) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
  }

  static String rowKey(String id) {
    return "CRED#" + id;
  }

  @Override
  public Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(
        table.insert(
            caller.workspace(),
            nameKey(credential),
            directoryEntry(credential).flag(PENDING, true)));
    writes.add(
        table.insert(
            caller.workspace(), rowKey(credential.id()), row(credential).flag(PENDING, true)));
    if (once != null) {
      writes.add(receipts.begin(caller, once));
    }
    OptionalInt refused = table.transact(credential.id(), writes);
    if (refused.isEmpty()) {
      return Begun.BEGUN;
    }
    // A repeat of a request that goes on also finds the name taken: by itself.
    boolean isRepeat =
        refused.getAsInt() != 0 || (once != null && receipts.find(caller, once) != null);
    return isRepeat ? Begun.REPEATED : Begun.NAME_TAKEN;
  }

  @Override
  public void activate(
      Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(removePending(caller, nameKey(credential)));
    writes.add(removePending(caller, rowKey(credential.id())));
    writes.add(audits.insert(caller, audit));
    if (receipt != null) {
      writes.add(receipts.complete(caller, receipt));
    }
    table
        .transact(audit.id(), writes)
        .ifPresent(
            write -> {
              throw new IllegalStateException(
                  "Pending credentials were changed by somebody else: write " + write);
            });
  }

  private TransactWriteItem removePending(Caller caller, String sortKey) {
    return table.update(
        caller.workspace(),
        sortKey,
        "REMOVE #pending",
        "attribute_exists(#pending)",
        Map.of("#pending", PENDING),
        Map.of());
  }

  @Override
  public void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    List<TransactWriteItem> writes = new ArrayList<>();
    for (String sortKey : List.of(nameKey(credential), rowKey(credential.id()))) {
      writes.add(
          table.delete(
              caller.workspace(),
              sortKey,
              "id = :id AND attribute_exists(" + PENDING + ")",
              Map.of(":id", AttributeValue.fromS(credential.id()))));
    }
    if (once != null) {
      writes.add(receipts.abandon(caller, once));
    }
    table.transact("del-" + credential.id(), writes);
  }

  @Override
  public Optional<Credential> find(String workspace, String id) {
    return table
        .find(workspace, rowKey(id), id, "crd")
        .filter(item -> !item.has(PENDING))
        .map(DynamoCredentials::credential);
  }

  @Override
  public Page<Credential> list(Caller caller, Filter filter, Page.Request page) {
    Credential.Status status = filter.status();
    Warehouse warehouse = filter.warehouse();
    Table.Filter conditions =
        Table.Filter.all(
            new Table.Filter("attribute_not_exists(pending)", Map.of(), Map.of()),
            Table.Filter.equal("warehouse", warehouse == null ? null : warehouse.wireName()),
            Table.Filter.equal(STATUS, status == null ? null : status.wireName()));
    return new Directory(table, NAME_KIND)
        .page(caller.workspace(), filter.search(), conditions, page, DynamoCredentials::rowKey)
        .map(DynamoCredentials::credential);
  }

  @Override
  public void recordValidation(
      String workspace,
      String id,
      int secretVersion,
      Credential.Status status,
      Credential.LastValidation last) {
    Optional<Credential> current = find(workspace, id);
    if (current.isEmpty()) {
      return;
    }
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":status", AttributeValue.fromS(status.wireName()));
    values.put(":last", AttributeValue.fromM(lastValidation(last).attributes()));
    values.put(":secretVersion", AttributeValue.fromN(Integer.toString(secretVersion)));
    values.put(":one", AttributeValue.fromN("1"));
    // Refused when the credentials were changed or deleted meanwhile: then the result says nothing
    // of them.
    table.transact(
        last.id(),
        List.of(
            table.update(
                workspace,
                rowKey(id),
                "SET #status = :status, lastValidation = :last ADD version :one",
                "secretVersion = :secretVersion",
                Map.of("#status", STATUS),
                values),
            table.update(
                workspace,
                nameKey(current.get()),
                "SET #status = :status",
                "id = :id",
                Map.of("#status", STATUS),
                Map.of(
                    ":status",
                    AttributeValue.fromS(status.wireName()),
                    ":id",
                    AttributeValue.fromS(id)))));
  }

  private static String nameKey(Credential credential) {
    return Table.nameKey(NAME_KIND, Name.fold(credential.name()));
  }

  private static Item directoryEntry(Credential credential) {
    return Item.empty()
        .text("id", credential.id())
        .text("warehouse", credential.warehouse().wireName())
        .text(STATUS, credential.status().wireName());
  }

  private static Item row(Credential credential) {
    Credential.LastValidation last = credential.lastValidation();
    return Item.empty()
        .text("id", credential.id())
        .text("name", credential.name())
        .text("warehouse", credential.warehouse().wireName())
        .map("settings", settingsItem(credential.settings()))
        .texts("secretFields", credential.secretFields())
        .number("secretVersion", credential.secretVersion())
        .text(STATUS, credential.status().wireName())
        .map("lastValidation", last == null ? null : lastValidation(last))
        .number(MODEL_COUNT, 0)
        .time("createdAt", credential.createdAt())
        .text("createdBy", credential.createdBy())
        .time("updatedAt", credential.updatedAt())
        .text("updatedBy", credential.updatedBy())
        .number("version", credential.version());
  }

  private static Item lastValidation(Credential.LastValidation last) {
    return Item.empty()
        .text("id", last.id())
        .text("status", last.status())
        .text("code", last.code())
        .time("finishedAt", last.finishedAt());
  }

  private static Credential credential(Item item) {
    return new Credential(
        item.text("id"),
        item.text("name"),
        settings(item),
        item.optionalTexts("secretFields").orElse(List.of()),
        (int) item.number("secretVersion"),
        Credential.Status.valueOf(item.text(STATUS).toUpperCase(Locale.ROOT)),
        item.optionalMap("lastValidation")
            .map(
                last ->
                    new Credential.LastValidation(
                        last.text("id"),
                        last.text("status"),
                        last.optionalText("code").orElse(null),
                        last.time("finishedAt")))
            .orElse(null),
        item.time("createdAt"),
        item.text("createdBy"),
        item.time("updatedAt"),
        item.text("updatedBy"),
        item.number("version"));
  }

  /** The settings of an item that has {@code warehouse} and {@code settings}. */
  static Settings settings(Item item) {
    Warehouse warehouse =
        Warehouse.of(item.text("warehouse"))
            .orElseThrow(() -> new IllegalStateException("An item has an unknown warehouse."));
    Map<String, @Nullable Object> values = new HashMap<>();
    item.optionalMap("settings")
        .orElseGet(Item::empty)
        .attributes()
        .forEach(
            (field, value) ->
                values.put(field, value.n() == null ? value.s() : Long.valueOf(value.n())));
    Fields fields = Fields.of(values);
    Settings settings = Settings.read(warehouse, fields, STORED);
    fields.end();
    return settings;
  }

  /** The attributes from which {@link #settings} reads. */
  static Item settingsItem(Settings settings) {
    Item values = Item.empty();
    settings
        .values()
        .forEach(
            (field, value) -> {
              if (value instanceof Integer number) {
                values.number(field, number);
              } else {
                values.text(field, value.toString());
              }
            });
    return values;
  }
}
