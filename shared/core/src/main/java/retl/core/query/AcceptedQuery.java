package retl.core.query;

import retl.core.Warehouse;

/**
 * A query that the gate accepted. Only a gate makes one, and nothing but one is ever sent to a
 * warehouse: the architecture test holds both.
 */
public interface AcceptedQuery {

  /** The text as it was sent, byte for byte; this is what is stored. */
  String source();

  Warehouse dialect();

  /** The query that gives at most {@code limit} rows of this one. */
  RunnableQuery preview(int limit);

  /** The query that gives this one's columns and no row. */
  RunnableQuery describe();
}
