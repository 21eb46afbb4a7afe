package retl.aws;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.preview.Preview;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The places of a workspace in which previews run, an item each. A place is taken in the
 * transaction that makes the preview and given back in the one that ends it; when nothing ends it,
 * the place is free again after the preview's deadline. So there is no counter that a dead worker
 * could leave too high.
 */
final class PreviewSlots {
  private static final String PREFIX = "PREVIEWSLOT#";

  private final Table table;
  private final int most;
  private final Clock clock;
  // Functions that were restored from one snapshot would all draw alike from any other source.
  private final SecureRandom chance = new SecureRandom();

  PreviewSlots(Table table, int most, Clock clock) {
    this.table = table;
    this.most = most;
    this.clock = clock;
  }

  /** True when there is no limit, so that there are no places. */
  boolean areUnlimited() {
    return most == Integer.MAX_VALUE;
  }

  /** Any place. */
  String draw() {
    return PREFIX + chance.nextInt(most);
  }

  /** A place that is free as far as can be seen; refuses the call when there is none. */
  String findFree(String workspace) {
    long now = clock.millis();
    Set<String> taken =
        table.query(workspace, PREFIX, null, most).stream()
            .filter(slot -> slot.number("heldUntil") >= now)
            .map(slot -> slot.text(Table.SK))
            .collect(Collectors.toSet());
    List<String> free =
        IntStream.range(0, most)
            .mapToObj(number -> PREFIX + number)
            .filter(slot -> !taken.contains(slot))
            .toList();
    if (free.isEmpty()) {
      throw new Refused(new Problem.TooManyPreviews(most));
    }
    return free.get(chance.nextInt(free.size()));
  }

  /** Takes a place until the preview's deadline; it fails when somebody was faster. */
  TransactWriteItem take(String workspace, String slot, Preview preview) {
    Instant until = preview.deadline();
    return table.put(
        workspace,
        slot,
        Item.empty()
            .text("preview", preview.id())
            .number("heldUntil", until.toEpochMilli())
            .expires(until),
        Table.IF_NEW + " OR heldUntil < :now",
        Map.of(":now", AttributeValue.fromN(Long.toString(clock.millis()))));
  }

  /** Gives the place of a preview back; it fails when somebody else has it by now. */
  TransactWriteItem giveBack(String workspace, String slot, String previewId) {
    return table.delete(
        workspace, slot, "preview = :preview", Map.of(":preview", AttributeValue.fromS(previewId)));
  }
}
