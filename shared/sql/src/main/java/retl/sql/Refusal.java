package retl.sql;

/** Ends the judging of a text: the rule it breaks and where. Carries no stack trace. */
final class Refusal extends Exception {
  private final Rule rule;
  private final int start;
  private final int end;

  /**
   * @param start of the offending part, a UTF-16 offset in the text that was lexed
   * @param end just behind it
   * @param details what the rule's message asks for
   */
  Refusal(Rule rule, int start, int end, Object... details) {
    super(rule.message(details), null, false, false);
    this.rule = rule;
    this.start = start;
    this.end = end;
  }

  Rule rule() {
    return rule;
  }

  /** For a person: what is wrong and how to write it instead. */
  String message() {
    return String.valueOf(getMessage());
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }
}
