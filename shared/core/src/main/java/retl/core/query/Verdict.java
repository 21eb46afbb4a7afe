package retl.core.query;

/** What the gate says of a text. */
public sealed interface Verdict {

  /** Exactly one read-only query. */
  record Accepted(AcceptedQuery query) implements Verdict {}

  /**
   * Not to be run.
   *
   * @param kind which of the API's two refusals it is
   * @param reason a stable snake_case word for the rule that refused, such as {@code
   *     second_statement}
   * @param message what is wrong and how to write it instead, for a person
   * @param at the part of the text that the rule is about
   */
  record Refused(Kind kind, String reason, String message, TextRange at) implements Verdict {}

  /** The API's two words for a refused text. */
  enum Kind {
    /**
     * A second statement, a write, a side effect, or a text that two readers could read
     * differently.
     */
    UNSAFE_QUERY,
    /** Empty, unterminated, unbalanced, too long, or a syntax error. */
    INVALID_QUERY
  }
}
