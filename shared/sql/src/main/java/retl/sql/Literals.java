package retl.sql;

import retl.sql.Tokens.Kind;

/** Reads text literals as a dialect does. */
final class Literals {
  private final Cursor cursor;
  private final Comments comments;
  private final Tokens tokens;
  private int ambiguousBackslash = -1;

  Literals(Cursor cursor, Comments comments, Tokens tokens) {
    this.cursor = cursor;
    this.comments = comments;
    this.tokens = tokens;
  }

  /**
   * Where a backslash stands before a quote in a plain literal, so that another reader would end
   * the literal elsewhere; negative when nowhere.
   */
  int ambiguousBackslash() {
    return ambiguousBackslash;
  }

  /** A literal whose quote stands at the cursor; {@code plain} when readers may disagree on it. */
  void literal(int start, boolean escapes, boolean plain) throws Refusal {
    int open = cursor.at++;
    int backslashes = 0;
    while (!cursor.isAtEnd()) {
      char c = cursor.text[cursor.at++];
      if (c == '\\') {
        backslashes++;
        continue;
      }
      if (c == '\'') {
        boolean odd = (backslashes & 1) == 1;
        if (odd && plain && ambiguousBackslash < 0) {
          ambiguousBackslash = cursor.at - 2;
        }
        if (!(odd && escapes)) {
          if (cursor.peek(0) != '\'') {
            tokens.add(Kind.LITERAL, start, cursor.at);
            return;
          }
          cursor.at++;
        }
      }
      backslashes = 0;
    }
    cursor.refuse(Rule.UNTERMINATED_LITERAL, open, cursor.text.length);
    tokens.add(Kind.LITERAL, start, cursor.at);
  }

  /**
   * A literal goes on after blanks with a line break in them and another quote, and keeps the
   * backslash escapes of its first part. Comments that end at their line count as blanks.
   */
  void continueEscapeLiteral() throws Refusal {
    while (true) {
      int end = cursor.at;
      boolean newLine = false;
      while (!cursor.isAtEnd()) {
        char c = cursor.peek(0);
        if (c == '\n' || c == '\r') {
          newLine = true;
          cursor.at++;
        } else if (c == ' ' || c == '\t') {
          cursor.at++;
        } else if (c == '-' && cursor.peek(1) == '-') {
          comments.lineComment();
        } else {
          break;
        }
      }
      if (!newLine || cursor.peek(0) != '\'') {
        cursor.at = end;
        return;
      }
      literal(cursor.at, true, false);
    }
  }

  void dollarQuote(int body) throws Refusal {
    int start = cursor.at;
    int length = body - start;
    for (int i = body; i + length <= cursor.text.length; i++) {
      if (cursor.text[i] == '$' && matches(start, i, length)) {
        cursor.at = i + length;
        tokens.add(Kind.LITERAL, start, cursor.at);
        return;
      }
    }
    String tag = new String(cursor.text, start, length);
    cursor.refuse(Rule.UNTERMINATED_DOLLAR_QUOTE, start, cursor.text.length, tag);
    cursor.at = cursor.text.length;
    tokens.add(Kind.LITERAL, start, cursor.at);
  }

  private boolean matches(int a, int b, int length) {
    for (int i = 0; i < length; i++) {
      if (cursor.text[a + i] != cursor.text[b + i]) {
        return false;
      }
    }
    return true;
  }
}
