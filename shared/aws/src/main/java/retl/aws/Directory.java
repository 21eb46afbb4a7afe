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
  /**
   * At how many names a page looks at most, so that no call pays for a large workspace whose filter
   * matches little.
   */
  private static final int MOST_NAMES = 10_000;

  private final Table table;
  private final String kind;
  private final int most;

  Directory(Table table, String kind) {
    this(table, kind, MOST_NAMES);
  }

  Directory(Table table, String kind, int most) {
    this.table = table;
    this.kind = kind;
    this.most = most;
  }

  /**
   * One page of rows, in the order of their folded names. With conditions that few names meet it
   * may have fewer rows than wanted, or none, and still a next one.
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
    Page<Item> entries = table.page(workspace, prefix, page, conditions, most);
    List<Item> rows =
        table.getAll(
            workspace,
            entries.items().stream().map(entry -> rowKey.apply(entry.text("id"))).toList());
    return new Page<>(rows, entries.next());
  }
}
