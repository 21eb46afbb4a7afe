package retl.aws;

import java.util.Map;
import retl.core.Problem;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * How many of a kind each workspace has: an item that changes in the transactions in which they are
 * made and removed, so that no race can pass the limit and nothing that fails is counted.
 */
final class Counts {
  private final Table table;
  private final String kind;
  private final int most;

  /**
   * Counts up to a limit.
   *
   * @param kind what is counted, in the plural
   */
  Counts(Table table, String kind, int most) {
    this.table = table;
    this.kind = kind;
    this.most = most;
  }

  /** Counts one more, and refuses the call when there is no room for it. */
  <R> Transaction<R> addOne(Transaction<R> transaction, String workspace) {
    TransactWriteItem write =
        table.update(
            workspace,
            key(),
            "ADD #count :one",
            "attribute_not_exists(#count) OR #count < :most",
            Map.of("#count", "count"),
            Map.of(":one", number(1), ":most", number(most)));
    return transaction.addOrRefuse(write, new Problem.LimitReached(kind, most));
  }

  /** Counts one more, also above the limit. */
  <R> Transaction<R> addOneAlways(Transaction<R> transaction, String workspace) {
    return transaction.addAlways(change(workspace, 1));
  }

  /** Counts one less. */
  <R> Transaction<R> removeOne(Transaction<R> transaction, String workspace) {
    return transaction.addAlways(change(workspace, -1));
  }

  private TransactWriteItem change(String workspace, int by) {
    Update update =
        Update.builder()
            .tableName(table.name())
            .key(Table.key(workspace, key()))
            .updateExpression("ADD #count :by")
            .expressionAttributeNames(Map.of("#count", "count"))
            .expressionAttributeValues(Map.of(":by", number(by)))
            .build();
    return TransactWriteItem.builder().update(update).build();
  }

  private String key() {
    return "COUNT#" + kind;
  }

  private static AttributeValue number(int value) {
    return AttributeValue.fromN(Integer.toString(value));
  }
}
