package retl.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import retl.core.Problem;
import retl.core.Refused;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Writes that stand or fall together, each with what it means when its own condition does not hold.
 * The only way in which the service writes more than one item.
 */
final class Transaction<R> {
  // DynamoDB takes tokens of at most 36 characters.
  private static final int MAX_TOKEN = 36;

  private final Table table;
  private final List<TransactWriteItem> writes = new ArrayList<>();
  private final List<Supplier<R>> meanings = new ArrayList<>();

  Transaction(Table table) {
    this.table = table;
  }

  Transaction<R> add(TransactWriteItem write, R ifRefused) {
    return add(write, () -> ifRefused);
  }

  /** A write for whose condition the whole call is refused when it does not hold. */
  Transaction<R> addOrRefuse(TransactWriteItem write, Problem problem) {
    return add(
        write,
        () -> {
          throw new Refused(problem);
        });
  }

  /** A write that has no condition. */
  Transaction<R> addAlways(TransactWriteItem write) {
    return add(
        write,
        () -> {
          throw new IllegalStateException("A write without a condition was refused.");
        });
  }

  private Transaction<R> add(TransactWriteItem write, Supplier<R> ifRefused) {
    writes.add(write);
    meanings.add(ifRefused);
    return this;
  }

  /** The same for several writes. */
  Transaction<R> add(List<TransactWriteItem> several, R ifRefused) {
    several.forEach(write -> add(write, ifRefused));
    return this;
  }

  /**
   * Writes all or nothing. Other transactions on the same items make it wait for its turn.
   *
   * @param token the same for every try of one write, so that a lost answer does not become a false
   *     conflict
   * @param written what it means that all was written
   * @param contended what it means that its turn never came; null to refuse the call with {@link
   *     Problem.Busy} then
   * @return {@code written}, or what the first write means whose condition did not hold
   */
  R run(String token, R written, @Nullable R contended) {
    return table
        .tries()
        .until(() -> tryOnce(token, written))
        .or(() -> Optional.ofNullable(contended))
        .orElseThrow(() -> new Refused(new Problem.Busy()));
  }

  /** One try of {@link #run}; empty when another transaction on the same items was in the way. */
  Optional<R> tryOnce(String token, R written) {
    try {
      table
          .dynamo()
          .transactWriteItems(
              request ->
                  request
                      .clientRequestToken(token.substring(Math.max(0, token.length() - MAX_TOKEN)))
                      .transactItems(writes));
      return Optional.of(written);
    } catch (TransactionInProgressException e) {
      // Our own try before, whose answer was lost, has not ended.
      return Optional.empty();
    } catch (TransactionCanceledException e) {
      List<CancellationReason> reasons = e.cancellationReasons();
      for (int i = 0; i < reasons.size(); i++) {
        if ("ConditionalCheckFailed".equals(reasons.get(i).code())) {
          return Optional.of(meanings.get(i).get());
        }
      }
      if (reasons.stream().anyMatch(reason -> "TransactionConflict".equals(reason.code()))) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
