package retl.aws;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import retl.core.Name;
import retl.core.Page;

/**
 * The names of one kind of resource, in order, as a list shows them. A page is one query over the
 * small items that make names unique, and one read of the rows that they point to.
 */
final class Directory {
  private final Table table;
  private final String kind;

  Directory(Table table, String kind) {
    this.table = table;
    this.kind = kind;
  }

  /**
   * One page of rows, in the order of their folded names.
   *
   * @param search the beginning of the name as it was typed; null for all
   * @param conditions what to leave out, judged on the name items; null for nothing
   * @param rowKey the row's sort key for an id
   */
  Page<Item> page(
      String workspace,
      @Nullable String search,
      Table.@Nullable Filter conditions,
      Page.Request page,
      UnaryOperator<String> rowKey) {
    String prefix = Table.nameKeys(kind, search == null ? "" : Name.fold(search));
    List<Item> entries = table.query(workspace, prefix, page.after(), page.limit() + 1, conditions);
    boolean isLast = entries.size() <= page.limit();
    List<Item> shown = isLast ? entries : entries.subList(0, page.limit());
    List<Item> rows =
        table.getAll(
            workspace, shown.stream().map(entry -> rowKey.apply(entry.text("id"))).toList());
    return new Page<>(rows, isLast ? null : shown.getLast().text(Table.SK));
  }
}
