package retl.sql;

import java.util.Locale;
import java.util.Set;
import retl.sql.Tokens.Kind;

/**
 * Cuts a text into tokens as its warehouse would, in one pass. What does not end, and what readers
 * of SQL disagree about, is refused.
 *
 * <p>The facts for PostgreSQL are those of its own scanner ({@code scan.l} of version 18), for
 * Redshift and Snowflake those of their documentation; {@code docs/query-sanitation.md} lists them.
 */
final class Lexer {
  private static final boolean[] OPERATOR = characters("~!@#^&|`?+-*/%<>=");
  private static final boolean[] NAME =
      characters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

  private final Dialect dialect;
  private final char[] text;
  private final Cursor cursor;
  private final Tokens tokens;
  private final Comments comments;
  private final Literals literals;

  /**
   * @param rules those that are in force
   */
  Lexer(char[] text, Dialect dialect, Set<Rule> rules) {
    this.text = text;
    this.dialect = dialect;
    this.cursor = new Cursor(text, rules);
    this.tokens = new Tokens(text);
    this.comments = new Comments(cursor, dialect);
    this.literals = new Literals(cursor, comments, tokens);
  }

  /** All tokens of the text. */
  Tokens tokens() throws Refusal {
    if (text.length > 0 && text[0] == '\ufeff') {
      cursor.at = 1;
    }
    while (!cursor.isAtEnd()) {
      next();
    }
    return tokens;
  }

  /**
   * Where a backslash stands before a quote in a plain literal, so that another reader would end
   * the literal elsewhere; negative when nowhere.
   */
  int ambiguousBackslash() {
    return literals.ambiguousBackslash();
  }

  /** Whether a semicolon stands outside of comments and literals, as far as was read. */
  boolean sawSemicolon() {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.is(i, Kind.SEMICOLON)) {
        return true;
      }
    }
    return false;
  }

  private void next() throws Refusal {
    char c = text[cursor.at];
    switch (c) {
      case ' ', '\t', '\n', '\r' -> cursor.at++;
      case '\'' -> literals.literal(cursor.at, dialect.backslashEscapes(), true);
      case '"' -> quotedName();
      case '$' -> dollar();
      case '(', '[' -> single(Kind.OPEN);
      case ')', ']' -> single(Kind.CLOSE);
      case '{', '}' -> brace(c);
      case ',' -> single(Kind.COMMA);
      case ';' -> single(Kind.SEMICOLON);
      case ':' -> single(Kind.OPERATOR);
      case '.' -> dot();
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> {
        if (isNameStart(c) && (c < 0x80 || Characters.isNameStart(cursor.codePoint()))) {
          word();
        } else if (isOperator(c)) {
          operatorOrComment();
        } else {
          strange();
        }
      }
    }
  }

  private void single(Kind kind) {
    tokens.add(kind, cursor.at, ++cursor.at);
  }

  /** A character that means nothing here. */
  private void strange() throws Refusal {
    int codePoint = cursor.codePoint();
    int end = cursor.at + Character.charCount(codePoint);
    if (codePoint >= 0x80 && Characters.isInvisible(codePoint)) {
      cursor.refuse(Rule.INVISIBLE_CHARACTER, cursor.at, end, Characters.show(codePoint));
    } else {
      String advice = codePoint == '\\' ? " outside of a literal." : ".";
      cursor.refuse(Rule.UNKNOWN_CHARACTER, cursor.at, end, Characters.show(codePoint), advice);
    }
    tokens.add(Kind.OPERATOR, cursor.at, end);
    cursor.at = end;
  }

  // Names

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean[] characters(String all) {
    boolean[] table = new boolean[0x80];
    all.chars().forEach(c -> table[c] = true);
    return table;
  }

  private static boolean isOperator(char c) {
    return c < 0x80 && OPERATOR[c];
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void word() throws Refusal {
    int start = cursor.at;
    int hash = 0;
    boolean ascii = true;
    boolean twoDollars = false;
    while (!cursor.isAtEnd()) {
      char c = text[cursor.at];
      if (c >= 0x80) {
        int codePoint = cursor.codePoint();
        if (!Characters.isNamePart(codePoint)) {
          break;
        }
        cursor.at += Character.charCount(codePoint);
        ascii = false;
        continue;
      }
      if (!NAME[c]) {
        break;
      }
      twoDollars |= c == '$' && cursor.peek(1) == '$';
      hash = Vocabulary.extend(hash, c);
      cursor.at++;
    }
    if (twoDollars && !dialect.dollarsInsideNames()) {
      cursor.refuse(Rule.AMBIGUOUS_DOLLAR, start, cursor.at);
    }
    if (cursor.peek(0) == '\'' && prefixedLiteral(start)) {
      return;
    }
    if (cursor.peek(0) == '&'
        && cursor.peek(1) == '"'
        && cursor.at == start + 1
        && (text[start] | 0x20) == 'u') {
      cursor.refuse(Rule.UNICODE_IDENTIFIER, start, endOfQuotedName(cursor.at + 1));
    }
    tokens.add(
        Kind.WORD,
        start,
        cursor.at,
        ascii ? dialect.vocabulary().find(text, start, cursor.at, hash) : wide(start));
  }

  /** Refuses a word that turns into one that the gate knows when a warehouse folds its case. */
  private Vocabulary.Entry wide(int start) throws Refusal {
    String name = new String(text, start, cursor.at - start);
    String folded = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    if (dialect.vocabulary().find(folded).isListed()
        || dialect.vocabulary().family(folded) != null) {
      cursor.refuse(Rule.LOOKALIKE_WORD, start, cursor.at, name);
    }
    return Vocabulary.UNLISTED;
  }

  /** A literal whose prefix is the word just read; false when that is no prefix. */
  private boolean prefixedLiteral(int start) throws Refusal {
    if (cursor.at != start + 1 || !dialect.escapeLiterals()) {
      return false;
    }
    return switch (text[start]) {
      case 'e', 'E' -> {
        literals.literal(start, true, false);
        literals.continueEscapeLiteral();
        yield true;
      }
      case 'b', 'B', 'x', 'X', 'n', 'N' -> {
        literals.literal(start, dialect.backslashEscapes(), true);
        yield true;
      }
      default -> false;
    };
  }

  private void quotedName() throws Refusal {
    int start = cursor.at;
    cursor.at = endOfQuotedName(start);
    int hash = 0;
    for (int i = start + 1; i < cursor.at - 1; i++) {
      hash = Vocabulary.extend(hash, text[i]);
    }
    tokens.add(
        Kind.QUOTED,
        start,
        cursor.at,
        dialect.vocabulary().find(text, start + 1, cursor.at - 1, hash));
  }

  private int endOfQuotedName(int open) throws Refusal {
    for (int i = open + 1; i < text.length; i++) {
      if (text[i] == '"') {
        if (i + 1 < text.length && text[i + 1] == '"') {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    cursor.refuse(Rule.UNTERMINATED_IDENTIFIER, open, text.length);
    return text.length;
  }

  private void dollar() throws Refusal {
    int start = cursor.at;
    if (isDigit(cursor.peek(1))) {
      cursor.at++;
      digits();
      refuseDollarAfterNumber(start);
      tokens.add(Kind.PARAMETER, start, cursor.at);
      return;
    }
    int tag = cursor.at + 1;
    while (tag < text.length
        && (isNameStart(text[tag]) || (tag > cursor.at + 1 && isDigit(text[tag])))) {
      tag++;
    }
    boolean quote = tag < text.length && text[tag] == '$';
    if (quote && (dialect.taggedDollarQuotes() || tag == cursor.at + 1)) {
      literals.dollarQuote(tag + 1);
    } else if (dialect.isSnowflake() && tag > cursor.at + 1) {
      cursor.at = tag;
      tokens.add(Kind.VARIABLE, start, cursor.at);
    } else if (dialect.isSnowflake() && endsPattern(tag)) {
      single(Kind.OPERATOR);
    } else {
      strange();
    }
  }

  /** Whether a lone dollar sign is the end of a row pattern: {@code PATTERN (^ a+ $)}. */
  private boolean endsPattern(int i) {
    int next = i;
    while (next < text.length && (text[next] == ' ' || text[next] == '\n')) {
      next++;
    }
    return next < text.length && text[next] == ')';
  }

  // Numbers

  private void dot() throws Refusal {
    if (isDigit(cursor.peek(1))) {
      number();
    } else {
      single(Kind.DOT);
    }
  }

  private void number() throws Refusal {
    int start = cursor.at;
    digits();
    if (cursor.peek(0) == '.' && cursor.peek(1) != '.') {
      cursor.at++;
      digits();
    }
    if ((cursor.peek(0) | 0x20) == 'e') {
      int sign = cursor.peek(1) == '+' || cursor.peek(1) == '-' ? 1 : 0;
      if (isDigit(cursor.peek(1 + sign))) {
        cursor.at += 1 + sign;
        digits();
      }
    }
    refuseDollarAfterNumber(start);
    tokens.add(Kind.NUMBER, start, cursor.at);
  }

  private void digits() {
    while (isDigit(cursor.peek(0)) || (cursor.peek(0) == '_' && isDigit(cursor.peek(1)))) {
      cursor.at++;
    }
  }

  private void refuseDollarAfterNumber(int start) throws Refusal {
    if (cursor.peek(0) == '$') {
      cursor.refuse(Rule.AMBIGUOUS_DOLLAR, start, cursor.at + 1);
    }
  }

  // Operators and comments

  private void brace(char c) throws Refusal {
    boolean template = c == '{' && (cursor.peek(1) == '{' || cursor.peek(1) == '%');
    if (template || !dialect.braces()) {
      cursor.refuse(
          Rule.UNKNOWN_CHARACTER,
          cursor.at,
          cursor.at + (template ? 2 : 1),
          Characters.show(c),
          ". If this is a template, such as dbt's {{ ref('…') }}, save the compiled query; JDBC"
              + " escapes {fn …} are written as the plain function.");
    }
    single(c == '{' ? Kind.OPEN : Kind.CLOSE);
  }

  private void operatorOrComment() throws Refusal {
    int start = cursor.at;
    while (!cursor.isAtEnd() && isOperator(text[cursor.at])) {
      char c = text[cursor.at];
      boolean comment =
          (c == '-' && cursor.peek(1) == '-')
              || (c == '/' && (cursor.peek(1) == '*' || cursor.peek(1) == '/'));
      if (comment) {
        break;
      }
      refuseForeign(c);
      cursor.at++;
    }
    if (cursor.at > start) {
      tokens.add(Kind.OPERATOR, start, cursor.at);
    } else if (text[cursor.at] == '-') {
      comments.lineComment();
    } else if (text[cursor.at + 1] == '*') {
      comments.blockComment();
    } else if (!comments.slashSlash()) {
      cursor.at += 2;
      tokens.add(Kind.OPERATOR, start, cursor.at);
    }
  }

  private void refuseForeign(char c) throws Refusal {
    if (c == '`') {
      cursor.refuse(
          Rule.UNKNOWN_CHARACTER,
          cursor.at,
          cursor.at + 1,
          Characters.show(c),
          ". Names are quoted with double quotes (\").");
    }
    if (c == '#' && !dialect.hashOperator()) {
      cursor.refuse(
          Rule.AMBIGUOUS_COMMENT,
          cursor.at,
          cursor.at + 1,
          "# is a comment for some readers of SQL and not for others. Begin comments with --.");
    }
  }
}
