package retl.aws;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Page;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Keeps audit items; each is a part of the transaction that it tells of. It stands twice, among all
 * of its workspace and among those of its resource, so that either is read page by page.
 */
public final class Audits implements Audit.Store {
  // Text order is time order only when all times have the same length.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final Table table;

  public Audits(Table table) {
    this.table = table;
  }

  List<TransactWriteItem> insert(Caller caller, Audit audit) {
    return insert(caller.workspace(), audit);
  }

  /** For what no caller did: the operator, or a schedule. */
  List<TransactWriteItem> insert(String workspace, Audit audit) {
    return Stream.of(keys(null), keys(audit.resource()))
        .map(keys -> keys + TIME.format(audit.at()) + "#" + audit.id())
        .map(key -> table.insert(workspace, key, item(audit)))
        .toList();
  }

  @Override
  public Page<Audit> list(Caller caller, @Nullable String resource, Page.Request page) {
    if (resource != null && !Ids.isId(resource)) {
      return new Page<>(List.of(), null);
    }
    List<Item> found =
        table.queryBackwards(caller.workspace(), keys(resource), page.after(), page.limit() + 1);
    boolean isLast = found.size() <= page.limit();
    List<Item> shown = isLast ? found : found.subList(0, page.limit());
    return new Page<>(
        shown.stream().map(Audits::audit).toList(), isLast ? null : shown.getLast().text(Table.SK));
  }

  private static String keys(@Nullable String resource) {
    return resource == null ? "AUDIT#" : "AUDIT-OF#" + resource + "#";
  }

  private static Item item(Audit audit) {
    return Item.empty()
        .text("id", audit.id())
        .time("at", audit.at())
        .text("actor", audit.actor())
        .text("action", audit.action())
        .text("resource", audit.resource())
        .texts("fields", audit.fields())
        .text("requestId", audit.requestId());
  }

  private static Audit audit(Item item) {
    return new Audit(
        item.text("id"),
        item.time("at"),
        item.text("actor"),
        item.text("action"),
        item.text("resource"),
        item.optionalTexts("fields").orElse(List.of()),
        item.text("requestId"));
  }
}
