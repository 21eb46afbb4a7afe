package retl.sql;

import java.util.Locale;
import java.util.Set;
import retl.sql.Tokens.Kind;

/**
 * Words that JSqlParser 5.4 reserves and the warehouses do not, so that a column or CTE of that
 * name must be quoted in the copy that it parses. Found by trying each of its keywords as a column,
 * an alias, a table, a CTE and an argument.
 */
final class ForeignWords {
  /** Not part of any query of our dialects: always a name. */
  private static final Set<String> NEVER_SYNTAX =
      Set.of(
          "check",
          "constraint",
          "csv",
          "distinctrow",
          "div",
          "errors",
          "excludes",
          "extend",
          "fbv",
          "file",
          "final",
          "force",
          "global",
          "import",
          "includes",
          "interpret",
          "nocycle",
          "output",
          "preferring",
          "prewhere",
          "returns",
          "script",
          "semi",
          "settings",
          "sql_cache",
          "sql_calc_found_rows",
          "sql_no_cache",
          "statement",
          "use",
          "verify",
          "xor");

  /** Syntax in some places: a name only where the words around it leave nothing else. */
  private static final Set<String> SOMETIMES_SYNTAX =
      Set.of(
          "absent",
          "all",
          "both",
          "connect_by_root",
          "current",
          "double",
          "exclude",
          "fetch",
          "float",
          "foreign",
          "full",
          "ignore",
          "ilike",
          "int",
          "limit",
          "match",
          "member",
          "minus",
          "number",
          "offset",
          "only",
          "outer",
          "pivot",
          "prior",
          "qualify",
          "returning",
          "sample",
          "set",
          "table",
          "tablesample",
          "top",
          "trailing",
          "unbounded",
          "unknown",
          "unpivot",
          "using",
          "varchar",
          "window",
          "interval",
          "date",
          "time",
          "timestamp");

  private static final Set<String> TYPES =
      Set.of(
          "double", "float", "int", "number", "varchar", "interval", "date", "time", "timestamp");

  /** Words before the start of an expression. */
  private static final Set<String> BEFORE =
      Set.of(
          "select",
          "distinct",
          "by",
          "where",
          "and",
          "or",
          "not",
          "when",
          "then",
          "else",
          "on",
          "having",
          "qualify",
          "case",
          "in",
          "like",
          "between",
          "with",
          "recursive");

  /** Words behind the end of an expression or a name. */
  private static final Set<String> BEHIND =
      Set.of(
          "from", "as", "and", "or", "is", "in", "not", "like", "between", "then", "else", "end",
          "when", "asc", "desc", "where", "group", "order", "union", "nulls", "over", "rows",
          "range");

  private ForeignWords() {}

  /** Whether word {@code i} is a name that the parser would take for syntax. */
  static boolean isName(Tokens tokens, int i) {
    String word = tokens.text(i).toLowerCase(Locale.ROOT);
    if (NEVER_SYNTAX.contains(word)) {
      return true;
    }
    if (word.endsWith("like") && tokens.is(i + 1, Kind.OPEN) && begins(tokens, i - 1)) {
      return true;
    }
    if (tokens.is(i - 1, Kind.DOT) && !tokens.is(i + 1, Kind.OPEN)) {
      return true;
    }
    if (!SOMETIMES_SYNTAX.contains(word)) {
      return false;
    }
    if (tokens.is(i + 1, Kind.DOT)) {
      return true;
    }
    if (tokens.word(i - 1) == Word.AS) {
      return !TYPES.contains(word) || tokens.is(i + 1, Kind.COMMA);
    }
    return begins(tokens, i - 1) && ends(tokens, i + 1);
  }

  private static boolean begins(Tokens tokens, int before) {
    return before >= 0
        && switch (tokens.kind(before)) {
          case COMMA, OPEN -> true;
          case OPERATOR -> tokens.firstChar(before) != ':';
          case WORD -> BEFORE.contains(tokens.text(before).toLowerCase(Locale.ROOT));
          default -> false;
        };
  }

  private static boolean ends(Tokens tokens, int behind) {
    return behind >= tokens.size()
        || switch (tokens.kind(behind)) {
          case COMMA, CLOSE, OPERATOR, SEMICOLON -> true;
          case WORD -> BEHIND.contains(tokens.text(behind).toLowerCase(Locale.ROOT));
          default -> false;
        };
  }
}
