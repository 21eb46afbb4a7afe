package retl.sql;

import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;

/**
 * A query inside its wrapper. Positions in it are taken back by the length of the prefix, clamped
 * into the query, and found in the source.
 *
 * @param query what is wrapped
 */
record Wrapped(SqlQuery query, Wrapping wrapping) implements RunnableQuery {

  @Override
  public String sql() {
    return wrapping.prefix() + query.text() + wrapping.suffix();
  }

  @Override
  public boolean isAround(int character) {
    int inside = inside(character);
    return inside < 0 || inside > length(query.text());
  }

  @Override
  public TextRange atCharacter(int character) {
    String text = query.text();
    int inside = Math.clamp(inside(character), 0, length(text));
    return query.rangeAt(text.offsetByCodePoints(0, inside));
  }

  private int inside(int character) {
    return character - 1 - length(wrapping.prefix());
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public TextRange atLine(int line, int column) {
    String text = query.text();
    long inside = line - 1L - wrapping.prefix().chars().filter(c -> c == '\n').count();
    if (inside < 0) {
      return query.rangeAt(0);
    }
    int start = 0;
    for (long i = 0; i < inside; i++) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        return query.rangeAt(text.length());
      }
      start = end + 1;
    }
    int end = text.indexOf('\n', start);
    String rest = text.substring(start, end < 0 ? text.length() : end);
    int columns = Math.clamp(column, 0, rest.codePointCount(0, rest.length()));
    return query.rangeAt(start + rest.offsetByCodePoints(0, columns));
  }

  /** Without the user's own text, which can hold data. */
  @Override
  public String toString() {
    return "Wrapped[" + wrapping.prefix().strip() + " … " + wrapping.suffix().strip() + "]";
  }
}
