package retl.sql;

/** Skips comments as a dialect reads them. */
final class Comments {
  private final Cursor cursor;
  private final Dialect dialect;

  Comments(Cursor cursor, Dialect dialect) {
    this.cursor = cursor;
    this.dialect = dialect;
  }

  /** Skips a comment that begins with two slashes; false where that is no comment. */
  boolean slashSlash() throws Refusal {
    if (!dialect.slashSlashComments()) {
      cursor.refuse(
          Rule.AMBIGUOUS_COMMENT,
          cursor.at,
          cursor.at + 2,
          "// is a comment for some readers of SQL and not for others. Begin comments with --.");
      return false;
    }
    lineComment();
    return true;
  }

  /** Skips to the end of the line. */
  void lineComment() throws Refusal {
    while (!cursor.isAtEnd() && cursor.peek(0) != '\n') {
      if (cursor.peek(0) == '\r' && cursor.peek(1) != '\n') {
        if (dialect.carriageReturnEndsLine()) {
          return;
        }
        cursor.refuse(
            Rule.AMBIGUOUS_COMMENT,
            cursor.at,
            cursor.at + 1,
            "A lone carriage return ends this comment for some readers of SQL and not for others."
                + " End the line with a line feed.");
      }
      cursor.at++;
    }
  }

  /** Skips behind the end of a block comment that begins at the cursor. */
  void blockComment() throws Refusal {
    int start = cursor.at;
    int depth = 1;
    cursor.at += 2;
    while (!cursor.isAtEnd()) {
      if (cursor.peek(0) == '*' && cursor.peek(1) == '/') {
        cursor.at += 2;
        if (--depth == 0) {
          return;
        }
      } else if (cursor.peek(0) == '/' && cursor.peek(1) == '*') {
        nestedComment();
        depth += dialect.commentsNest() ? 1 : 0;
        cursor.at += 2;
      } else {
        cursor.at++;
      }
    }
    String advice = depth > 1 ? " Comments nest: each /* needs its own." : "";
    cursor.refuse(Rule.UNTERMINATED_COMMENT, start, cursor.text.length, advice);
  }

  private void nestedComment() throws Refusal {
    if (!dialect.commentsNest()) {
      cursor.refuse(
          Rule.AMBIGUOUS_COMMENT,
          cursor.at,
          cursor.at + 2,
          "/* inside a comment: comments nest for some readers of SQL and not for others. Write it"
              + " as / *.");
    }
  }
}
