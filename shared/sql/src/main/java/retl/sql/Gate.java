package retl.sql;

import java.util.Set;
import retl.sql.Tokens.Kind;

/**
 * The judge: one walk over the tokens of a text, which refuses all that is not exactly one
 * read-only query.
 */
final class Gate {
  private final Tokens tokens;
  private final Dialect dialect;
  private final Refusals refusals;
  private final Names names;
  private final Structure structure;

  Gate(Tokens tokens, Dialect dialect, Set<Rule> rules) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.refusals = new Refusals(tokens, rules);
    this.names = new Names(tokens, dialect, refusals);
    this.structure = new Structure(tokens, dialect, refusals);
  }

  /** The part of a text that is the query: from its first token to behind its last. */
  record Extent(int start, int end) {}

  /** Where the query stands, when there is exactly one and it only reads. */
  Extent check() throws Refusal {
    int first = 0;
    int last = tokens.size() - 1;
    while (tokens.is(first, Kind.SEMICOLON)) {
      first++;
    }
    while (last >= first && tokens.is(last, Kind.SEMICOLON)) {
      last--;
    }
    if (first > last) {
      if (refusals.rules().contains(Rule.EMPTY)) {
        throw new Refusal(Rule.EMPTY, 0, 0);
      }
      return new Extent(0, 0);
    }
    for (int i = first; i <= last; i++) {
      token(i);
    }
    structure.end(last);
    names.checkXml(first, last);
    return new Extent(tokens.start(first), tokens.end(last));
  }

  private void token(int i) throws Refusal {
    switch (tokens.kind(i)) {
      case SEMICOLON -> semicolon(i);
      case OPEN -> structure.open(i);
      case CLOSE -> structure.close(i);
      case WORD -> word(i);
      case QUOTED -> {
        names.check(i);
        structure.step(i, Word.OTHER);
      }
      case VARIABLE -> {
        refusals.refuse(Rule.SESSION_VARIABLE, i, i, tokens.text(i));
        structure.step(i, Word.OTHER);
      }
      case OPERATOR -> {
        operator(i);
        structure.step(i, Word.OTHER);
      }
      case LITERAL -> {
        // Only the files of a stage can be named by a literal where a table stands.
        if (dialect.isSnowflake() && structure.isTable(i)) {
          refusals.refuse(Rule.STAGE, i, i);
        }
        structure.step(i, Word.OTHER);
      }
      case NUMBER, PARAMETER, COMMA, DOT -> structure.step(i, Word.OTHER);
    }
  }

  private void semicolon(int i) throws Refusal {
    int next = i + 1;
    while (tokens.is(next, Kind.SEMICOLON)) {
      next++;
    }
    refusals.refuse(Rule.SECOND_STATEMENT, next, next);
  }

  private void word(int i) throws Refusal {
    names.check(i);
    if (isPart(i) || isLabel(i)) {
      tokens.takeForName(i);
    }
    Word word = tokens.word(i);
    switch (word) {
      case INTO -> refusals.refuse(Rule.SELECT_INTO, i, i);
      case FOR -> lock(i);
      case IDENTIFIER -> {
        if (dialect.isSnowflake() && opens(i + 1)) {
          refusals.refuse(Rule.DYNAMIC_NAME, i, i + 1, "IDENTIFIER(…)");
        }
      }
      case TABLE -> {
        if (dialect.isSnowflake() && opens(i + 1) && isText(i + 2)) {
          refusals.refuse(Rule.DYNAMIC_NAME, i, i + 2, "TABLE(…) over a text or variable");
        }
      }
      default -> {}
    }
    structure.step(i, word);
  }

  /** Whether a word is a part of a name or of a path, which may be spelled like a keyword. */
  private boolean isPart(int i) {
    boolean hasParts =
        tokens.isName(i - 2)
            || tokens.is(i - 2, Kind.CLOSE)
            || tokens.is(i - 2, Kind.PARAMETER)
            || tokens.is(i - 2, Kind.VARIABLE)
            || (tokens.is(i - 2, Kind.DOT) && tokens.isName(i - 3));
    return hasParts && (tokens.is(i - 1, Kind.DOT) || (dialect.isSnowflake() && isColon(i - 1)));
  }

  /**
   * Whether a word is the name that PostgreSQL takes behind AS, where nothing else can stand. An AS
   * that is a name itself, as in {@code 1 AS as} and {@code t.as}, gives no name to what follows.
   */
  private boolean isLabel(int i) {
    return dialect.isPostgres() && tokens.word(i - 1) == Word.AS && !structure.isBeforeBody();
  }

  private boolean isColon(int i) {
    return tokens.is(i, Kind.OPERATOR) && tokens.firstChar(i) == ':';
  }

  /** Whether a text, or what stands for one, is here, in any number of brackets. */
  private boolean isText(int i) {
    int first = i;
    while (opens(first)) {
      first++;
    }
    return !tokens.isName(first) && !tokens.is(first, Kind.CLOSE);
  }

  private boolean opens(int i) {
    return tokens.is(i, Kind.OPEN) && tokens.firstChar(i) == '(';
  }

  private void lock(int i) throws Refusal {
    int end = lockEnd(i);
    // In brackets that are no query it is a column: PIVOT (… FOR update IN (…)).
    if (structure.inQuery() && end > i) {
      refusals.refuse(
          Rule.ROW_LOCK, i, end, end == i + 1 ? "FOR " + tokens.word(end) : "FOR … KEY");
    }
  }

  private int lockEnd(int i) {
    return switch (tokens.word(i + 1)) {
      case UPDATE, SHARE -> i + 1;
      case KEY -> tokens.word(i + 2) == Word.SHARE ? i + 2 : i;
      case NO -> tokens.word(i + 2) == Word.KEY ? i + 3 : i;
      default -> i;
    };
  }

  private void operator(int i) throws Refusal {
    if (!dialect.isSnowflake()) {
      return;
    }
    String operator = tokens.text(i);
    if (operator.contains("@")) {
      refusals.refuse(Rule.STAGE, i, i + 1);
    }
    if (operator.contains("->>")) {
      refusals.refuse(Rule.FLOW_OPERATOR, i, i);
    }
    int bang = operator.lastIndexOf('!');
    if (bang >= 0 && !operator.startsWith("=", bang + 1)) {
      refusals.refuse(Rule.MODEL_METHOD, i - 1, i + 1);
    }
  }
}
