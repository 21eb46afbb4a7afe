package retl.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Credential;
import retl.core.credential.Watch;
import retl.core.schedule.Slots;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The items by which the schedule finds credentials: one in the partition of their slot, for as
 * long as there are credentials, and one in the partition of a minute in which to look again.
 */
final class WatchItems {
  static final String PLACE = "place";
  static final String LAST_MINUTE = "lastMinute";
  static final String LAST_VALIDATION = "lastValidation";

  private static final Duration AGAIN_KEPT = Duration.ofDays(1);

  private final Table table;

  WatchItems(Table table) {
    this.table = table;
  }

  static String slotPartition(int slot) {
    return "SLOT#%04d".formatted(slot);
  }

  static String againPartition(long minute) {
    return "AGAIN#" + minute;
  }

  static Map<String, AttributeValue> key(String workspace, String credentialId) {
    return key(slotPartition(Slots.of(credentialId)), workspace, credentialId);
  }

  private static Map<String, AttributeValue> key(
      String partition, String workspace, String credentialId) {
    return Map.of(
        Table.PK, AttributeValue.fromS(partition),
        Table.SK, AttributeValue.fromS(workspace + "#" + credentialId));
  }

  TransactWriteItem insert(String workspace, Credential credential) {
    Item item =
        Item.empty()
            .text("workspace", workspace)
            .text("id", credential.id())
            .text(PLACE, credential.settings().place());
    item.attributes().putAll(key(workspace, credential.id()));
    return put(item);
  }

  private TransactWriteItem put(Item item) {
    Put put = Put.builder().tableName(table.name()).item(item.attributes()).build();
    return TransactWriteItem.builder().put(put).build();
  }

  TransactWriteItem delete(String workspace, Credential credential) {
    Delete delete =
        Delete.builder().tableName(table.name()).key(key(workspace, credential.id())).build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  /**
   * Changed credentials lead to another place perhaps, and what was found of the old ones says
   * nothing.
   */
  TransactWriteItem update(String workspace, Credential credential) {
    return update(workspace, credential.id(), credential.settings().place(), Watch.NEW);
  }

  TransactWriteItem update(
      String workspace, String credentialId, @Nullable String place, Watch watch) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":refusals", number(watch.refusals()));
    values.put(":unknowns", number(watch.unknowns()));
    String update = "SET refusals = :refusals, unknowns = :unknowns";
    if (place != null) {
      values.put(":place", AttributeValue.fromS(place));
      update += ", place = :place";
    }
    Instant first = watch.firstRefusedAt();
    if (first == null) {
      update += " REMOVE firstRefusedAt";
    } else {
      values.put(":first", AttributeValue.fromS(first.toString()));
      update += ", firstRefusedAt = :first";
    }
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table.name())
                .key(key(workspace, credentialId))
                .updateExpression(update)
                .conditionExpression("attribute_exists(PK)")
                .expressionAttributeValues(values)
                .build())
        .build();
  }

  /** Brings credentials up again in the minute in which this time lies. */
  TransactWriteItem again(String workspace, Credential credential, Instant at) {
    Item item =
        Item.empty()
            .text("workspace", workspace)
            .text("id", credential.id())
            .text(PLACE, credential.settings().place())
            .expires(at.plus(AGAIN_KEPT));
    long minute = at.getEpochSecond() / 60;
    item.attributes().putAll(key(againPartition(minute), workspace, credential.id()));
    return put(item);
  }

  Optional<Item> find(String workspace, String credentialId) {
    Map<String, AttributeValue> item =
        table
            .dynamo()
            .getItem(
                get ->
                    get.tableName(table.name())
                        .key(key(workspace, credentialId))
                        .consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(Item.of(item));
  }

  static Watch watch(Item item) {
    return new Watch(
        item.optionalNumber("refusals").orElse(0L).intValue(),
        item.optionalTime("firstRefusedAt").orElse(null),
        item.optionalNumber("unknowns").orElse(0L).intValue());
  }

  /** What a dispatcher reads of one partition, page by page. */
  Iterable<Map<String, AttributeValue>> all(String partition) {
    return () ->
        table
            .dynamo()
            .queryPaginator(
                query ->
                    query
                        .tableName(table.name())
                        .keyConditionExpression("PK = :pk")
                        .projectionExpression("#workspace, id, place")
                        .expressionAttributeNames(Map.of("#workspace", "workspace"))
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
            .items()
            .iterator();
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
