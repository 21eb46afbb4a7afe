package retl.aws;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Receipt;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Keeps receipts for a day: an item for each idempotency key, and further ones for an answer that
 * is too long for one, as that of a model with a thousand columns can be.
 */
public final class Receipts implements Receipt.Store {
  private static final Duration KEPT = Duration.ofDays(1);

  /** After this long, a request that left no answer is taken to have died. */
  private static final Duration IN_PROGRESS = Duration.ofMinutes(1);

  // An item has at most 400 KB; the rest is left for the headers.
  private static final int MAX_PART = 380 * 1024;

  private static final String PARTS = "parts";
  private static final String BYTES = "bytes";
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
        .map(item -> new Receipt.Kept(item.text("bodyHash"), receipt(caller, once, item)))
        .orElse(null);
  }

  private @Nullable Receipt receipt(Caller caller, Receipt.Once once, Item item) {
    return item.optionalNumber("status")
        .map(
            status -> {
              Map<String, String> headers = new LinkedHashMap<>();
              Item stored = item.optionalMap("headers").orElseGet(Item::empty);
              stored.attributes().forEach((name, value) -> headers.put(name, value.s()));
              return new Receipt(once, status.intValue(), headers, body(caller, once, item));
            })
        .orElse(null);
  }

  private String body(Caller caller, Receipt.Once once, Item item) {
    int parts = item.optionalNumber(PARTS).orElse(0L).intValue();
    if (parts == 0) {
      return item.text("body");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int part = 0; part < parts; part++) {
      body.writeBytes(
          table.get(caller.workspace(), partKey(once, part)).orElseThrow().bytes(BYTES));
    }
    return body.toString(StandardCharsets.UTF_8);
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
  List<TransactWriteItem> write(Caller caller, Receipt receipt) {
    return write(caller.workspace(), receipt);
  }

  /** The same for a workspace. */
  List<TransactWriteItem> write(String workspace, Receipt receipt) {
    byte[] body = receipt.body().getBytes(StandardCharsets.UTF_8);
    if (body.length <= MAX_PART) {
      return List.of(write(workspace, key(receipt.once()), item(receipt)));
    }
    List<TransactWriteItem> writes = new ArrayList<>();
    for (int start = 0; start < body.length; start += MAX_PART) {
      byte[] part = Arrays.copyOfRange(body, start, Math.min(body.length, start + MAX_PART));
      Item item = Item.empty().bytes(BYTES, part).expires(clock.instant().plus(KEPT));
      writes.add(write(workspace, partKey(receipt.once(), writes.size()), item));
    }
    Item first = answer(receipt).number(PARTS, writes.size());
    writes.addFirst(write(workspace, key(receipt.once()), first));
    return writes;
  }

  private TransactWriteItem write(String workspace, String key, Item item) {
    return table.put(workspace, key, item, IF_NEW_OR_EXPIRED, now());
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
    return answer(receipt).text("body", receipt.body());
  }

  private Item answer(Receipt receipt) {
    Item headers = Item.empty();
    receipt.headers().forEach(headers::text);
    return Item.empty()
        .text("bodyHash", receipt.once().bodyHash())
        .number("status", receipt.status())
        .map("headers", headers)
        .expires(clock.instant().plus(KEPT));
  }

  private Map<String, AttributeValue> now() {
    Instant now = clock.instant();
    return Map.of(":now", AttributeValue.fromN(Long.toString(now.getEpochSecond())));
  }

  private static String key(Receipt.Once once) {
    return "IDEM#" + once.route() + "#" + once.key();
  }

  private static String partKey(Receipt.Once once, int part) {
    return "IDEMPART#" + once.route() + "#" + once.key() + "#" + Table.ordered(part, 4);
  }
}
