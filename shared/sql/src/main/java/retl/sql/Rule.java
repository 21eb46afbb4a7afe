package retl.sql;

import static retl.core.query.Verdict.Kind.INVALID_QUERY;
import static retl.core.query.Verdict.Kind.UNSAFE_QUERY;

import java.util.Locale;
import retl.core.query.Verdict;

/**
 * Why a text is refused. The lower-case name is the stable word in answers and logs; the message
 * says what is wrong and how to write it instead, with the offending text for {@code %s}.
 */
enum Rule {
  TOO_LONG(INVALID_QUERY, "The query is longer than 64 KiB. Move parts of it into views."),
  EMPTY(INVALID_QUERY, "There is no query here. Write a SELECT or WITH query."),
  UNTERMINATED_COMMENT(INVALID_QUERY, "This comment does not end. Close it with */.%s"),
  UNTERMINATED_LITERAL(INVALID_QUERY, "This text literal does not end. Close it with a quote (')."),
  UNTERMINATED_IDENTIFIER(
      INVALID_QUERY, "This quoted name does not end. Close it with a double quote (\")."),
  UNTERMINATED_DOLLAR_QUOTE(INVALID_QUERY, "This dollar quote does not end. Close it with %s."),
  UNBALANCED_BRACKET(INVALID_QUERY, "%s"),
  TOO_DEEP(
      INVALID_QUERY,
      "The brackets are nested more than 200 deep. Split the query with WITH, or move parts of it"
          + " into views."),
  INCOMPLETE(INVALID_QUERY, "The query ends too early: %s."),
  NOT_A_QUERY(
      INVALID_QUERY, "A query begins with SELECT, WITH%s or VALUES; this begins with \"%s\"."),
  UNKNOWN_CHARACTER(INVALID_QUERY, "The character %s has no meaning here%s"),

  CONTROL_CHARACTER(
      UNSAFE_QUERY,
      "The control character %s is not allowed, even in comments and literals. Remove it; in a"
          + " literal, write it with CHR(%s)."),
  BIDI_CONTROL(
      UNSAFE_QUERY,
      "The invisible character %s changes the order in which text is shown, so that a query can"
          + " look like another one. Remove it; in a literal, write it with CHR(%s)."),
  INVALID_UNICODE(
      UNSAFE_QUERY, "This is half of a character (an unpaired surrogate). Remove it or retype it."),
  INVISIBLE_CHARACTER(
      UNSAFE_QUERY,
      "The character %s looks like a blank or like nothing, but the warehouse does not read it as"
          + " one. Replace it with a plain space."),
  LOOKALIKE_WORD(
      UNSAFE_QUERY,
      "\"%s\" contains letters that only look like those of a word of SQL. Retype it, or put the"
          + " name in double quotes."),
  AMBIGUOUS_BACKSLASH(
      UNSAFE_QUERY,
      "A backslash before a quote ends the literal for some readers of SQL and not for others."
          + " Write a quote in a literal as two quotes (''), and a backslash at its end %s."),
  AMBIGUOUS_COMMENT(UNSAFE_QUERY, "%s"),
  AMBIGUOUS_DOLLAR(
      UNSAFE_QUERY,
      "A dollar sign directly after a number or inside a name can be read as the start of a dollar"
          + " quote. Put a space between them, or the name in double quotes."),
  UNICODE_IDENTIFIER(
      UNSAFE_QUERY,
      "A name in U&\"…\" can hide what it spells. Write the characters themselves in plain double"
          + " quotes."),

  SECOND_STATEMENT(
      UNSAFE_QUERY,
      "A second statement begins here. A model is exactly one query: remove what follows the"
          + " semicolon, or save it as a model of its own."),
  STATEMENT_NOT_ALLOWED(
      UNSAFE_QUERY,
      "%s is not allowed: a model only reads. Write one query that begins with SELECT or WITH."),
  WRITE_IN_QUERY(
      UNSAFE_QUERY,
      "%s inside a query changes data, and a model only reads. Use SELECT here; run the change"
          + " outside of the model."),
  PROCEDURE(
      UNSAFE_QUERY,
      "WITH … AS PROCEDURE runs code. Write the CTE as a query: WITH name AS (SELECT …)."),
  SELECT_INTO(
      UNSAFE_QUERY,
      "INTO writes the result into a table or a variable. Leave it out; a column of that name is"
          + " written \"into\" in double quotes."),
  ROW_LOCK(
      UNSAFE_QUERY,
      "%s locks the rows it reads against writers. Leave it out: a model reads without locks."),
  FLOW_OPERATOR(
      UNSAFE_QUERY,
      "->> chains statements, and a model is one query. Put the first query into a WITH or a"
          + " subquery; to read a JSON field write column:field."),
  STAGE(
      UNSAFE_QUERY,
      "A model reads tables and views, not the files of a stage. Load the files into a table, or"
          + " make an external table, and select from that."),
  SESSION_VARIABLE(
      UNSAFE_QUERY,
      "%s is a session variable, and a model runs in a session of its own where none is set. Write"
          + " the value itself."),
  DYNAMIC_NAME(
      UNSAFE_QUERY,
      "%s names an object by a text that is only known when the query runs. Write the name itself,"
          + " in double quotes where it needs them."),
  MODEL_METHOD(
      UNSAFE_QUERY,
      "A method call on an object (name!method) runs code of that object. Store its result in a"
          + " table, and select from that."),
  SIDE_EFFECT_FUNCTION(UNSAFE_QUERY, "%s is not allowed in a model: %s."),
  TREE_WRITES(
      UNSAFE_QUERY, "This contains %s, and a model only reads. Write one SELECT or WITH query."),
  SYSTEM_TABLE(UNSAFE_QUERY, "%s is not allowed in a model: %s."),
  XML_ENTITY(
      UNSAFE_QUERY,
      "XML with a document type or entities can make the warehouse read files. Remove the"
          + " <!DOCTYPE …> part.");

  private final Verdict.Kind kind;
  private final String message;

  Rule(Verdict.Kind kind, String message) {
    this.kind = kind;
    this.message = message;
  }

  Verdict.Kind kind() {
    return kind;
  }

  /** The word in answers: never changed once published. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String message(Object... details) {
    return details.length == 0 ? message : message.formatted(details);
  }
}
