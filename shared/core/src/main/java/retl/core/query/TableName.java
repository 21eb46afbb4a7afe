package retl.core.query;

import org.jspecify.annotations.Nullable;

/**
 * A table or view as a query names it. Unquoted parts are folded as the warehouse folds them (upper
 * case on Snowflake, lower case elsewhere), quoted parts stand as written.
 *
 * @param catalog the database; null when the query does not say
 * @param schema null when the query does not say
 */
public record TableName(@Nullable String catalog, @Nullable String schema, String name) {

  /** The parts that the query says, joined by dots; not quoted. */
  @Override
  public String toString() {
    return (catalog == null ? "" : catalog + ".") + (schema == null ? "" : schema + ".") + name;
  }
}
