package retl.sql;

/**
 * A function or table that a model may not use.
 *
 * @param reason continues the sentence "… is not allowed in a model:"
 */
record Denied(Kind kind, String reason) {

  enum Kind {
    FUNCTION,
    TABLE,
    /** Every function of a schema, named {@code schema.function}. */
    SCHEMA
  }
}
