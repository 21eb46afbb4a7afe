package retl.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.warehouse.Column;

/** Whether a primary key fits the columns of a query. */
final class KeyColumns {
  private KeyColumns() {}

  /**
   * Notes every column of the key that the query does not have exactly once.
   *
   * @param columns of the preview that verifies the model; null when none does
   */
  static void check(
      @Nullable List<String> key, @Nullable List<Column> columns, List<FieldError> errors) {
    if (key == null || columns == null) {
      return;
    }
    for (int i = 0; i < key.size(); i++) {
      String name = key.get(i);
      long found = columns.stream().filter(column -> column.name().equals(name)).count();
      if (found != 1) {
        errors.add(
            new FieldError(
                "primaryKey[" + i + "]",
                Code.INVALID,
                found == 0
                    ? "The query has no such column."
                    : "The query has several columns of this name: give them names of their own."));
      }
    }
  }
}
