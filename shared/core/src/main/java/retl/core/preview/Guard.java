package retl.core.preview;

/**
 * What kept a query from changing anything, or from running on and on. Which of them a warehouse
 * can hold differs.
 */
public enum Guard {
  /** Our own reading of the text: one query that only reads. */
  STATEMENT_GATE("statementGate"),
  /** The driver or the server itself takes no second statement. */
  SINGLE_STATEMENT("singleStatement"),
  /** It ran in a transaction in which the server refuses to write. */
  READ_ONLY_TRANSACTION("readOnlyTransaction"),
  /** The server was told by when to end it, whatever becomes of this service. */
  SERVER_TIMEOUT("serverTimeout");

  private final String wireName;

  Guard(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the API and in stored items. */
  public String wireName() {
    return wireName;
  }

  /** The guard of this wire name; an unknown one is an error in our own data. */
  public static Guard of(String wireName) {
    for (Guard guard : values()) {
      if (guard.wireName.equals(wireName)) {
        return guard;
      }
    }
    throw new IllegalArgumentException("There is no guard " + wireName + ".");
  }
}
