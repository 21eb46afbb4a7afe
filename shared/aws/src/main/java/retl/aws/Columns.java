package retl.aws;

import java.util.List;
import retl.core.warehouse.Column;

/** Columns as they stand in items. */
final class Columns {
  private Columns() {}

  static List<Item> items(List<Column> columns) {
    return columns.stream()
        .map(
            column ->
                Item.empty()
                    .text("name", column.name())
                    .text("type", column.type().wireName())
                    .text("nativeType", column.nativeType())
                    .flag("nullable", column.nullable()))
        .toList();
  }

  static List<Column> columns(List<Item> items) {
    return items.stream()
        .map(
            item ->
                new Column(
                    item.text("name"),
                    Column.Type.of(item.text("type")),
                    item.text("nativeType"),
                    item.optionalFlag("nullable").orElse(null)))
        .toList();
  }
}
