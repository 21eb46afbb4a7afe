package retl.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.Name;

/** What {@code POST /models} asks for. */
public record NewModel(
    Name name,
    String credentialId,
    String sql,
    @Nullable String description,
    @Nullable List<String> primaryKey,
    @Nullable String previewId) {
  /** In code points. */
  static final int MAX_DESCRIPTION = 4096;

  /** Far more than an id of ours has. */
  static final int MAX_ID = 64;

  /** Reads the body, or refuses it with every bad field. */
  public static NewModel read(Fields fields) {
    NewModel wanted =
        new NewModel(
            Name.read(fields, "name"),
            fields.text("credentialId", MAX_ID),
            fields.text("sql", Integer.MAX_VALUE),
            description(fields),
            primaryKey(fields),
            fields.optionalText("previewId", MAX_ID));
    if (wanted.primaryKey != null && wanted.previewId == null && !fields.isBad("previewId")) {
      FieldError error = keyWithoutPreview();
      fields.bad(error.field(), error.code(), error.message());
    }
    fields.end();
    return wanted;
  }

  static FieldError keyWithoutPreview() {
    return new FieldError(
        "primaryKey",
        Code.NOT_VERIFIED,
        "Run the query first and send the previewId: the key is chosen from its columns.");
  }

  static @Nullable String description(Fields fields) {
    String description = fields.optionalText("description", Integer.MAX_VALUE);
    if (description != null
        && description.codePointCount(0, description.length()) > MAX_DESCRIPTION) {
      fields.bad("description", Code.TOO_LONG, "At most " + MAX_DESCRIPTION + " characters.");
    }
    return description;
  }

  static @Nullable List<String> primaryKey(Fields fields) {
    return KeyColumns.read(fields, "primaryKey");
  }
}
