package retl.core.model;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.warehouse.Column;

/** Whether a key fits the columns of a query. */
final class KeyColumns {
  private static final int MAX_COLUMNS = 64;

  /** In UTF-16 units; no warehouse takes a longer name. */
  private static final int MAX_NAME = 1024;

  private KeyColumns() {}

  /** Reads a key, and notes what is wrong with it by itself; null when there is none. */
  static @Nullable List<String> read(Fields fields, String field) {
    List<String> key = fields.optionalTexts(field, MAX_COLUMNS, MAX_NAME);
    if (key != null && !fields.isBad(field)) {
      if (key.isEmpty()) {
        fields.bad(field, Code.INVALID, "Name at least one column.");
      } else if (new HashSet<>(key).size() < key.size()) {
        fields.bad(field, Code.INVALID, "A column is named twice.");
      }
    }
    return key;
  }

  /**
   * Notes every column of the key that the query does not have exactly once.
   *
   * @param field the field of the body that names the key
   * @param columns of the preview that verifies the model; null when none does
   */
  static void check(
      String field,
      @Nullable List<String> key,
      @Nullable List<Column> columns,
      List<FieldError> errors) {
    if (key == null || columns == null) {
      return;
    }
    for (int i = 0; i < key.size(); i++) {
      String name = key.get(i);
      long found = columns.stream().filter(column -> column.name().equals(name)).count();
      if (found != 1) {
        errors.add(
            new FieldError(
                field + "[" + i + "]",
                Code.INVALID,
                found == 0
                    ? "The query has no such column."
                    : "The query has several columns of this name: give them names of their own."));
      }
    }
  }
}
