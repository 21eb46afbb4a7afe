package retl.sql;

import java.util.Set;

/** What may stand in a text at all, and what may stand in an unquoted name. */
final class Characters {
  /** The longest text, in bytes of UTF-8. */
  static final int MAX_BYTES = 64 * 1024;

  private Characters() {}

  /**
   * Refuses a text that is too long, or that contains a character that no query needs and that some
   * reader takes for something else.
   */
  static void check(char[] text, Set<Rule> rules) throws Refusal {
    int bytes = 0;
    for (int i = 0; i < text.length; i++) {
      char c = text[i];
      if (c < 0x20 || c == 0x7f) {
        if (c != '\n' && c != '\t' && c != '\r') {
          forbid(Rule.CONTROL_CHARACTER, rules, c, i);
        }
        bytes++;
      } else if (c < 0x80) {
        bytes++;
      } else if (Character.isSurrogate(c)) {
        if (isPair(text, i)) {
          i++;
          bytes += 4;
        } else if (rules.contains(Rule.INVALID_UNICODE)) {
          throw new Refusal(Rule.INVALID_UNICODE, i, i + 1);
        }
      } else {
        checkWide(c, i, rules);
        bytes += c < 0x800 ? 2 : 3;
      }
      if (bytes > MAX_BYTES && rules.contains(Rule.TOO_LONG)) {
        throw new Refusal(Rule.TOO_LONG, i, text.length);
      }
    }
  }

  private static boolean isPair(char[] text, int i) {
    return Character.isHighSurrogate(text[i])
        && i + 1 < text.length
        && Character.isLowSurrogate(text[i + 1]);
  }

  private static void checkWide(char c, int at, Set<Rule> rules) throws Refusal {
    if (c < 0xa0 || c == '\u2028' || c == '\u2029') {
      forbid(Rule.CONTROL_CHARACTER, rules, c, at);
    } else if (isBidiControl(c)) {
      forbid(Rule.BIDI_CONTROL, rules, c, at);
    } else if (c == '\ufeff' && at > 0 && rules.contains(Rule.INVISIBLE_CHARACTER)) {
      throw new Refusal(Rule.INVISIBLE_CHARACTER, at, at + 1, show(c));
    }
  }

  private static void forbid(Rule rule, Set<Rule> rules, char c, int at) throws Refusal {
    if (rules.contains(rule)) {
      throw new Refusal(rule, at, at + 1, show(c), (int) c);
    }
  }

  /** The characters of Unicode's property Bidi_Control. */
  private static boolean isBidiControl(char c) {
    return c == '\u061c'
        || c == '\u200e'
        || c == '\u200f'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  /**
   * Whether a character beyond ASCII can begin an unquoted name for every reader: as a part of one,
   * but not as a mark, which is drawn on the character before it.
   */
  static boolean isNameStart(int codePoint) {
    return isNamePart(codePoint)
        && switch (Character.getType(codePoint)) {
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK ->
              false;
          default -> true;
        };
  }

  /** Whether a character beyond ASCII can be part of an unquoted name for every reader. */
  static boolean isNamePart(int codePoint) {
    if (Character.isIdentifierIgnorable(codePoint) || isFiller(codePoint)) {
      return false;
    }
    return Character.isUnicodeIdentifierPart(codePoint)
        || switch (Character.getType(codePoint)) {
          case Character.OTHER_SYMBOL,
              Character.MATH_SYMBOL,
              Character.CURRENCY_SYMBOL,
              Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }

  /** The letters and symbols that are drawn as a blank or as nothing. */
  private static boolean isFiller(int codePoint) {
    return switch (codePoint) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
      default -> false;
    };
  }

  /** Whether a character beyond ASCII looks like a blank or like nothing. */
  static boolean isInvisible(int codePoint) {
    return isFiller(codePoint)
        || Character.isSpaceChar(codePoint)
        || Character.isIdentifierIgnorable(codePoint)
        || switch (Character.getType(codePoint)) {
          case Character.FORMAT, Character.UNASSIGNED, Character.PRIVATE_USE -> true;
          default -> false;
        };
  }

  /** A character for a message: its code point, and itself where it can be seen. */
  static String show(int codePoint) {
    String code = String.format("U+%04X", codePoint);
    boolean visible =
        codePoint > 0x20
            && codePoint != 0x7f
            && !isInvisible(codePoint)
            && !Character.isISOControl(codePoint);
    return visible ? Character.toString(codePoint) + " (" + code + ")" : code;
  }
}
