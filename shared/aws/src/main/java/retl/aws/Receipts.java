package retl.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Receipt;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Keeps receipts, one item per idempotency key, for a day. */
public final class Receipts implements Receipt.Store {
  private static final Duration KEPT = Duration.ofDays(1);

  /** After this long, a request that left no answer is taken to have died. */
  private static final Duration IN_PROGRESS = Duration.ofMinutes(1);

  private static final String IF_NEW_OR_EXPIRED = Table.IF_NEW + " OR #ttl <= :now";

  private final Table table;
  private final Clock clock;

  public Receipts(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /** The clock by which receipts expire. */
  Clock clock() {
    return clock;
  }

  @Override
  public Receipt.@Nullable Kept find(Caller caller, Receipt.Once once) {
    return table
        .get(caller.workspace(), key(once))
        .filter(item -> item.number(Table.TTL) > clock.instant().getEpochSecond())
        .map(item -> new Receipt.Kept(item.text("bodyHash"), receipt(once, item).orElse(null)))
        .orElse(null);
  }

  private static Optional<Receipt> receipt(Receipt.Once once, Item item) {
    return item.optionalNumber("status")
        .map(
            status -> {
              Map<String, String> headers = new LinkedHashMap<>();
              Item stored = item.optionalMap("headers").orElseGet(Item::empty);
              stored.attributes().forEach((name, value) -> headers.put(name, value.s()));
              return new Receipt(once, status.intValue(), headers, item.text("body"));
            });
  }

  /**
   * Takes the key for a request whose effect needs more than one step; it fails when the key is
   * known.
   */
  TransactWriteItem begin(Caller caller, Receipt.Once once) {
    Item item =
        Item.empty().text("bodyHash", once.bodyHash()).expires(clock.instant().plus(IN_PROGRESS));
    return table.put(caller.workspace(), key(once), item, IF_NEW_OR_EXPIRED, now());
  }

  /** Frees a key that {@link #begin} took. */
  TransactWriteItem abandon(Caller caller, Receipt.Once once) {
    return table.delete(
        caller.workspace(),
        key(once),
        "bodyHash = :hash",
        Map.of(":hash", AttributeValue.fromS(once.bodyHash())));
  }

  /** Writes the answer under a key that nobody has used; it fails when the key is known. */
  TransactWriteItem write(Caller caller, Receipt receipt) {
    return write(caller.workspace(), receipt);
  }

  /** The same for a workspace. */
  TransactWriteItem write(String workspace, Receipt receipt) {
    return table.put(workspace, key(receipt.once()), item(receipt), IF_NEW_OR_EXPIRED, now());
  }

  /** Writes the answer under a key that {@link #begin} took. */
  TransactWriteItem complete(Caller caller, Receipt receipt) {
    return table.put(
        caller.workspace(),
        key(receipt.once()),
        item(receipt),
        "bodyHash = :hash",
        Map.of(":hash", AttributeValue.fromS(receipt.once().bodyHash())));
  }

  private Item item(Receipt receipt) {
    Item headers = Item.empty();
    receipt.headers().forEach(headers::text);
    return Item.empty()
        .text("bodyHash", receipt.once().bodyHash())
        .number("status", receipt.status())
        .map("headers", headers)
        .text("body", receipt.body())
        .expires(clock.instant().plus(KEPT));
  }

  private Map<String, AttributeValue> now() {
    Instant now = clock.instant();
    return Map.of(":now", AttributeValue.fromN(Long.toString(now.getEpochSecond())));
  }

  private static String key(Receipt.Once once) {
    return "IDEM#" + once.route() + "#" + once.key();
  }
}
