package retl.sql;

import java.util.Set;

/** A place in a text that is being lexed. */
final class Cursor {
  private static final char NONE = '\uffff';

  final char[] text;
  private final Set<Rule> rules;

  /** The next character to read. */
  int at;

  /**
   * @param rules those that are in force
   */
  Cursor(char[] text, Set<Rule> rules) {
    this.text = text;
    this.rules = rules;
  }

  boolean isAtEnd() {
    return at >= text.length;
  }

  /** The character so far ahead, from 0; U+FFFF behind the end. */
  char peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] : NONE;
  }

  int codePoint() {
    return Character.codePointAt(text, at, text.length);
  }

  /** Ends the lexing, if the rule is in force. */
  void refuse(Rule rule, int start, int end, Object... details) throws Refusal {
    if (rules.contains(rule)) {
      throw new Refusal(rule, start, end, details);
    }
  }
}
