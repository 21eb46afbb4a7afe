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
  private static final char NONE = '\uffff';
  private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";

  private final Dialect dialect;
  private final Set<Rule> rules;
  private final char[] text;
  private final Tokens tokens;
  private int at;
  private int ambiguousBackslash = -1;

  /**
   * @param rules those that are in force
   */
  Lexer(char[] text, Dialect dialect, Set<Rule> rules) {
    this.text = text;
    this.dialect = dialect;
    this.rules = rules;
    this.tokens = new Tokens(text);
  }

  /** All tokens of the text. */
  Tokens tokens() throws Refusal {
    if (text.length > 0 && text[0] == '\ufeff') {
      at = 1;
    }
    while (at < text.length) {
      next();
    }
    return tokens;
  }

  /**
   * Where a backslash stands before a quote in a plain literal, so that another reader would end
   * the literal elsewhere; negative when nowhere.
   */
  int ambiguousBackslash() {
    return ambiguousBackslash;
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
    char c = text[at];
    switch (c) {
      case ' ', '\t', '\n', '\r' -> at++;
      case '\'' -> literal(at, dialect.backslashEscapes(), true);
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
        if (isNameStart(c)) {
          word();
        } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
          operatorOrComment();
        } else {
          throw strange();
        }
      }
    }
  }

  private char peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] : NONE;
  }

  private void single(Kind kind) {
    tokens.add(kind, at, ++at);
  }

  private void refuse(Rule rule, int start, int end, Object... details) throws Refusal {
    if (rules.contains(rule)) {
      throw new Refusal(rule, start, end, details);
    }
  }

  private Refusal strange() {
    int codePoint = Character.codePointAt(text, at);
    int end = at + Character.charCount(codePoint);
    if (codePoint >= 0x80 && Characters.isInvisible(codePoint)) {
      return new Refusal(Rule.INVISIBLE_CHARACTER, at, end, Characters.show(codePoint));
    }
    String advice = codePoint == '\\' ? " outside of a literal." : ".";
    return new Refusal(Rule.UNKNOWN_CHARACTER, at, end, Characters.show(codePoint), advice);
  }

  // Names

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void word() throws Refusal {
    int start = at;
    int hash = 0;
    boolean ascii = true;
    boolean twoDollars = false;
    while (at < text.length) {
      char c = text[at];
      if (c >= 0x80) {
        wideNamePart();
        ascii = false;
        continue;
      }
      if (!isNameStart(c) && !isDigit(c) && c != '$') {
        break;
      }
      twoDollars |= c == '$' && peek(1) == '$';
      hash = Vocabulary.extend(hash, c);
      at++;
    }
    if (twoDollars && !dialect.dollarsInsideNames()) {
      refuse(Rule.AMBIGUOUS_DOLLAR, start, at);
    }
    if (peek(0) == '\'' && prefixedLiteral(start)) {
      return;
    }
    if (peek(0) == '&' && peek(1) == '"' && at == start + 1 && (text[start] | 0x20) == 'u') {
      refuse(Rule.UNICODE_IDENTIFIER, start, endOfQuotedName(at + 1));
    }
    tokens.add(
        Kind.WORD,
        start,
        at,
        ascii ? dialect.vocabulary().find(text, start, at, hash) : wide(start));
  }

  private void wideNamePart() throws Refusal {
    int codePoint = Character.codePointAt(text, at, text.length);
    if (!Characters.isNamePart(codePoint)) {
      throw strange();
    }
    at += Character.charCount(codePoint);
  }

  /** Refuses a word that turns into one that the gate knows when a warehouse folds its case. */
  private Vocabulary.Entry wide(int start) throws Refusal {
    String name = new String(text, start, at - start);
    String folded = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    if (dialect.vocabulary().find(folded).isListed()
        || dialect.vocabulary().family(folded) != null) {
      refuse(Rule.LOOKALIKE_WORD, start, at, name);
    }
    return Vocabulary.UNLISTED;
  }

  /** A literal whose prefix is the word just read; false when that is no prefix. */
  private boolean prefixedLiteral(int start) throws Refusal {
    if (at != start + 1 || !dialect.escapeLiterals()) {
      return false;
    }
    return switch (text[start]) {
      case 'e', 'E' -> {
        literal(start, true, false);
        continueEscapeLiteral();
        yield true;
      }
      case 'b', 'B', 'x', 'X', 'n', 'N' -> {
        literal(start, dialect.backslashEscapes(), true);
        yield true;
      }
      default -> false;
    };
  }

  private void quotedName() throws Refusal {
    int start = at;
    at = endOfQuotedName(start);
    int hash = 0;
    for (int i = start + 1; i < at - 1; i++) {
      hash = Vocabulary.extend(hash, text[i]);
    }
    tokens.add(Kind.QUOTED, start, at, dialect.vocabulary().find(text, start + 1, at - 1, hash));
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
    throw new Refusal(Rule.UNTERMINATED_IDENTIFIER, open, text.length);
  }

  // Literals

  /** A literal whose quote stands at the cursor; {@code plain} when readers may disagree on it. */
  private void literal(int start, boolean escapes, boolean plain) throws Refusal {
    int open = at++;
    int backslashes = 0;
    while (at < text.length) {
      char c = text[at++];
      if (c == '\\') {
        backslashes++;
        continue;
      }
      if (c == '\'') {
        boolean odd = (backslashes & 1) == 1;
        if (odd && plain && ambiguousBackslash < 0) {
          ambiguousBackslash = at - 2;
        }
        if (!(odd && escapes)) {
          if (peek(0) != '\'') {
            tokens.add(Kind.LITERAL, start, at);
            return;
          }
          at++;
        }
      }
      backslashes = 0;
    }
    throw new Refusal(Rule.UNTERMINATED_LITERAL, open, text.length);
  }

  /**
   * A literal goes on after blanks with a line break in them and another quote, and keeps the
   * backslash escapes of its first part. Comments that end at their line count as blanks.
   */
  private void continueEscapeLiteral() throws Refusal {
    while (true) {
      int end = at;
      boolean newLine = false;
      while (at < text.length) {
        char c = text[at];
        if (c == '\n' || c == '\r') {
          newLine = true;
          at++;
        } else if (c == ' ' || c == '\t') {
          at++;
        } else if (c == '-' && peek(1) == '-') {
          lineComment();
        } else {
          break;
        }
      }
      if (!newLine || peek(0) != '\'') {
        at = end;
        return;
      }
      literal(at, true, false);
    }
  }

  private void dollar() throws Refusal {
    int start = at;
    if (isDigit(peek(1))) {
      at++;
      digits();
      refuseDollarAfterNumber(start);
      tokens.add(Kind.PARAMETER, start, at);
      return;
    }
    int tag = at + 1;
    while (tag < text.length && (isNameStart(text[tag]) || (tag > at + 1 && isDigit(text[tag])))) {
      tag++;
    }
    boolean quote = tag < text.length && text[tag] == '$';
    if (quote && (dialect.taggedDollarQuotes() || tag == at + 1)) {
      dollarQuote(tag + 1);
    } else if (dialect.isSnowflake() && tag > at + 1) {
      at = tag;
      tokens.add(Kind.VARIABLE, start, at);
    } else if (dialect.isSnowflake() && endsPattern(tag)) {
      single(Kind.OPERATOR);
    } else {
      throw strange();
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

  private void dollarQuote(int body) throws Refusal {
    int start = at;
    int length = body - start;
    for (int i = body; i + length <= text.length; i++) {
      if (text[i] == '$' && matches(start, i, length)) {
        at = i + length;
        tokens.add(Kind.LITERAL, start, at);
        return;
      }
    }
    throw new Refusal(
        Rule.UNTERMINATED_DOLLAR_QUOTE, start, text.length, new String(text, start, length));
  }

  private boolean matches(int a, int b, int length) {
    for (int i = 0; i < length; i++) {
      if (text[a + i] != text[b + i]) {
        return false;
      }
    }
    return true;
  }

  // Numbers

  private void dot() throws Refusal {
    if (isDigit(peek(1))) {
      number();
    } else {
      single(Kind.DOT);
    }
  }

  private void number() throws Refusal {
    int start = at;
    digits();
    if (peek(0) == '.' && peek(1) != '.') {
      at++;
      digits();
    }
    if ((peek(0) | 0x20) == 'e') {
      int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (isDigit(peek(1 + sign))) {
        at += 1 + sign;
        digits();
      }
    }
    refuseDollarAfterNumber(start);
    tokens.add(Kind.NUMBER, start, at);
  }

  private void digits() {
    while (isDigit(peek(0)) || (peek(0) == '_' && isDigit(peek(1)))) {
      at++;
    }
  }

  private void refuseDollarAfterNumber(int start) throws Refusal {
    if (peek(0) == '$') {
      refuse(Rule.AMBIGUOUS_DOLLAR, start, at + 1);
    }
  }

  // Operators and comments

  private void brace(char c) throws Refusal {
    if (!dialect.braces()) {
      throw new Refusal(
          Rule.UNKNOWN_CHARACTER,
          at,
          at + 1,
          Characters.show(c),
          ". If this is a template, such as dbt's {{ ref('…') }}, save the compiled query; JDBC"
              + " escapes {fn …} are written as the plain function.");
    }
    if (c == '{' && (peek(1) == '{' || peek(1) == '%')) {
      refuse(
          Rule.UNKNOWN_CHARACTER,
          at,
          at + 2,
          Characters.show(c),
          ". If this is a template, such as dbt's {{ ref('…') }}, save the compiled query.");
    }
    single(c == '{' ? Kind.OPEN : Kind.CLOSE);
  }

  private void operatorOrComment() throws Refusal {
    int start = at;
    while (at < text.length && OPERATOR_CHARACTERS.indexOf(text[at]) >= 0) {
      char c = text[at];
      boolean comment =
          (c == '-' && peek(1) == '-') || (c == '/' && (peek(1) == '*' || peek(1) == '/'));
      if (comment) {
        break;
      }
      refuseForeign(c);
      at++;
    }
    if (at > start) {
      tokens.add(Kind.OPERATOR, start, at);
    } else if (text[at] == '-') {
      lineComment();
    } else if (text[at + 1] == '*') {
      blockComment();
    } else {
      slashSlash();
    }
  }

  private void refuseForeign(char c) throws Refusal {
    if (c == '`') {
      throw new Refusal(
          Rule.UNKNOWN_CHARACTER,
          at,
          at + 1,
          Characters.show(c),
          ". Names are quoted with double quotes (\").");
    }
    if (c == '#' && !dialect.hashOperator()) {
      refuse(
          Rule.AMBIGUOUS_COMMENT,
          at,
          at + 1,
          "# is a comment for some readers of SQL and not for others. Begin comments with --.");
    }
  }

  private void slashSlash() throws Refusal {
    if (!dialect.slashSlashComments()) {
      refuse(
          Rule.AMBIGUOUS_COMMENT,
          at,
          at + 2,
          "// is a comment for some readers of SQL and not for others. Begin comments with --.");
      tokens.add(Kind.OPERATOR, at, at + 2);
      at += 2;
      return;
    }
    lineComment();
  }

  private void lineComment() throws Refusal {
    while (at < text.length && text[at] != '\n') {
      if (text[at] == '\r' && peek(1) != '\n') {
        if (dialect.carriageReturnEndsLine()) {
          return;
        }
        refuse(
            Rule.AMBIGUOUS_COMMENT,
            at,
            at + 1,
            "A lone carriage return ends this comment for some readers of SQL and not for others."
                + " End the line with a line feed.");
      }
      at++;
    }
  }

  private void blockComment() throws Refusal {
    int start = at;
    int depth = 1;
    at += 2;
    while (at < text.length) {
      if (text[at] == '*' && peek(1) == '/') {
        at += 2;
        if (--depth == 0) {
          return;
        }
      } else if (text[at] == '/' && peek(1) == '*') {
        nestedComment();
        depth += dialect.commentsNest() ? 1 : 0;
        at += 2;
      } else {
        at++;
      }
    }
    String advice = depth > 1 ? " Comments nest: each /* needs its own." : "";
    throw new Refusal(Rule.UNTERMINATED_COMMENT, start, text.length, advice);
  }

  private void nestedComment() throws Refusal {
    if (!dialect.commentsNest()) {
      refuse(
          Rule.AMBIGUOUS_COMMENT,
          at,
          at + 2,
          "/* inside a comment: comments nest for some readers of SQL and not for others. Write it"
              + " as / *.");
    }
  }
}
