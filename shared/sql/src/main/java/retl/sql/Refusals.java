package retl.sql;

import java.util.Set;

/**
 * Refuses parts of a text, named by their tokens, for the rules that are in force.
 *
 * @param rules those in force
 */
record Refusals(Tokens tokens, Set<Rule> rules) {

  /**
   * Ends the judging, if the rule is in force.
   *
   * @param from the first token of the offending part, {@code to} the last; clamped to the tokens
   * @param details what the rule's message asks for
   */
  void refuse(Rule rule, int from, int to, Object... details) throws Refusal {
    if (rules.contains(rule)) {
      int end = Math.clamp(to, 0, tokens.size() - 1);
      int start = Math.clamp(from, 0, end);
      throw new Refusal(rule, tokens.start(start), tokens.end(end), details);
    }
  }
}
