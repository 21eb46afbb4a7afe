package retl.sql;

import java.util.EnumMap;
import java.util.Map;
import retl.core.warehouse.Warehouse;

/**
 * How a warehouse reads a text: the facts that the lexer and the gate ask for.
 *
 * @param carriageReturnEndsLine whether a lone CR ends a {@code --} comment
 * @param slashSlashComments whether {@code //} begins a comment; elsewhere it is refused
 * @param commentsNest whether block comments nest; where not, {@code /*} inside one is refused
 * @param backslashEscapes whether a backslash escapes in a plain literal
 * @param escapeLiterals whether {@code E'…'} has backslash escapes
 * @param taggedDollarQuotes whether {@code $tag$} is a dollar quote; elsewhere only {@code $$} is
 * @param dollarsInsideNames whether {@code $$} inside a name surely belongs to the name
 * @param hashOperator whether {@code #} has a meaning: an operator or part of a temporary name
 * @param braces whether <code>{}</code> are brackets
 * @param vocabulary its words, and what it may not call or read
 */
record Dialect(
    Warehouse warehouse,
    boolean carriageReturnEndsLine,
    boolean slashSlashComments,
    boolean commentsNest,
    boolean backslashEscapes,
    boolean escapeLiterals,
    boolean taggedDollarQuotes,
    boolean dollarsInsideNames,
    boolean hashOperator,
    boolean braces,
    Vocabulary vocabulary) {

  private static final boolean YES = true;
  private static final boolean NO = false;

  static Map<Warehouse, Dialect> all() {
    Map<Warehouse, Dialect> all = new EnumMap<>(Warehouse.class);
    for (Warehouse warehouse : Warehouse.values()) {
      all.put(warehouse, of(warehouse));
    }
    return all;
  }

  static Dialect of(Warehouse warehouse) {
    return switch (warehouse) {
      case POSTGRES ->
          new Dialect(
              warehouse, YES, NO, YES, NO, YES, YES, YES, YES, NO, Vocabulary.of("postgres"));
      case REDSHIFT ->
          new Dialect(
              warehouse,
              YES,
              NO,
              YES,
              YES,
              YES,
              YES,
              NO,
              YES,
              NO,
              Vocabulary.of("postgres", "redshift"));
      case SNOWFLAKE ->
          new Dialect(warehouse, NO, YES, NO, YES, NO, NO, NO, NO, YES, Vocabulary.of("snowflake"));
    };
  }

  boolean isPostgres() {
    return warehouse == Warehouse.POSTGRES;
  }

  boolean isRedshift() {
    return warehouse == Warehouse.REDSHIFT;
  }

  /** Whether {@code FROM t, t.list} reads a list inside of each row of {@code t}. */
  boolean nestedTables() {
    return isRedshift();
  }

  boolean isSnowflake() {
    return warehouse == Warehouse.SNOWFLAKE;
  }

  /** The same dialect for a reader to whom a backslash in a plain literal means the opposite. */
  Dialect withOtherBackslashes() {
    return new Dialect(
        warehouse,
        carriageReturnEndsLine,
        slashSlashComments,
        commentsNest,
        !backslashEscapes,
        escapeLiterals,
        taggedDollarQuotes,
        dollarsInsideNames,
        hashOperator,
        braces,
        vocabulary);
  }
}
