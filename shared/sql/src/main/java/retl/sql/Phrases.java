package retl.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import retl.sql.Tokens.Kind;

/**
 * Phrases of the dialects that JSqlParser does not know, and what stands for them in the copy that
 * it parses: something plain of the same kind, or nothing where structure and names stay the same.
 */
final class Phrases {
  private final Tokens tokens;
  private final boolean paths;

  /**
   * @param paths whether a colon behind a value begins a path into it
   */
  Phrases(Tokens tokens, boolean paths) {
    this.tokens = tokens;
    this.paths = paths;
  }

  /**
   * @param end the last token of the phrase
   */
  record Replacement(String text, int end) {}

  /** What stands for the phrase that token {@code i} begins; null when it begins none. */
  @Nullable Replacement at(int i) {
    return switch (tokens.kind(i)) {
      case WORD -> tokens.is(i - 1, Kind.DOT) || tokens.is(i + 1, Kind.DOT) ? null : word(i);
      case OPEN -> isRound(i) ? list(i) : star(i);
      case OPERATOR -> paths && isPath(i) ? new Replacement("::varchar", endOfPath(i)) : null;
      case COMMA -> endsList(i + 1) ? new Replacement("", i) : null;
      default -> null;
    };
  }

  private @Nullable Replacement word(int i) {
    return switch (lower(i)) {
      case "operator" -> bracketed(i, " || ");
      case "match_condition" -> bracketed(i, " ON 1 = 1 ");
      case "uescape" -> tokens.is(i + 1, Kind.LITERAL) ? new Replacement("", i + 1) : null;
      case "distinct" ->
          lower(i - 1).equals("by") && lower(i - 2).equals("group") ? new Replacement("", i) : null;
      case "select" ->
          opens(i - 1) && tokens.word(i + 1) == Word.FROM ? new Replacement("SELECT 1", i) : null;
      case "bytea", "cidr", "inet", "json", "jsonb", "numeric", "regclass", "text", "uuid" ->
          tokens.is(i + 1, Kind.LITERAL) ? new Replacement("", i) : null;
      case "directed" -> lower(i + 1).equals("join") ? new Replacement("", i) : null;
      case "variadic" ->
          tokens.is(i + 1, Kind.COMMA) || tokens.is(i + 1, Kind.CLOSE)
              ? null
              : new Replacement("", i);
      case "is" -> test(i);
      case "tablesample", "sample" -> sample(i);
      case "at", "before", "changes", "end" -> timeTravel(i);
      case "array", "map", "object", "vector" -> type(i);
      case "fetch" -> fetch(i);
      case "table" -> isTableQuery(i) ? new Replacement("SELECT * FROM", i) : null;
      default -> null;
    };
  }

  private @Nullable Replacement bracketed(int i, String text) {
    return opens(i + 1) ? new Replacement(text, closing(i + 1)) : null;
  }

  /** {@code IS [NOT] JSON …}, {@code IS [NOT] … NORMALIZED} and the like. */
  private @Nullable Replacement test(int i) {
    int what = lower(i + 1).equals("not") ? i + 2 : i + 1;
    int end =
        switch (lower(what)) {
          case "json" ->
              switch (lower(what + 1)) {
                case "value", "scalar", "array", "object" -> what + 1;
                default -> what;
              };
          case "normalized", "document" -> what;
          case "nfc", "nfd", "nfkc", "nfkd" -> what + 1;
          default -> -1;
        };
    if (end < 0) {
      return null;
    }
    if (lower(end + 1).equals("with") || lower(end + 1).equals("without")) {
      end += lower(end + 2).equals("unique") ? 2 : 0;
      end += lower(end + 1).equals("keys") ? 1 : 0;
    }
    return new Replacement("IS NULL", end);
  }

  private @Nullable Replacement sample(int i) {
    int open = tokens.is(i + 1, Kind.WORD) ? i + 2 : i + 1;
    if (!opens(open)) {
      return null;
    }
    int end = closing(open);
    boolean seed = lower(end + 1).equals("seed") || lower(end + 1).equals("repeatable");
    return new Replacement("", seed && opens(end + 2) ? closing(end + 2) : end);
  }

  /** Snowflake's {@code AT (TIMESTAMP => …)} and its kin. */
  private @Nullable Replacement timeTravel(int i) {
    boolean named =
        opens(i + 1)
            && tokens.is(i + 2, Kind.WORD)
            && tokens.is(i + 3, Kind.OPERATOR)
            && tokens.text(i + 3).startsWith("=>");
    return named ? new Replacement("", closing(i + 1)) : null;
  }

  /** A structured type behind {@code ::} or in a CAST. */
  private @Nullable Replacement type(int i) {
    boolean shorthand = isColon(i - 1) && isColon(i - 2);
    boolean cast = tokens.word(i - 1) == Word.AS && (opens(i + 1) || tokens.is(i + 1, Kind.CLOSE));
    if (!shorthand && !cast) {
      return null;
    }
    return new Replacement("varchar", opens(i + 1) && isRound(i + 1) ? closing(i + 1) : i);
  }

  private @Nullable Replacement fetch(int i) {
    int number = lower(i + 1).equals("first") || lower(i + 1).equals("next") ? i + 2 : i + 1;
    if (!tokens.is(number, Kind.NUMBER)) {
      return null;
    }
    int end = lower(number + 1).startsWith("row") ? number + 1 : number;
    if (lower(end + 1).equals("with") && lower(end + 2).equals("ties")) {
      return new Replacement("", end + 2);
    }
    return new Replacement("", lower(end + 1).equals("only") ? end + 1 : end);
  }

  /** A list of constants behind IN: all of them together mean no more than one does. */
  private @Nullable Replacement list(int open) {
    if (tokens.word(open - 1) != Word.IN) {
      return null;
    }
    int end = open + 1;
    while (tokens.is(end, Kind.LITERAL)
        || tokens.is(end, Kind.NUMBER)
        || tokens.is(end, Kind.COMMA)) {
      end++;
    }
    return tokens.is(end, Kind.CLOSE) && end > open + 2 ? new Replacement("(1)", end) : null;
  }

  /** Snowflake's star as an object: {@code {*}}, {@code {t.* EXCLUDE (a)}}. */
  private @Nullable Replacement star(int i) {
    int first = tokens.isName(i + 1) && tokens.is(i + 2, Kind.DOT) ? i + 3 : i + 1;
    boolean star =
        tokens.firstChar(i) == '{'
            && tokens.is(first, Kind.OPERATOR)
            && tokens.firstChar(first) == '*';
    return star ? new Replacement("NULL", closing(i)) : null;
  }

  /** PostgreSQL's {@code TABLE name} as a query. */
  private boolean isTableQuery(int i) {
    return tokens.isName(i + 1)
        && (i == 0
            || tokens.is(i - 1, Kind.OPEN)
            || switch (tokens.word(i - 1)) {
              case UNION, EXCEPT, INTERSECT -> true;
              default -> lower(i - 1).equals("all");
            });
  }

  /** Whether token {@code i} is the colon of a path into a value, {@code column:field.field}. */
  private boolean isPath(int i) {
    boolean value =
        tokens.isName(i - 1) || tokens.is(i - 1, Kind.CLOSE) || tokens.is(i - 1, Kind.PARAMETER);
    return value && isColon(i) && tokens.isName(i + 1) && tokens.end(i - 1) + 8 > tokens.start(i);
  }

  /** The last token of a path: a field, or a number or text in square brackets. */
  private int endOfPath(int colon) {
    int end = colon + 1;
    while (true) {
      boolean element = tokens.is(end + 1, Kind.OPEN) && tokens.firstChar(end + 1) == '[';
      if (isColon(end + 1) && !isColon(end + 2) && tokens.isName(end + 2)) {
        end += 2;
      } else if (tokens.is(end + 1, Kind.DOT) && tokens.isName(end + 2)) {
        end += 2;
      } else if (element && tokens.is(end + 3, Kind.CLOSE)) {
        end += 3;
      } else {
        return end;
      }
    }
  }

  /** Whether a list that goes on with a comma ends here: Snowflake allows one comma too many. */
  private boolean endsList(int i) {
    if (i >= tokens.size()) {
      return true;
    }
    return switch (tokens.word(i)) {
      case FROM, WHERE, GROUP, HAVING, QUALIFY, ORDER -> true;
      default -> false;
    };
  }

  private boolean isColon(int i) {
    return tokens.is(i, Kind.OPERATOR) && tokens.firstChar(i) == ':';
  }

  private boolean isRound(int i) {
    return tokens.firstChar(i) == '(';
  }

  private boolean opens(int i) {
    return tokens.is(i, Kind.OPEN);
  }

  private String lower(int i) {
    return tokens.is(i, Kind.WORD) ? tokens.text(i).toLowerCase(Locale.ROOT) : "";
  }

  /** The token that closes the bracket {@code open}. */
  private int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.is(i, Kind.OPEN)) {
        depth++;
      } else if (tokens.is(i, Kind.CLOSE) && --depth == 0) {
        return i;
      }
    }
    return tokens.size() - 1;
  }
}
