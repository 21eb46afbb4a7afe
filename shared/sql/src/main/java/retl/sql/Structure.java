package retl.sql;

import java.util.Objects;
import retl.sql.Level.State;
import retl.sql.Tokens.Kind;

/**
 * The brackets of a text and what stands in them, followed token by token. It asks for what a query
 * is: brackets that match, a main verb behind every WITH, a query in every CTE.
 */
final class Structure {
  /** The deepest nesting of brackets. */
  static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private final Dialect dialect;
  private final Refusals refusals;
  private Level level = new Level(-1, null, true, false, false);

  Structure(Tokens tokens, Dialect dialect, Refusals refusals) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.refusals = refusals;
  }

  boolean inQuery() {
    return level.state == State.QUERY;
  }

  /** Whether the body of a CTE must follow. */
  boolean isBeforeBody() {
    return level.state == State.CTE_BODY;
  }

  // Brackets

  void open(int at) throws Refusal {
    if (level.depth == MAX_DEPTH) {
      refusals.refuse(Rule.TOO_DEEP, at, at);
    }
    boolean round = tokens.firstChar(at) == '(';
    if (level.state == State.CTE_AS && dialect.isSnowflake() && beginsQuery(at + 1)) {
      level.state = State.CTE_BODY;
    }
    boolean mustBeQuery =
        switch (level.state) {
          case CTE_BODY, CTE_DONE, TAIL_MARK -> true;
          case START -> level.mustBeQuery;
          default -> false;
        };
    if (mustBeQuery && !round) {
      refuseNoQuery(at);
    }
    if (level.state == State.CTE_NAME) {
      refuseMissing(at, "the name of a CTE");
    }
    boolean arguments = level.state == State.CTE_AS || (!mustBeQuery && isCall(at));
    boolean from = level.state == State.START ? level.inFrom : isTable(at);
    if (level.state == State.START && !round) {
      level.state = State.OTHER;
    }
    level = new Level(at, level, mustBeQuery, arguments, round && !arguments && from);
    if (!round) {
      level.state = State.OTHER;
    }
  }

  /** Snowflake takes a CTE without AS. */
  private boolean beginsQuery(int i) {
    return tokens.word(i) == Word.SELECT || tokens.word(i) == Word.WITH;
  }

  private boolean isCall(int at) {
    return tokens.is(at - 1, Kind.QUOTED)
        || (tokens.is(at - 1, Kind.WORD) && tokens.word(at - 1) == Word.OTHER);
  }

  void close(int at) throws Refusal {
    char bracket = tokens.firstChar(at);
    if (level.open < 0) {
      refusals.refuse(
          Rule.UNBALANCED_BRACKET, at, at, "This " + bracket + " closes nothing. Remove it.");
      return;
    }
    if (tokens.firstChar(level.open) != opening(bracket)) {
      refusals.refuse(
          Rule.UNBALANCED_BRACKET,
          at,
          at,
          "This " + bracket + " does not match the " + tokens.text(level.open) + " before it.");
    }
    finish(at);
    State inner = level.state;
    level = Objects.requireNonNull(level.outer);
    level.state =
        switch (level.state) {
          case START -> {
            if (level.mustBeQuery) {
              continueQuery(at + 1);
            }
            yield inner == State.QUERY ? State.QUERY : State.OTHER;
          }
          case CTE_BODY -> State.CTE_DONE;
          case CTE_DONE, TAIL_MARK -> State.QUERY;
          default -> level.state;
        };
  }

  /**
   * Behind a query in brackets that begins a query: a name or a JOIN would make tables of it, which
   * are a query only in the brackets of a FROM.
   */
  private void continueQuery(int at) throws Refusal {
    if (at >= tokens.size() || tokens.is(at, Kind.CLOSE) || tokens.is(at, Kind.SEMICOLON)) {
      return;
    }
    switch (tokens.word(at)) {
      case UNION, EXCEPT, INTERSECT, MINUS, ORDER, LIMIT, OFFSET, FETCH, FOR -> {}
      default -> {
        if (!tokens.is(at, Kind.OPERATOR)) {
          refuseMissing(at, "UNION or another way to go on");
        }
      }
    }
  }

  private static char opening(char closing) {
    return switch (closing) {
      case ')' -> '(';
      case ']' -> '[';
      default -> '{';
    };
  }

  /** At the end of a level: what was begun must be complete. */
  private void finish(int at) throws Refusal {
    switch (level.state) {
      case QUERY, OTHER -> {}
      case START -> {
        if (level.mustBeQuery) {
          refusals.refuse(Rule.INCOMPLETE, at, at, "a query is missing between the brackets");
        }
      }
      default -> refusals.refuse(Rule.INCOMPLETE, at, at, "the query behind the WITH is missing");
    }
  }

  /** Behind the last token. */
  void end(int last) throws Refusal {
    if (level.open >= 0) {
      refusals.refuse(
          Rule.UNBALANCED_BRACKET,
          level.open,
          level.open,
          "This " + tokens.text(level.open) + " is never closed.");
      return;
    }
    finish(last);
    boolean bare =
        last == 0 || !(tokens.is(last - 1, Kind.DOT) || tokens.is(last - 1, Kind.OPERATOR));
    if (tokens.word(last) == Word.SELECT && bare) {
      refusals.refuse(Rule.INCOMPLETE, last, last, "nothing is selected");
    }
  }

  // What stands in them

  /** Goes on by token {@code at}, which is no bracket; {@code word} if it is one of the gate's. */
  void step(int at, Word word) throws Refusal {
    switch (level.state) {
      case START -> begin(at, word);
      case CTE_NAME -> cteName(at, word);
      case CTE_AS -> {
        if (word != Word.AS) {
          refuseMissing(at, "AS");
        }
        level.state = State.CTE_BODY;
      }
      case CTE_BODY -> cteBody(at, word);
      case CTE_DONE -> cteDone(at, word);
      case TAIL_COLUMNS -> {
        if (word == Word.SET) {
          level.state = State.TAIL_SET;
        } else if (!tokens.isName(at) && !tokens.is(at, Kind.COMMA)) {
          refuseMissing(at, "SET");
        }
      }
      case TAIL_SET -> tailName(at, State.TAIL_MARK);
      case TAIL_MARK -> tailMark(at, word);
      case TAIL_VALUES -> {
        if (word == Word.USING) {
          level.state = State.TAIL_USING;
        }
      }
      case TAIL_USING -> tailName(at, State.CTE_DONE);
      case QUERY -> clause(at, word);
      case OTHER -> {}
    }
  }

  private void begin(int at, Word word) throws Refusal {
    switch (word) {
      case SELECT -> query();
      case VALUES -> {
        if (level.mustBeQuery && !tokens.is(at + 1, Kind.OPEN)) {
          refusals.refuse(Rule.INCOMPLETE, at, at, "a row in brackets is missing behind VALUES");
        }
        query();
      }
      case WITH -> level.state = State.CTE_NAME;
      case TABLE -> {
        boolean query = dialect.isPostgres() && tokens.isName(at + 1);
        if (!query && level.mustBeQuery) {
          refuseNoQuery(at);
        }
        level.state = query ? State.QUERY : State.OTHER;
      }
      default -> {
        if (level.mustBeQuery) {
          refuseNoQuery(at);
        } else {
          refuseWrite(at, word);
        }
        level.state = State.OTHER;
      }
    }
  }

  private void query() {
    level.state = State.QUERY;
    level.inFrom = false;
  }

  private void cteName(int at, Word word) throws Refusal {
    boolean recursive =
        word == Word.RECURSIVE
            && tokens.word(at - 1) == Word.WITH
            && tokens.isName(at + 1)
            && tokens.word(at + 1) != Word.AS;
    if (recursive) {
      return;
    }
    if (!tokens.isName(at)) {
      refuseMissing(at, "the name of a CTE");
    }
    level.state = State.CTE_AS;
  }

  private void cteBody(int at, Word word) throws Refusal {
    if (word == Word.PROCEDURE) {
      refusals.refuse(Rule.PROCEDURE, at, at);
      level.state = State.OTHER;
    } else if (word != Word.NOT && word != Word.MATERIALIZED) {
      refuseMissing(at, "a query in brackets");
    }
  }

  private void cteDone(int at, Word word) throws Refusal {
    switch (word) {
      case SELECT, VALUES -> query();
      case SEARCH, CYCLE -> level.state = State.TAIL_COLUMNS;
      default -> {
        if (tokens.is(at, Kind.COMMA)) {
          level.state = State.CTE_NAME;
        } else if (word == Word.TABLE && dialect.isPostgres()) {
          query();
        } else if (word.isCommand()) {
          refusals.refuse(Rule.WRITE_IN_QUERY, at, at, word);
          level.state = State.OTHER;
        } else {
          refuseMissing(at, "a comma or the main SELECT");
        }
      }
    }
  }

  private void tailName(int at, State next) throws Refusal {
    if (!tokens.isName(at)) {
      refuseMissing(at, "a column name");
    }
    level.state = next;
  }

  private void tailMark(int at, Word word) throws Refusal {
    switch (word) {
      case TO -> level.state = State.TAIL_VALUES;
      case USING -> level.state = State.TAIL_USING;
      default -> {
        level.state = State.CTE_DONE;
        cteDone(at, word);
      }
    }
  }

  private void clause(int at, Word word) {
    switch (word) {
      case FROM -> level.inFrom |= isFromClause(at);
      // Words that cannot be the name of a table, so that they surely end the list of tables.
      case SELECT, VALUES, WHERE, GROUP, HAVING, QUALIFY, ORDER -> level.inFrom = false;
      default -> {}
    }
  }

  /** Whether token {@code at} is a FROM, and not that of IS [NOT] DISTINCT FROM. */
  private boolean isFromClause(int at) {
    boolean comparison =
        tokens.word(at - 1) == Word.DISTINCT
            && (tokens.word(at - 2) == Word.IS || tokens.word(at - 2) == Word.NOT);
    return tokens.word(at) == Word.FROM && !comparison;
  }

  /** Whether what token {@code at} begins is read as a table. */
  boolean isTable(int at) {
    return switch (tokens.word(at - 1)) {
      case JOIN, LATERAL -> true;
      case FROM -> level.state == State.QUERY && isFromClause(at - 1);
      default -> level.inFrom && (at - 1 == level.open || tokens.is(at - 1, Kind.COMMA));
    };
  }

  // Refusals

  /** A statement that changes data, in brackets where an expression or a query could stand. */
  private void refuseWrite(int at, Word word) throws Refusal {
    if (level.arguments || !word.isCommand()) {
      return;
    }
    boolean write =
        switch (word) {
          case INSERT, MERGE, COPY, REPLACE, UPSERT -> tokens.word(at + 1) == Word.INTO;
          case DELETE -> tokens.word(at + 1) == Word.FROM;
          case UPDATE -> setsColumns(at + 1);
          case TRUNCATE ->
              tokens.word(at + 1) == Word.TABLE
                  || (tokens.isName(at + 1) && tokens.is(at + 2, Kind.CLOSE));
          case CALL, CREATE, ALTER, DROP, GRANT, REVOKE -> tokens.isName(at + 1);
          case EXECUTE -> tokens.word(at + 1) == Word.IMMEDIATE;
          default -> false;
        };
    if (write) {
      refusals.refuse(Rule.WRITE_IN_QUERY, at, at, word);
    }
  }

  /** Whether SET follows behind the name of a table, with ONLY and an alias around it. */
  private boolean setsColumns(int table) {
    int i = table;
    while (tokens.word(i) != Word.SET && (tokens.isName(i) || tokens.is(i, Kind.DOT))) {
      i++;
    }
    return i > table && tokens.word(i) == Word.SET;
  }

  private void refuseNoQuery(int at) throws Refusal {
    Word word = tokens.word(at);
    if (word.isCommand()) {
      Rule rule = level.open < 0 ? Rule.STATEMENT_NOT_ALLOWED : Rule.WRITE_IN_QUERY;
      refusals.refuse(rule, at, at, word);
      return;
    }
    String written = tokens.text(at);
    refusals.refuse(
        Rule.NOT_A_QUERY,
        at,
        at,
        dialect.isPostgres() ? ", TABLE" : "",
        written.length() > 40 ? written.substring(0, 40) + "…" : written);
  }

  private void refuseMissing(int at, String what) throws Refusal {
    refusals.refuse(
        Rule.INCOMPLETE, at, at, what + " is missing before \"" + tokens.text(at) + "\"");
  }
}
