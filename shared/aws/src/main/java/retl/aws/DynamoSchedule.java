package retl.aws;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.schedule.Due;
import retl.core.schedule.ScheduleStore;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The schedule in the table: a partition for each slot, so that what is due is found by one query.
 */
public final class DynamoSchedule implements ScheduleStore {
  private final Table table;
  private final WatchItems items;
  private final DynamoValidations validations;
  private final Clock clock;

  public DynamoSchedule(Table table, DynamoValidations validations, Clock clock) {
    this.table = table;
    this.items = new WatchItems(table);
    this.validations = validations;
    this.clock = clock;
  }

  @Override
  public void inSlot(int slot, long minute, Consumer<Due> each) {
    items.all(WatchItems.slotPartition(slot)).forEach(item -> each.accept(due(item, minute)));
  }

  @Override
  public void againAt(long minute, Consumer<Due> each) {
    items.all(WatchItems.againPartition(minute)).forEach(item -> each.accept(due(item, minute)));
  }

  private static Due due(Map<String, AttributeValue> attributes, long minute) {
    Item item = Item.of(attributes);
    return new Due(item.text("workspace"), item.text("id"), item.text(WatchItems.PLACE), minute);
  }

  @Override
  public Optional<ValidationStore.Task> begin(Due due, ValidationStore.Task task) {
    String workspace = due.workspace();
    Optional<Item> slot = items.find(workspace, due.credentialId());
    if (slot.isEmpty()) {
      return Optional.empty();
    }
    long last = slot.get().optionalNumber(WatchItems.LAST_MINUTE).orElse(-1L);
    String lastRun = slot.get().optionalText(WatchItems.LAST_VALIDATION).orElse(null);
    boolean isOpen = last < due.minute() || (last == due.minute() && isLost(workspace, lastRun));
    if (!isOpen) {
      return Optional.empty();
    }
    Transaction<Boolean> begin =
        new Transaction<Boolean>(table).add(take(due, task.validation(), lastRun), false);
    validations.inserts(workspace, task).forEach(write -> begin.add(write, false));
    return begin.run(task.validation().id(), true, false) ? Optional.of(task) : Optional.empty();
  }

  // The worker of the first run died; whoever reads that run is told so, and this is another one.
  private boolean isLost(String workspace, @Nullable String validationId) {
    return validationId != null
        && validations
            .find(workspace, validationId)
            .filter(run -> run.status() == Validation.Status.RUNNING)
            .filter(run -> run.asOf(clock.instant()).status() != Validation.Status.RUNNING)
            .isPresent();
  }

  private TransactWriteItem take(Due due, Validation validation, @Nullable String lastRun) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":minute", AttributeValue.fromN(Long.toString(due.minute())));
    values.put(":run", AttributeValue.fromS(validation.id()));
    if (lastRun != null) {
      values.put(":last", AttributeValue.fromS(lastRun));
    }
    String condition =
        lastRun == null
            ? "attribute_exists(PK) AND attribute_not_exists(lastValidation)"
            : "lastValidation = :last";
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table.name())
                .key(WatchItems.key(due.workspace(), due.credentialId()))
                .updateExpression("SET lastMinute = :minute, lastValidation = :run")
                .conditionExpression(condition)
                .expressionAttributeValues(values)
                .build())
        .build();
  }
}
