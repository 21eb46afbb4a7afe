package retl.sql;

import java.util.Objects;
import java.util.Set;
import retl.sql.Level.State;
import retl.sql.Tokens.Kind;

/**
 * The judge: one walk over the tokens of a text, which refuses all that is not exactly one
 * read-only query. Where it can, it asks for what a query is (a main verb behind every WITH, a
 * query in every CTE) instead of listing what it is not.
 */
final class Gate {
  /** The deepest nesting of brackets. */
  static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private final Dialect dialect;
  private final Set<Rule> rules;
  private final Names names;
  private Level level = new Level(-1, null, true, false, false);
  private int at;
  private int last;

  Gate(Tokens tokens, Dialect dialect, Set<Rule> rules) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.rules = rules;
    this.names = new Names(tokens, dialect, rules);
  }

  /** The part of a text that is the query: from its first token to behind its last. */
  record Extent(int start, int end) {}

  /** Where the query stands, when there is exactly one and it only reads. */
  Extent check() throws Refusal {
    int first = 0;
    last = tokens.size() - 1;
    while (tokens.is(first, Kind.SEMICOLON)) {
      first++;
    }
    while (last >= first && tokens.is(last, Kind.SEMICOLON)) {
      last--;
    }
    if (first > last) {
      throw new Refusal(Rule.EMPTY, 0, 0);
    }
    for (at = first; at <= last; at++) {
      token();
    }
    end();
    names.checkXml(first, last);
    return new Extent(tokens.start(first), tokens.end(last));
  }

  private void token() throws Refusal {
    switch (tokens.kind(at)) {
      case SEMICOLON -> semicolon();
      case OPEN -> open();
      case CLOSE -> close();
      case WORD -> word();
      case QUOTED -> {
        names.check(at);
        step(Word.OTHER);
      }
      case VARIABLE -> {
        refuse(Rule.SESSION_VARIABLE, at, at, tokens.text(at));
        step(Word.OTHER);
      }
      case OPERATOR -> {
        operator();
        step(Word.OTHER);
      }
      case LITERAL -> {
        if (dialect.isSnowflake() && atTable() && names.isStage(at)) {
          refuse(Rule.STAGE, at, at);
        }
        step(Word.OTHER);
      }
      case NUMBER, PARAMETER, COMMA, DOT -> step(Word.OTHER);
    }
  }

  private void semicolon() throws Refusal {
    int next = at + 1;
    while (tokens.is(next, Kind.SEMICOLON)) {
      next++;
    }
    refuse(Rule.SECOND_STATEMENT, next, next);
  }

  private void word() throws Refusal {
    names.check(at);
    if (tokens.is(at - 1, Kind.DOT)) {
      step(Word.OTHER);
      return;
    }
    Word word = tokens.word(at);
    switch (word) {
      case INTO -> into();
      case FOR -> lock();
      case IDENTIFIER -> {
        if (dialect.isSnowflake() && opens(at + 1)) {
          refuse(Rule.DYNAMIC_NAME, at, at + 1, "IDENTIFIER(…)");
        }
      }
      case TABLE -> {
        if (dialect.isSnowflake() && opens(at + 1) && !tokens.isName(at + 2)) {
          refuse(Rule.DYNAMIC_NAME, at, at + 2, "TABLE(…) over a text or variable");
        }
      }
      default -> {}
    }
    if (level.state == State.QUERY) {
      clause(word);
    } else {
      step(word);
    }
  }

  // Levels

  private void open() throws Refusal {
    if (level.depth == MAX_DEPTH) {
      refuse(Rule.TOO_DEEP, at, at);
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
      throw notAQuery();
    }
    if (level.state == State.CTE_NAME) {
      throw expected("the name of a CTE");
    }
    boolean arguments = level.state == State.CTE_AS || (!mustBeQuery && isCall());
    boolean from = level.state == State.START ? level.inFrom : atTable();
    if (level.state == State.START && !round) {
      level.state = State.OTHER;
    }
    level = new Level(at, level, mustBeQuery, arguments, round && !arguments && from);
    if (!round) {
      level.state = State.OTHER;
    }
  }

  private boolean beginsQuery(int i) {
    return switch (tokens.word(i)) {
      case SELECT, WITH -> true;
      default -> false;
    };
  }

  private boolean isCall() {
    return tokens.is(at - 1, Kind.QUOTED)
        || (tokens.is(at - 1, Kind.WORD) && tokens.word(at - 1) == Word.OTHER);
  }

  private void close() throws Refusal {
    char bracket = tokens.firstChar(at);
    if (level.open < 0) {
      refuse(Rule.UNBALANCED_BRACKET, at, at, "This " + bracket + " closes nothing. Remove it.");
      return;
    }
    if (tokens.firstChar(level.open) != opening(bracket)) {
      refuse(
          Rule.UNBALANCED_BRACKET,
          at,
          at,
          "This " + bracket + " does not match the " + tokens.text(level.open) + " before it.");
    }
    finish();
    State inner = level.state;
    level = Objects.requireNonNull(level.outer);
    level.state =
        switch (level.state) {
          case START -> inner == State.QUERY ? State.QUERY : State.OTHER;
          case CTE_BODY -> State.CTE_DONE;
          case CTE_DONE, TAIL_MARK -> State.QUERY;
          default -> level.state;
        };
  }

  private static char opening(char closing) {
    return switch (closing) {
      case ')' -> '(';
      case ']' -> '[';
      default -> '{';
    };
  }

  /** At the end of a level: what was begun must be complete. */
  private void finish() throws Refusal {
    switch (level.state) {
      case QUERY, OTHER -> {}
      case START -> {
        if (level.mustBeQuery) {
          refuse(Rule.INCOMPLETE, at, at, "a query is missing between the brackets");
        }
      }
      default -> refuse(Rule.INCOMPLETE, at, at, "the query behind the WITH is missing");
    }
  }

  private void end() throws Refusal {
    if (level.open >= 0) {
      refuse(
          Rule.UNBALANCED_BRACKET,
          level.open,
          level.open,
          "This " + tokens.text(level.open) + " is never closed.");
      return;
    }
    at = last;
    finish();
    boolean bare =
        last == 0 || !(tokens.is(last - 1, Kind.DOT) || tokens.is(last - 1, Kind.OPERATOR));
    if (tokens.word(last) == Word.SELECT && bare) {
      refuse(Rule.INCOMPLETE, last, last, "nothing is selected");
    }
  }

  // States

  /** Moves the state of a level on, for any token but a bracket and a word inside of a query. */
  private void step(Word word) throws Refusal {
    switch (level.state) {
      case START -> begin(word);
      case CTE_NAME -> cteName(word);
      case CTE_AS -> {
        if (word != Word.AS) {
          throw expected("AS");
        }
        level.state = State.CTE_BODY;
      }
      case CTE_BODY -> cteBody(word);
      case CTE_DONE -> cteDone(word);
      case TAIL_COLUMNS -> {
        if (word == Word.SET) {
          level.state = State.TAIL_SET;
        } else if (!tokens.isName(at) && !tokens.is(at, Kind.COMMA)) {
          throw expected("SET");
        }
      }
      case TAIL_SET -> tailName(State.TAIL_MARK);
      case TAIL_MARK -> tailMark(word);
      case TAIL_VALUES -> {
        if (word == Word.USING) {
          level.state = State.TAIL_USING;
        }
      }
      case TAIL_USING -> tailName(State.CTE_DONE);
      case QUERY, OTHER -> {}
    }
  }

  private void begin(Word word) throws Refusal {
    switch (word) {
      case SELECT, VALUES -> query();
      case WITH -> level.state = State.CTE_NAME;
      case TABLE -> {
        boolean query = dialect.isPostgres() && tokens.isName(at + 1);
        if (!query && level.mustBeQuery) {
          throw notAQuery();
        }
        level.state = query ? State.QUERY : State.OTHER;
      }
      default -> {
        if (level.mustBeQuery) {
          throw notAQuery();
        }
        refuseWrite(word);
        level.state = State.OTHER;
      }
    }
  }

  private void query() {
    level.state = State.QUERY;
    level.inFrom = false;
  }

  private void cteName(Word word) throws Refusal {
    boolean recursive =
        word == Word.RECURSIVE
            && tokens.word(at - 1) == Word.WITH
            && tokens.isName(at + 1)
            && tokens.word(at + 1) != Word.AS;
    if (recursive) {
      return;
    }
    if (!tokens.isName(at)) {
      throw expected("the name of a CTE");
    }
    level.state = State.CTE_AS;
  }

  private void cteBody(Word word) throws Refusal {
    if (word == Word.PROCEDURE) {
      refuse(Rule.PROCEDURE, at, at);
    }
    if (word != Word.NOT && word != Word.MATERIALIZED) {
      throw expected("a query in brackets");
    }
  }

  private void cteDone(Word word) throws Refusal {
    switch (word) {
      case SELECT, VALUES -> query();
      case SEARCH, CYCLE -> level.state = State.TAIL_COLUMNS;
      default -> {
        if (tokens.is(at, Kind.COMMA)) {
          level.state = State.CTE_NAME;
        } else if (word == Word.TABLE && dialect.isPostgres()) {
          level.state = State.QUERY;
        } else if (word.isCommand()) {
          refuse(Rule.WRITE_IN_QUERY, at, at, word);
          level.state = State.OTHER;
        } else {
          throw expected("a comma or the main SELECT");
        }
      }
    }
  }

  private void tailName(State next) throws Refusal {
    if (!tokens.isName(at)) {
      throw expected("a column name");
    }
    level.state = next;
  }

  private void tailMark(Word word) throws Refusal {
    switch (word) {
      case TO -> level.state = State.TAIL_VALUES;
      case USING -> level.state = State.TAIL_USING;
      default -> {
        level.state = State.CTE_DONE;
        cteDone(word);
      }
    }
  }

  /** A statement that changes data, in brackets where an expression or a query could stand. */
  private void refuseWrite(Word word) throws Refusal {
    if (level.arguments || !word.isCommand()) {
      return;
    }
    boolean write =
        switch (word) {
          case INSERT, MERGE -> tokens.word(at + 1) == Word.INTO;
          case DELETE -> tokens.word(at + 1) == Word.FROM;
          case UPDATE ->
              tokens.isName(at + 1)
                  && (tokens.word(at + 2) == Word.SET || tokens.word(at + 4) == Word.SET);
          case TRUNCATE -> tokens.word(at + 1) == Word.TABLE;
          case CALL -> tokens.isName(at + 1) && (opens(at + 2) || tokens.is(at + 2, Kind.DOT));
          case EXECUTE -> tokens.word(at + 1) == Word.IMMEDIATE;
          default -> false;
        };
    if (write) {
      refuse(Rule.WRITE_IN_QUERY, at, at, word);
    }
  }

  // Inside of a query

  private void clause(Word word) {
    switch (word) {
      case FROM -> level.inFrom = tokens.word(at - 1) != Word.DISTINCT;
      case SELECT,
          VALUES,
          WHERE,
          GROUP,
          HAVING,
          QUALIFY,
          WINDOW,
          ORDER,
          LIMIT,
          UNION,
          EXCEPT,
          INTERSECT,
          MINUS ->
          level.inFrom = false;
      default -> {}
    }
  }

  /** Whether the next thing at the cursor is read as a table. */
  private boolean atTable() {
    return switch (tokens.word(at - 1)) {
      case JOIN -> true;
      case FROM -> level.state == State.QUERY && level.inFrom;
      default -> level.inFrom && (at - 1 == level.open || tokens.is(at - 1, Kind.COMMA));
    };
  }

  private void into() throws Refusal {
    boolean alias = dialect.isPostgres() && tokens.word(at - 1) == Word.AS;
    if (!alias) {
      refuse(Rule.SELECT_INTO, at, at);
    }
  }

  private void lock() throws Refusal {
    if (level.state != State.QUERY) {
      return;
    }
    int end = lockEnd();
    if (end > at && tokens.word(end + 1) != Word.IN) {
      refuse(Rule.ROW_LOCK, at, end, end == at + 1 ? "FOR " + tokens.word(end) : "FOR … locking");
    }
  }

  private int lockEnd() {
    return switch (tokens.word(at + 1)) {
      case UPDATE, SHARE -> at + 1;
      case KEY -> tokens.word(at + 2) == Word.SHARE ? at + 2 : at;
      case NO -> tokens.word(at + 2) == Word.KEY ? at + 3 : at;
      default -> at;
    };
  }

  private void operator() throws Refusal {
    if (!dialect.isSnowflake()) {
      return;
    }
    String operator = tokens.text(at);
    if (operator.contains("@")) {
      refuse(Rule.STAGE, at, at + 1);
    }
    if (operator.contains("->>")) {
      refuse(Rule.FLOW_OPERATOR, at, at);
    }
    int bang = operator.lastIndexOf('!');
    if (bang >= 0 && !operator.startsWith("=", bang + 1)) {
      refuse(Rule.MODEL_METHOD, at - 1, at + 1);
    }
  }

  private boolean opens(int i) {
    return tokens.is(i, Kind.OPEN) && tokens.firstChar(i) == '(';
  }

  // Refusals

  private Refusal notAQuery() {
    Word word = tokens.word(at);
    if (word.isCommand()) {
      Rule rule = level.open < 0 ? Rule.STATEMENT_NOT_ALLOWED : Rule.WRITE_IN_QUERY;
      return refusal(rule, at, at, word);
    }
    String written = tokens.text(at);
    return refusal(
        Rule.NOT_A_QUERY,
        at,
        at,
        dialect.isPostgres() ? ", TABLE" : "",
        written.length() > 40 ? written.substring(0, 40) + "…" : written,
        "");
  }

  private Refusal expected(String what) {
    return refusal(
        Rule.INCOMPLETE, at, at, what + " is missing before \"" + tokens.text(at) + "\"");
  }

  private void refuse(Rule rule, int from, int to, Object... details) throws Refusal {
    if (rules.contains(rule)) {
      throw refusal(rule, from, to, details);
    }
  }

  private Refusal refusal(Rule rule, int from, int to, Object... details) {
    int end = Math.clamp(to, 0, tokens.size() - 1);
    int start = Math.clamp(from, 0, end);
    return new Refusal(rule, tokens.start(start), tokens.end(end), details);
  }
}
