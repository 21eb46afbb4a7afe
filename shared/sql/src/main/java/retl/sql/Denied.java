package retl.sql;

/**
 * A function or table that a model may not use.
 *
 * @param reason continues the sentence "… is not allowed in a model:"
 */
record Denied(Kind kind, String reason) {

  enum Kind {
    /** A function that no column is called like: also denied as {@code t.f}. */
    FUNCTION,
    /** A function called as {@code f(x)} or {@code (x).f}. */
    CALL,
    TABLE,
    /** Every function of a schema, named {@code schema.function}. */
    SCHEMA
  }
}
