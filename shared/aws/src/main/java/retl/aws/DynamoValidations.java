package retl.aws;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.validation.Check;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Validations in the table, each one item with its task. */
public final class DynamoValidations implements ValidationStore {
  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final Clock clock;

  public DynamoValidations(Table table, Receipts receipts, Clock clock) {
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
    this.clock = clock;
  }

  @Override
  public boolean create(Caller caller, Task task, Audit audit, @Nullable Receipt receipt) {
    Transaction<Boolean> create = new Transaction<>(table);
    inserts(caller.workspace(), task).forEach(write -> create.add(write, false));
    create.add(audits.insert(caller, audit), false);
    if (receipt != null) {
      create.add(receipts.write(caller, receipt), false);
    }
    return create.run(audit.id(), true, null);
  }

  /**
   * The writes of a new validation: itself and, for saved credentials, its place in their history.
   */
  List<TransactWriteItem> inserts(String workspace, Task task) {
    Validation validation = task.validation();
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(table.insert(workspace, key(validation.id()), item(task)));
    String credentialId = validation.credentialId();
    if (credentialId != null) {
      writes.add(
          table.insert(
              workspace,
              historyPrefix(credentialId) + validation.id(),
              Item.empty().text("id", validation.id()).expires(validation.expiresAt())));
    }
    return writes;
  }

  @Override
  public Optional<Validation> find(String workspace, String id) {
    return findTask(workspace, id).map(Task::validation);
  }

  @Override
  public Optional<Task> findTask(String workspace, String id) {
    return table
        .find(workspace, key(id), id, "val")
        .map(DynamoValidations::task)
        .filter(task -> clock.instant().isBefore(task.validation().expiresAt()));
  }

  @Override
  public void update(String workspace, Validation validation) {
    Map<String, AttributeValue> values =
        Item.empty()
            .text(":status", validation.status().wireName())
            .maps(":checks", validation.checks().stream().map(DynamoValidations::item).toList())
            .time(":finishedAt", validation.finishedAt())
            .text(":running", Validation.Status.RUNNING.wireName())
            .attributes();
    boolean isOver = validation.finishedAt() != null;
    try {
      table
          .dynamo()
          .updateItem(
              update ->
                  update
                      .tableName(table.name())
                      .key(Table.key(workspace, key(validation.id())))
                      .updateExpression(
                          "SET #status = :status, checks = :checks"
                              + (isOver ? ", finishedAt = :finishedAt" : ""))
                      .conditionExpression("#status = :running")
                      .expressionAttributeNames(Map.of("#status", "status"))
                      .expressionAttributeValues(values));
    } catch (ConditionalCheckFailedException e) {
      // It has ended already: a repeated delivery of the job, or a try whose first answer was lost.
      return;
    }
  }

  @Override
  public Page<Validation> history(Caller caller, String credentialId, Page.Request page) {
    String workspace = caller.workspace();
    List<Item> entries =
        table.queryBackwards(
            workspace, historyPrefix(credentialId), page.after(), page.limit() + 1);
    boolean isLast = entries.size() <= page.limit();
    List<Item> shown = isLast ? entries : entries.subList(0, page.limit());
    Instant now = clock.instant();
    return new Page<>(
        table
            .getAll(workspace, shown.stream().map(entry -> key(entry.text("id"))).toList())
            .stream()
            .map(item -> task(item).validation())
            .filter(validation -> now.isBefore(validation.expiresAt()))
            .toList(),
        isLast ? null : shown.getLast().text(Table.SK));
  }

  // Ids are in the order of time, so the order of the keys is that of the validations.
  private static String historyPrefix(String credentialId) {
    return DynamoCredentials.rowKey(credentialId) + "#VALIDATION#";
  }

  private static String key(String id) {
    return "VALIDATION#" + id;
  }

  private static Item item(Task task) {
    Validation validation = task.validation();
    return Item.empty()
        .text("id", validation.id())
        .text("credentialId", validation.credentialId())
        .text("status", validation.status().wireName())
        .maps("checks", validation.checks().stream().map(DynamoValidations::item).toList())
        .text("trigger", validation.trigger().wireName())
        .time("startedAt", validation.startedAt())
        .time("finishedAt", validation.finishedAt())
        .time("deadline", validation.deadline())
        .time("expiresAt", validation.expiresAt())
        .text("warehouse", task.settings().warehouse().wireName())
        .map("settings", CredentialItems.settingsItem(task.settings()))
        .number("secretVersion", task.secretVersion())
        .text("sql", task.sql())
        .expires(validation.expiresAt());
  }

  private static Item item(Check check) {
    Check.Remedy remedy = check.remedy();
    return Item.empty()
        .text("name", check.name().wireName())
        .text("status", check.status().wireName())
        .text("code", check.code())
        .text("message", check.message())
        .map(
            "remedy",
            remedy == null
                ? null
                : Item.empty().text("text", remedy.text()).texts("sql", remedy.sql()))
        .number("durationMs", check.durationMs());
  }

  private static Task task(Item item) {
    return new Task(
        new Validation(
            item.text("id"),
            item.optionalText("credentialId").orElse(null),
            Validation.Status.valueOf(item.text("status").toUpperCase(Locale.ROOT)),
            item.optionalMaps("checks").orElse(List.of()).stream()
                .map(DynamoValidations::check)
                .toList(),
            Validation.Trigger.valueOf(item.text("trigger").toUpperCase(Locale.ROOT)),
            item.time("startedAt"),
            item.optionalTime("finishedAt").orElse(null),
            item.time("deadline"),
            item.time("expiresAt")),
        CredentialItems.settings(item),
        (int) item.number("secretVersion"),
        item.optionalText("sql").orElse(null));
  }

  private static Check check(Item item) {
    return new Check(
        Stream.of(Check.Name.values())
            .filter(name -> name.wireName().equals(item.text("name")))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("An item has an unknown check.")),
        Check.Status.valueOf(item.text("status").toUpperCase(Locale.ROOT)),
        item.optionalText("code").orElse(null),
        item.optionalText("message").orElse(null),
        item.optionalMap("remedy")
            .map(
                remedy ->
                    new Check.Remedy(
                        remedy.text("text"), remedy.optionalTexts("sql").orElse(List.of())))
            .orElse(null),
        item.optionalNumber("durationMs").orElse(null));
  }
}
