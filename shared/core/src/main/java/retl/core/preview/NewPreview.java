package retl.core.preview;

import retl.core.Fields;

/** What {@code POST /previews} asks for: a query, or a saved model's. */
public sealed interface NewPreview {
  int DEFAULT_LIMIT = 50;
  int MAX_LIMIT = 1000;

  /** How many rows are wanted at most. */
  int limit();

  /** Run this query with these credentials. */
  record OfQuery(String credentialId, String sql, int limit) implements NewPreview {}

  /** Run the query of this model with its credentials. */
  record OfModel(String modelId, int limit) implements NewPreview {}

  /** Reads the body, or refuses it with every bad field. */
  static NewPreview read(Fields fields) {
    int limit = fields.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    NewPreview wanted =
        fields.has("modelId")
            ? new OfModel(fields.text("modelId", 64), limit)
            : new OfQuery(
                fields.text("credentialId", 64), fields.text("sql", Integer.MAX_VALUE), limit);
    fields.end();
    return wanted;
  }
}
