package retl.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
    return "SLOT#" + Table.ordered(slot, 4);
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

  private TransactWriteItem put(Item item) {
    Put put = Put.builder().tableName(table.name()).item(item.attributes()).build();
    return TransactWriteItem.builder().put(put).build();
  }

  TransactWriteItem delete(String workspace, Credential credential) {
    Delete delete =
        Delete.builder().tableName(table.name()).key(key(workspace, credential.id())).build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  /** Puts credentials into their slot, or writes there what is known of them now. */
  TransactWriteItem write(String workspace, Credential credential, Watch watch) {
    Instant first = watch.firstRefusedAt();
    Map<String, AttributeValue> values =
        Item.empty()
            .text(":workspace", workspace)
            .text(":id", credential.id())
            .text(":place", credential.settings().place())
            .number(":refusals", watch.refusals())
            .number(":unknowns", watch.unknowns())
            .time(":first", first)
            .attributes();
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table.name())
                .key(key(workspace, credential.id()))
                .updateExpression(
                    "SET #workspace = :workspace, id = :id, place = :place,"
                        + " refusals = :refusals, unknowns = :unknowns"
                        + (first == null ? " REMOVE firstRefusedAt" : ", firstRefusedAt = :first"))
                .expressionAttributeNames(Map.of("#workspace", "workspace"))
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
}
