package retl.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.sql.Tokens.Kind;

/**
 * A copy of a query for the parser, which knows one lexer for all dialects: no comments, single
 * spaces, and what it would misread replaced by something plain of the same kind. The structure and
 * the names of tables and columns are those of the query.
 */
final class Canonical {
  /** Operators that the parser knows; any other becomes one that binds two values. */
  private static final Set<String> KNOWN =
      Set.of(
          "+", "-", "*", "/", "%", "=", "<>", "!=", "<", ">", "<=", ">=", "||", ":", "->", "->>",
          "#>", "#>>", "=>", "&", "|", "^", "~", "~*", "!~", "!~*", "@>", "<@", "@@", "<<", ">>",
          "<&", "&&", "?");

  private final Tokens tokens;
  private final Dialect dialect;
  private final Phrases phrases;
  private final StringBuilder text = new StringBuilder();
  private final List<String> names = new ArrayList<>();

  private Canonical(Tokens tokens, Dialect dialect) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.phrases = new Phrases(tokens, dialect.isSnowflake());
  }

  static Canonical of(Tokens tokens, Dialect dialect) {
    Canonical canonical = new Canonical(tokens, dialect);
    for (int i = 0; i < tokens.size(); i++) {
      i = canonical.token(i);
    }
    return canonical;
  }

  /** What to parse. */
  String text() {
    return text.toString();
  }

  /** Whether a CTE of the query can select from itself. */
  boolean mayRecurse() {
    for (int i = 1; i < tokens.size() && !dialect.isSnowflake(); i++) {
      if (tokens.word(i) == Word.RECURSIVE && tokens.word(i - 1) == Word.WITH) {
        return true;
      }
    }
    return dialect.isSnowflake();
  }

  /** The name that a name in the tree stands for, folded as its warehouse folds it. */
  String name(String written) {
    if (written.length() < 2 || written.charAt(0) != '"') {
      return fold(written);
    }
    String inside = written.substring(1, written.length() - 1);
    return inside.startsWith("\u00a7") ? names.get(Integer.parseInt(inside.substring(1))) : inside;
  }

  private String fold(String word) {
    return dialect.isSnowflake() ? word.toUpperCase(Locale.ROOT) : word.toLowerCase(Locale.ROOT);
  }

  /** Writes token {@code i} or the phrase that it begins; the last token that is done then. */
  private int token(int i) {
    if (i > 0 && tokens.end(i - 1) < tokens.start(i) && !text.isEmpty()) {
      text.append(' ');
    }
    Phrases.Replacement phrase = phrases.at(i);
    if (phrase != null) {
      text.append(phrase.text());
      return phrase.end();
    }
    switch (tokens.kind(i)) {
      case LITERAL -> text.append(literal(i));
      case QUOTED ->
          text.append(isPlain(tokens.name(i)) ? tokens.text(i) : standIn(tokens.name(i)));
      case WORD -> word(i);
      case NUMBER -> text.append(tokens.text(i).replace("_", ""));
      case PARAMETER -> text.append(standIn(tokens.text(i)));
      case OPERATOR -> operator(i);
      case SEMICOLON -> {}
      default -> text.append(tokens.text(i));
    }
    return i;
  }

  private String literal(int i) {
    String literal = tokens.text(i);
    boolean plain =
        literal.charAt(0) == '\''
            && literal.indexOf('\\') < 0
            && literal.indexOf('\'', 1) == literal.length() - 1
            && literal.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    return plain ? literal : "'x'";
  }

  private void word(int i) {
    String word = tokens.text(i);
    if (!word.chars().allMatch(c -> c < 0x80) || word.indexOf('$') >= 0) {
      text.append(standIn(fold(word)));
    } else if (ForeignWords.isName(tokens, i)) {
      text.append('"').append(fold(word)).append('"');
    } else {
      text.append(word);
    }
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(c -> c == ' ' || (c > ' ' && c < 0x7f && c != '"' && c != '`' && c != '\\'));
  }

  private String standIn(String name) {
    names.add(name);
    return "\"\u00a7" + (names.size() - 1) + "\"";
  }

  private void operator(int i) {
    String operator = tokens.text(i);
    @Nullable String sign = null;
    if (operator.length() > 1 && operator.chars().noneMatch(c -> "~!@#%^&|`?".indexOf(c) >= 0)) {
      char last = operator.charAt(operator.length() - 1);
      if (last == '-' || last == '+') {
        sign = " " + last;
        operator = operator.substring(0, operator.length() - 1);
      }
    }
    if (KNOWN.contains(operator)) {
      text.append(operator);
    } else if (isOperand(i - 1)) {
      text.append(" || ");
    }
    if (sign != null) {
      text.append(sign);
    }
  }

  private boolean isOperand(int i) {
    return tokens.is(i, Kind.CLOSE)
        || tokens.is(i, Kind.LITERAL)
        || tokens.is(i, Kind.NUMBER)
        || tokens.is(i, Kind.PARAMETER)
        || tokens.is(i, Kind.QUOTED)
        || (tokens.is(i, Kind.WORD) && tokens.word(i) == Word.OTHER);
  }
}
