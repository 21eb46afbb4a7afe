package retl.sql;

import org.jspecify.annotations.Nullable;

/** One bracket of a query, or its outermost level, and how far the gate has read in it. */
final class Level {

  enum State {
    /** Nothing read yet. */
    START,
    /** After WITH or a comma: a name must follow. */
    CTE_NAME,
    /** After the name: its columns, or AS. */
    CTE_AS,
    /** After AS: the body. */
    CTE_BODY,
    /** After the body: a comma, SEARCH, CYCLE or the main query. */
    CTE_DONE,
    /** In SEARCH or CYCLE, before SET. */
    TAIL_COLUMNS,
    /** After that SET: a name. */
    TAIL_SET,
    /** After that name. */
    TAIL_MARK,
    /** Between TO and USING. */
    TAIL_VALUES,
    /** After USING: a name. */
    TAIL_USING,
    /** In a query, after its SELECT, VALUES or TABLE. */
    QUERY,
    /** In anything else: arguments, an expression, a list. */
    OTHER
  }

  /** The token that opened it; -1 for the outermost. */
  final int open;

  final @Nullable Level outer;
  final int depth;

  /** Nothing but a query may stand here. */
  final boolean mustBeQuery;

  /** The arguments of what looks like a function. */
  final boolean arguments;

  /** Whether a comma here separates tables. */
  boolean inFrom;

  State state = State.START;

  Level(int open, @Nullable Level outer, boolean mustBeQuery, boolean arguments, boolean inFrom) {
    this.open = open;
    this.outer = outer;
    this.depth = outer == null ? 0 : outer.depth + 1;
    this.mustBeQuery = mustBeQuery;
    this.arguments = arguments;
    this.inFrom = inFrom;
  }
}
