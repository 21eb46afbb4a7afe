package retl.core.query;

import java.util.List;
import retl.core.warehouse.Warehouse;

/**
 * A query that the gate accepted. Only a gate makes one, and nothing but one is ever sent to a
 * warehouse: the architecture test holds both.
 */
public interface AcceptedQuery {

  /** The text as it was sent, byte for byte; this is what is stored. */
  String source();

  /**
   * The query itself: {@link #source()} without the comments, semicolons and blanks around it. What
   * stands inside it, comments too, is as it was sent.
   */
  String text();

  Warehouse dialect();

  /** What the query reads and gives, as far as its text says. */
  Lineage lineage();

  /**
   * The query that gives at most {@code limit} rows of this one.
   *
   * @param limit from 0
   */
  RunnableQuery preview(int limit);

  /** The query that gives this one's columns and no row. */
  RunnableQuery describe();

  /** The query that gives one row with one column, {@code row_count}: the rows of this one. */
  RunnableQuery count();

  /**
   * The query that tells whether columns are a key of this one. It gives at least one row, of these
   * columns:
   *
   * <ol>
   *   <li>{@code row_count}: all rows; in every row the same, like the next two
   *   <li>{@code distinct_keys}: the different keys among the rows where no key column is null
   *   <li>{@code null_keys}: the rows where one is
   *   <li>{@code copies}: in how many rows the key stands that follows; null when no key stands in
   *       several
   *   <li>the columns of the key, under their names
   * </ol>
   *
   * <p>The columns are a key when {@code distinct_keys} equals {@code row_count}.
   *
   * @param columns at least one, each once and spelled exactly as the warehouse names it in the
   *     result
   * @param duplicates how many keys that stand in several rows are given at most, those of the most
   *     rows first
   */
  RunnableQuery keyAudit(List<String> columns, int duplicates);
}
