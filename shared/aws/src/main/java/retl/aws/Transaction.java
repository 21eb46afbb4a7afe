package retl.aws;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Writes that stand or fall together, each with what it means when its own condition does not hold.
 */
final class Transaction<R> {
  // DynamoDB takes tokens of at most 36 characters.
  private static final int MAX_TOKEN = 36;

  private final Table table;
  private final List<TransactWriteItem> writes = new ArrayList<>();
  private final List<R> meanings = new ArrayList<>();

  Transaction(Table table) {
    this.table = table;
  }

  Transaction<R> add(TransactWriteItem write, R ifRefused) {
    writes.add(write);
    meanings.add(ifRefused);
    return this;
  }

  /**
   * Writes all or nothing.
   *
   * @param token the same for every try of one write, so that a lost answer does not become a false
   *     conflict
   * @param written what it means that all was written
   * @param contended what it means that other transactions on the same items came first, again and
   *     again; null to throw then
   * @return {@code written}, or what the first write means whose condition did not hold
   */
  R run(String token, R written, @Nullable R contended) {
    try {
      table
          .dynamo()
          .transactWriteItems(
              request ->
                  request
                      .clientRequestToken(token.substring(Math.max(0, token.length() - MAX_TOKEN)))
                      .transactItems(writes));
      return written;
    } catch (TransactionCanceledException e) {
      List<CancellationReason> reasons = e.cancellationReasons();
      for (int i = 0; i < reasons.size(); i++) {
        if ("ConditionalCheckFailed".equals(reasons.get(i).code())) {
          return meanings.get(i);
        }
      }
      boolean isContended =
          reasons.stream().anyMatch(reason -> "TransactionConflict".equals(reason.code()));
      if (contended != null && isContended) {
        return contended;
      }
      throw e;
    }
  }
}
