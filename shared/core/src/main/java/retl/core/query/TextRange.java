package retl.core.query;

/**
 * A part of a text, as editors count: UTF-16 code units, lines that end at LF, CRLF or a lone CR.
 *
 * @param line from 1
 * @param column from 1, in the line
 * @param offset from 0, in the whole text
 * @param length of the part; 0 for a place between two characters
 */
public record TextRange(int line, int column, int offset, int length) {

  /** The range that begins at {@code offset}; offset and length are clamped into the text. */
  public static TextRange of(CharSequence text, int offset, int length) {
    int start = Math.clamp(offset, 0, text.length());
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < start; i++) {
      char c = text.charAt(i);
      boolean endsLine =
          c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'));
      if (endsLine) {
        line++;
        lineStart = i + 1;
      }
    }
    return new TextRange(
        line, start - lineStart + 1, start, Math.clamp(length, 0, text.length() - start));
  }
}
