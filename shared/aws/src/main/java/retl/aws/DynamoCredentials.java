package retl.aws;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.SecretStore;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import retl.core.credential.Watch;
import retl.core.warehouse.Warehouse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Credentials in the table: a row, and an item for the name. The name's item carries what lists
 * filter by, so that a list is one query over small items and one read of the rows it shows.
 */
public final class DynamoCredentials implements CredentialStore {
  static final String MODEL_COUNT = CredentialItems.MODEL_COUNT;
  static final String STATUS = CredentialItems.STATUS;
  static final String PENDING = "pending";

  private static final String IF_OWN = "id = :id";

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final DynamoUnfinished unfinished;
  private final WatchItems watches;
  private final Counts counts;

  /** For functions that create no credentials. */
  public DynamoCredentials(Table table, Receipts receipts) {
    this(table, receipts, Limits.NONE);
  }

  public DynamoCredentials(Table table, Receipts receipts, Limits limits) {
    this.counts = new Counts(table, "credentials", limits.credentials());
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.unfinished = new DynamoUnfinished(table);
    this.watches = new WatchItems(table);
  }

  static String rowKey(String id) {
    return "CRED#" + id;
  }

  @Override
  public Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    String workspace = caller.workspace();
    Transaction<Begun> begin =
        new Transaction<Begun>(table)
            .add(
                table.insert(
                    workspace,
                    nameKey(credential),
                    CredentialItems.directoryEntry(credential).flag(PENDING, true)),
                Begun.NAME_TAKEN)
            .add(
                table.insert(
                    workspace,
                    rowKey(credential.id()),
                    CredentialItems.row(credential).flag(PENDING, true)),
                Begun.REPEATED)
            .add(
                unfinished.noting(secretOf(workspace, credential), credential.createdAt()),
                Begun.REPEATED);
    if (once != null) {
      begin.add(receipts.begin(caller, once), Begun.REPEATED);
    }
    Begun begun = counts.addOne(begin, workspace).run(credential.id(), Begun.BEGUN, null);
    // A repeat of a request that goes on also finds the name taken: by itself.
    boolean isRepeat =
        begun == Begun.NAME_TAKEN && once != null && receipts.find(caller, once) != null;
    return isRepeat ? Begun.REPEATED : begun;
  }

  private static Unfinished.LooseSecret secretOf(String workspace, Credential credential) {
    return new Unfinished.LooseSecret(Credentials.keyOf(workspace, credential));
  }

  @Override
  public boolean activate(
      Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt) {
    String workspace = caller.workspace();
    Transaction<Boolean> activate =
        new Transaction<Boolean>(table)
            .add(removePending(caller, nameKey(credential)), false)
            .add(removePending(caller, rowKey(credential.id())), false)
            .add(unfinished.crossingOut(Credentials.keyOf(workspace, credential)), false)
            .add(watches.write(workspace, credential, Watch.NEW), false)
            .add(audits.insert(caller, audit), false);
    if (receipt != null) {
      activate.add(receipts.complete(caller, receipt), false);
    }
    return activate.run(audit.id(), true, null);
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
    Transaction<Boolean> abandon = removal(caller.workspace(), credential);
    if (once != null) {
      abandon.add(receipts.abandon(caller, once), false);
    }
    abandon.run("del-" + credential.id(), true, null);
  }

  // Only as long as it is pending: an activation whose answer was lost stays.
  private Transaction<Boolean> removal(String workspace, Credential credential) {
    Transaction<Boolean> removal = new Transaction<>(table);
    for (String sortKey : List.of(nameKey(credential), rowKey(credential.id()))) {
      removal.add(
          table.delete(
              workspace,
              sortKey,
              "id = :id AND attribute_exists(" + PENDING + ")",
              own(credential)),
          false);
    }
    return counts.removeOne(removal, workspace);
  }

  @Override
  public Optional<Integer> takeSecretVersion(Caller caller, String id, Instant now) {
    String workspace = caller.workspace();
    while (true) {
      Optional<Item> row =
          table.find(workspace, rowKey(id), id, "crd").filter(item -> !item.has(PENDING));
      if (row.isEmpty()) {
        return Optional.empty();
      }
      long last =
          row.get()
              .optionalNumber(CredentialItems.LAST_SECRET)
              .orElseGet(() -> row.get().number("secretVersion"));
      int next = (int) last + 1;
      SecretStore.Key key = new SecretStore.Key(workspace, id, next);
      boolean isTaken =
          new Transaction<Boolean>(table)
              .add(
                  table.update(
                      workspace,
                      rowKey(id),
                      "SET #last = :next",
                      "attribute_not_exists(#last) OR #last = :last",
                      Map.of("#last", CredentialItems.LAST_SECRET),
                      Map.of(":last", number(last), ":next", number(next))),
                  false)
              .add(unfinished.noting(new Unfinished.LooseSecret(key), now), false)
              .run(UUID.randomUUID().toString(), true, false);
      if (isTaken) {
        return Optional.of(next);
      }
    }
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit) {
    String workspace = caller.workspace();
    Credential before = change.before();
    Transaction<Written> update =
        new Transaction<Written>(table).add(updateRow(workspace, change), Written.VERSION_CONFLICT);
    addName(update, workspace, change);
    if (change.hasNewSecret()) {
      update
          .add(
              unfinished.crossingOut(Credentials.keyOf(workspace, change.after())),
              Written.SECRET_GONE)
          .add(
              unfinished.noting(secretOf(workspace, before), audit.at()), Written.VERSION_CONFLICT);
    }
    Unfinished.StaleModels stale = change.stale();
    if (stale != null) {
      update.add(unfinished.noting(stale, audit.at()), Written.VERSION_CONFLICT);
    }
    if (change.hasNewSecret() || !change.after().settings().equals(before.settings())) {
      update.add(watches.write(workspace, change.after(), Watch.NEW), Written.VERSION_CONFLICT);
    }
    return update
        .add(audits.insert(caller, audit), Written.VERSION_CONFLICT)
        .run(audit.id(), Written.WRITTEN, Written.VERSION_CONFLICT);
  }

  // The model counter and the last secret's number are counted by others, so the row is not written
  // whole.
  private TransactWriteItem updateRow(String workspace, Change change) {
    return table.replace(
        workspace,
        rowKey(change.after().id()),
        CredentialItems.row(change.before()),
        CredentialItems.row(change.after()),
        Set.of(MODEL_COUNT, CredentialItems.LAST_SECRET),
        "attribute_not_exists(pending)");
  }

  // The old name is free, and the new one taken, in the moment in which the row changes.
  private void addName(Transaction<Written> update, String workspace, Change change) {
    String oldName = nameKey(change.before());
    String newName = nameKey(change.after());
    Map<String, AttributeValue> own = own(change.after());
    Item entry = CredentialItems.directoryEntry(change.after());
    if (oldName.equals(newName)) {
      update.add(table.put(workspace, newName, entry, IF_OWN, own), Written.VERSION_CONFLICT);
    } else {
      update
          .add(table.insert(workspace, newName, entry), Written.NAME_TAKEN)
          .add(table.delete(workspace, oldName, IF_OWN, own), Written.VERSION_CONFLICT);
    }
  }

  private static Map<String, AttributeValue> own(Credential credential) {
    return Map.of(":id", AttributeValue.fromS(credential.id()));
  }

  @Override
  public Deleted delete(Caller caller, Credential credential, Audit audit) {
    String workspace = caller.workspace();
    Transaction<Deleted> delete =
        new Transaction<Deleted>(table)
            .add(
                table.delete(
                    workspace,
                    rowKey(credential.id()),
                    "version = :version AND modelCount = :none AND attribute_not_exists(pending)",
                    Map.of(":version", number(credential.version()), ":none", number(0))),
                Deleted.VERSION_CONFLICT)
            .add(
                table.delete(workspace, nameKey(credential), IF_OWN, own(credential)),
                Deleted.VERSION_CONFLICT)
            .add(
                unfinished.noting(secretOf(workspace, credential), audit.at()),
                Deleted.VERSION_CONFLICT)
            .add(watches.delete(workspace, credential), Deleted.VERSION_CONFLICT)
            .add(audits.insert(caller, audit), Deleted.VERSION_CONFLICT);
    Deleted deleted =
        counts
            .removeOne(delete, workspace)
            .run(audit.id(), Deleted.DELETED, Deleted.VERSION_CONFLICT);
    return deleted == Deleted.VERSION_CONFLICT && isUsed(workspace, credential.id())
        ? Deleted.IN_USE
        : deleted;
  }

  private boolean isUsed(String workspace, String id) {
    return table.get(workspace, rowKey(id)).filter(row -> row.number(MODEL_COUNT) > 0).isPresent();
  }

  @Override
  public boolean giveUp(Unfinished.LooseSecret secret) {
    if (!unfinished.claim(secret)) {
      return false;
    }
    SecretStore.Key key = secret.key();
    Optional<Item> row = table.get(key.workspace(), rowKey(key.owner()));
    if (row.isPresent() && row.get().number("secretVersion") == key.version()) {
      if (!row.get().has(PENDING)) {
        return false;
      }
      removal(key.workspace(), CredentialItems.credential(row.get()))
          .run("gone" + key.owner(), true, null);
    }
    return true;
  }

  @Override
  public Optional<Credential> find(String workspace, String id) {
    return table
        .find(workspace, rowKey(id), id, "crd")
        .filter(item -> !item.has(PENDING))
        .map(CredentialItems::credential);
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
    return new Directory(table, CredentialItems.NAME_KIND)
        .page(caller.workspace(), filter.search(), conditions, page, DynamoCredentials::rowKey)
        .map(CredentialItems::credential);
  }

  @Override
  public Watch watch(String workspace, String id) {
    return watches.find(workspace, id).map(WatchItems::watch).orElse(Watch.NEW);
  }

  @Override
  public Optional<StatusChange> recordValidation(String workspace, Result result) {
    Optional<Credential> current = find(workspace, result.credentialId());
    while (current.isPresent() && isAbout(result, current.get())) {
      Optional<StatusChange> change = change(workspace, current.get(), result);
      if (record(workspace, current.get(), result, change)) {
        return change;
      }
      current = find(workspace, result.credentialId());
    }
    return Optional.empty();
  }

  private static boolean isAbout(Result result, Credential current) {
    return current.secretVersion() == result.secretVersion()
        && current.settings().equals(result.settings());
  }

  private static Optional<StatusChange> change(
      String workspace, Credential current, Result result) {
    Credential.Status to = result.next().status();
    return to == null || to == current.status()
        ? Optional.empty()
        : Optional.of(
            new StatusChange(
                workspace,
                current.id(),
                current.name(),
                current.status(),
                to,
                result.last().code(),
                result.last().id(),
                result.last().finishedAt()));
  }

  private boolean record(
      String workspace, Credential current, Result result, Optional<StatusChange> change) {
    Credential.Status status = change.map(StatusChange::to).orElse(current.status());
    Transaction<Boolean> record =
        new Transaction<Boolean>(table)
            .add(recordOnRow(workspace, current, result, status), false)
            .add(watches.write(workspace, current, result.next().watch()), false);
    if (change.isPresent()) {
      record
          .add(recordOnName(workspace, current, status), false)
          .add(
              unfinished.noting(new Unfinished.UntoldChange(change.get()), change.get().at()),
              false);
    }
    Instant again = result.next().retryAt();
    if (again != null) {
      record.add(watches.again(workspace, current, again), false);
    }
    return record.run(result.last().id() + current.version(), true, false);
  }

  private TransactWriteItem recordOnRow(
      String workspace, Credential current, Result result, Credential.Status status) {
    return table.update(
        workspace,
        rowKey(current.id()),
        "SET #status = :status, lastValidation = :last, version = :next",
        "version = :version AND attribute_not_exists(pending)",
        Map.of("#status", STATUS),
        Map.of(
            ":status", AttributeValue.fromS(status.wireName()),
            ":last",
                AttributeValue.fromM(CredentialItems.lastValidation(result.last()).attributes()),
            ":version", number(current.version()),
            ":next", number(current.version() + 1)));
  }

  private TransactWriteItem recordOnName(
      String workspace, Credential current, Credential.Status status) {
    Map<String, AttributeValue> values = new HashMap<>(own(current));
    values.put(":status", AttributeValue.fromS(status.wireName()));
    return table.update(
        workspace,
        nameKey(current),
        "SET #status = :status",
        IF_OWN,
        Map.of("#status", STATUS),
        values);
  }

  private static String nameKey(Credential credential) {
    return CredentialItems.nameKey(credential);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
