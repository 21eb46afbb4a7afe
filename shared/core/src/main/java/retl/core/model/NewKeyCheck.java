package retl.core.model;

import java.util.List;
import retl.core.FieldError.Code;
import retl.core.Fields;

/**
 * What {@code POST /models/{id}/key-checks} asks for.
 *
 * @param columns that may be a key together
 */
public record NewKeyCheck(List<String> columns) {
  static final String COLUMNS = "columns";

  public NewKeyCheck {
    columns = List.copyOf(columns);
  }

  /** Reads the body, or refuses it with every bad field. */
  public static NewKeyCheck read(Fields fields) {
    List<String> columns = KeyColumns.read(fields, COLUMNS);
    if (!fields.has(COLUMNS)) {
      fields.bad(COLUMNS, Code.MISSING, "This field is needed.");
    }
    fields.end();
    return new NewKeyCheck(columns == null ? List.of() : columns);
  }
}
