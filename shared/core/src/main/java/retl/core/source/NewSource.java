package retl.core.source;

import retl.core.Fields;
import retl.core.Name;

/** What {@code POST /sources} asks for. */
public record NewSource(Name name, String modelId, boolean enabled) {
  /** The longest text that is looked at as an id. */
  static final int MAX_ID = 64;

  /** Reads the body, or refuses it with every bad field. */
  public static NewSource read(Fields fields) {
    NewSource wanted =
        new NewSource(
            Name.read(fields, "name"),
            fields.text("modelId", MAX_ID),
            fields.flag("enabled", true));
    fields.end();
    return wanted;
  }
}
