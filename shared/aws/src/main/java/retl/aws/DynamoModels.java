package retl.aws;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.credential.Credential;
import retl.core.credential.Unfinished;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Revision;
import retl.core.preview.Previews;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Models in the table: a row, an item for the name, and one for each revision. */
public final class DynamoModels implements ModelStore, Previews.SavedQueries {
  static final String SOURCE_COUNT = ModelItems.SOURCE_COUNT;

  private static final String IF_OWN = "id = :id";

  // Rows that were written before targets were counted have had one.
  private static final String STILL_THERE = "(attribute_not_exists(#target) OR #target = :target)";

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final DynamoUnfinished unfinished;
  private final Counts counts;

  /** For functions that create no models. */
  public DynamoModels(Table table, Receipts receipts) {
    this(table, receipts, Limits.NONE);
  }

  public DynamoModels(Table table, Receipts receipts, Limits limits) {
    this.counts = new Counts(table, "models", limits.models());
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.unfinished = new DynamoUnfinished(table);
  }

  static String rowKey(String id) {
    return ModelItems.rowKey(id);
  }

  @Override
  public Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt) {
    String workspace = caller.workspace();
    Transaction<Created> create =
        new Transaction<Created>(table)
            .add(
                table.insert(
                    workspace, ModelItems.nameKey(model), ModelItems.directoryEntry(model)),
                Created.NAME_TAKEN)
            .add(countOnCredential(workspace, model), Created.CREDENTIAL_NOT_VALID)
            .add(
                table.insert(workspace, ModelItems.rowKey(model.id()), ModelItems.row(model)),
                Created.REPEATED)
            .add(
                insertRevision(
                    workspace, model.id(), Revision.of(model, audit.fields(), null, List.of())),
                Created.REPEATED)
            .add(audits.insert(caller, audit), Created.REPEATED);
    if (receipt != null) {
      create.add(receipts.write(caller, receipt), Created.REPEATED);
    }
    Created created = counts.addOne(create, workspace).run(audit.id(), Created.CREATED, null);
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
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":one", number(1));
    values.put(":failing", AttributeValue.fromS(Credential.Status.FAILING.wireName()));
    Map<String, String> names = new HashMap<>();
    names.put("#count", DynamoCredentials.MODEL_COUNT);
    names.put("#pending", DynamoCredentials.PENDING);
    names.put("#status", DynamoCredentials.STATUS);
    String condition =
        "attribute_exists(PK) AND attribute_not_exists(#pending) AND #status <> :failing";
    Model.Verified verified = model.verified();
    if (verified != null) {
      condition += " AND " + STILL_THERE;
      names.put("#target", CredentialItems.TARGET_VERSION);
      values.put(":target", number(verified.targetVersion()));
    }
    return table.update(
        workspace,
        DynamoCredentials.rowKey(model.credentialId()),
        "ADD #count :one",
        condition,
        names,
        values);
  }

  private Created whyNotCounted(String workspace, Model model) {
    Optional<Item> credential =
        table
            .get(workspace, DynamoCredentials.rowKey(model.credentialId()))
            .filter(item -> !item.has(DynamoCredentials.PENDING));
    if (credential.isEmpty()) {
      return Created.CREDENTIAL_GONE;
    }
    boolean fails =
        credential
            .get()
            .text(DynamoCredentials.STATUS)
            .equals(Credential.Status.FAILING.wireName());
    return fails ? Created.CREDENTIAL_NOT_VALID : Created.CREDENTIAL_MOVED;
  }

  private TransactWriteItem insertRevision(String workspace, String modelId, Revision revision) {
    return table.insert(
        workspace,
        ModelItems.revisionKey(modelId, revision.number()),
        ModelItems.revision(revision));
  }

  @Override
  public <T> T onNewest(String workspace, String id, Function<Model, Optional<T>> attempt) {
    return table
        .tries()
        .until(() -> attempt.apply(find(workspace, id).orElseThrow(DynamoModels::notFound)))
        .orElseThrow(() -> new Refused(new Problem.VersionConflict()));
  }

  private static Refused notFound() {
    return new Refused(new Problem.NotFound("model"));
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit, @Nullable Receipt receipt) {
    String workspace = caller.workspace();
    Transaction<Written> update =
        new Transaction<Written>(table).add(updateRow(workspace, change), Written.VERSION_CONFLICT);
    addName(update, workspace, change);
    addCredentials(update, workspace, change);
    Revision revision = change.revision();
    if (revision != null) {
      update.add(
          insertRevision(workspace, change.after().id(), revision), Written.VERSION_CONFLICT);
    }
    if (receipt != null) {
      update.add(receipts.write(caller, receipt), Written.REPEATED);
    }
    return update
        .add(audits.insert(caller, audit), Written.VERSION_CONFLICT)
        .tryOnce(audit.id(), Written.WRITTEN)
        .orElse(Written.VERSION_CONFLICT);
  }

  // The sources are counted by others, so the row is not written whole.
  private TransactWriteItem updateRow(String workspace, Change change) {
    return table.replace(
        workspace,
        ModelItems.rowKey(change.after().id()),
        ModelItems.row(change.before()),
        ModelItems.row(change.after()),
        Set.of(ModelItems.SOURCE_COUNT),
        null);
  }

  // The old name is free, and the new one taken, in the moment in which the row changes.
  private void addName(Transaction<Written> update, String workspace, Change change) {
    String oldName = ModelItems.nameKey(change.before());
    String newName = ModelItems.nameKey(change.after());
    Item entry = ModelItems.directoryEntry(change.after());
    boolean isListedAlike =
        entry.attributes().equals(ModelItems.directoryEntry(change.before()).attributes());
    if (oldName.equals(newName) && !isListedAlike) {
      update.add(
          table.put(workspace, newName, entry, IF_OWN, own(change.after())),
          Written.VERSION_CONFLICT);
    }
    if (!oldName.equals(newName)) {
      update
          .add(table.insert(workspace, newName, entry), Written.NAME_TAKEN)
          .add(
              table.delete(workspace, oldName, IF_OWN, own(change.after())),
              Written.VERSION_CONFLICT);
    }
  }

  // Whatever keeps the credentials from being used is a conflict: the next attempt meets it itself.
  private void addCredentials(Transaction<Written> update, String workspace, Change change) {
    Model after = change.after();
    Model.Verified verified = after.verified();
    if (!after.credentialId().equals(change.before().credentialId())) {
      update
          .add(countOnCredential(workspace, after), Written.VERSION_CONFLICT)
          .add(countOffCredential(workspace, change.before()), Written.VERSION_CONFLICT);
    } else if (verified != null && !verified.equals(change.before().verified())) {
      update.add(
          table.check(
              workspace,
              DynamoCredentials.rowKey(after.credentialId()),
              STILL_THERE,
              Map.of("#target", CredentialItems.TARGET_VERSION),
              Map.of(":target", number(verified.targetVersion()))),
          Written.VERSION_CONFLICT);
    }
  }

  private static Map<String, AttributeValue> own(Model model) {
    return Map.of(":id", AttributeValue.fromS(model.id()));
  }

  @Override
  public Deleted delete(Caller caller, Model model, Audit audit) {
    String workspace = caller.workspace();
    Transaction<Deleted> delete =
        new Transaction<Deleted>(table)
            .add(
                table.delete(
                    workspace,
                    ModelItems.rowKey(model.id()),
                    "version = :version AND sourceCount = :none",
                    Map.of(":version", number(model.version()), ":none", number(0))),
                Deleted.VERSION_CONFLICT)
            .add(
                table.delete(workspace, ModelItems.nameKey(model), IF_OWN, own(model)),
                Deleted.VERSION_CONFLICT)
            .add(countOffCredential(workspace, model), Deleted.VERSION_CONFLICT)
            .add(
                unfinished.noting(new Unfinished.LeftRevisions(workspace, model.id()), audit.at()),
                Deleted.VERSION_CONFLICT)
            .add(audits.insert(caller, audit), Deleted.VERSION_CONFLICT);
    Deleted deleted =
        counts
            .removeOne(delete, workspace)
            .run(audit.id(), Deleted.DELETED, Deleted.VERSION_CONFLICT);
    return deleted == Deleted.VERSION_CONFLICT && isUsed(workspace, model)
        ? Deleted.IN_USE
        : deleted;
  }

  private boolean isUsed(String workspace, Model model) {
    return find(workspace, model.id()).filter(now -> now.sourceCount() > 0).isPresent();
  }

  private TransactWriteItem countOffCredential(String workspace, Model model) {
    return table.update(
        workspace,
        DynamoCredentials.rowKey(model.credentialId()),
        "ADD #count :less",
        "attribute_exists(PK)",
        Map.of("#count", DynamoCredentials.MODEL_COUNT),
        Map.of(":less", number(-1)));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  @Override
  public Optional<Model> find(String workspace, String id) {
    return table.find(workspace, ModelItems.rowKey(id), id, "mdl").map(ModelItems::model);
  }

  @Override
  public Optional<Previews.SavedQuery> findQuery(String workspace, String modelId) {
    return find(workspace, modelId)
        .map(model -> new Previews.SavedQuery(model.credentialId(), model.sql()));
  }

  @Override
  public Optional<Revision> revision(String workspace, String modelId, int number) {
    return Ids.isId(modelId, "mdl")
        ? table
            .get(workspace, ModelItems.revisionKey(modelId, number))
            .map(ModelItems::savedRevision)
        : Optional.empty();
  }

  @Override
  public Page<Revision> revisions(Caller caller, String modelId, Page.Request page) {
    List<Item> found =
        table.queryBackwards(
            caller.workspace(), ModelItems.revisionKeys(modelId), page.after(), page.limit() + 1);
    boolean isLast = found.size() <= page.limit();
    List<Item> shown = isLast ? found : found.subList(0, page.limit());
    return new Page<>(
        shown.stream().map(ModelItems::savedRevision).toList(),
        isLast ? null : shown.getLast().text(Table.SK));
  }

  @Override
  public Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page) {
    Warehouse warehouse = filter.warehouse();
    Table.Filter conditions =
        Table.Filter.all(
            Table.Filter.equal("credentialId", filter.credentialId()),
            Table.Filter.equal("warehouse", warehouse == null ? null : warehouse.wireName()));
    return new Directory(table, ModelItems.NAME_KIND)
        .page(caller.workspace(), filter.search(), conditions, page, ModelItems::rowKey)
        .map(item -> ModelItems.model(item).summary());
  }
}
