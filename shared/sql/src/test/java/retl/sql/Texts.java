package retl.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import retl.core.warehouse.Warehouse;

/**
 * Texts for the fuzz test, made from a seed: queries of the shapes that PostgreSQL knows, with a
 * sting in some of them, and mutations of those and of the corpora.
 */
final class Texts {
  static final List<String> TABLES = List.of("t", "u", "users", "orders", "x", "final");

  /** What to select for a table that has a column of every name used here. */
  static final List<String> COLUMNS =
      List.of(
          "i AS a",
          "i::text AS b",
          "i AS c",
          "i AS id",
          "i AS n",
          "i AS t",
          "i AS u",
          "i AS x",
          "i AS final",
          "i AS update",
          "i AS into",
          "i AS \"as\"",
          "i AS \"select\"",
          "i AS \"é\"");

  private static final String[] NAMES = {
    "a", "b", "c", "id", "n", "t", "u", "x", "\"a\"", "final", "update", "into", "\"select\"", "é"
  };

  /** Names behind AS or a dot, where any keyword is one. */
  private static final String[] LABELS = {
    "as", "into", "for", "from", "select", "with", "table", "\"as\""
  };

  private static final String[] VALUES = {
    "1",
    "2.5",
    ".5",
    "1e3",
    "'x'",
    "'it''s'",
    "''",
    "NULL",
    "true",
    "$$q$$",
    "$t$ ; $t$",
    "E'\\''",
    "'\\'",
    "'--'",
    "'/*'",
    "U&'\\0061'",
    "B'1'",
    "now()",
    "current_date",
    "'{\"k\": 1}'::jsonb"
  };
  private static final String[] OPERATORS = {
    " + ",
    " - ",
    "-",
    " * ",
    "/",
    " || ",
    " = ",
    " < ",
    " <> ",
    " AND ",
    " OR ",
    " ->> ",
    " #> ",
    " ? ",
    " @> ",
    "::",
    " IS DISTINCT FROM ",
    " LIKE ",
    "*"
  };
  private static final String[] BLANKS = {
    " ",
    " ",
    " ",
    "\n",
    "\t",
    " /* c */ ",
    " -- c\n",
    "/**/",
    " /* a /* b */ c */ ",
    "\r\n",
    " --\r"
  };
  private static final String[] FUNCTIONS = {
    "lower",
    "coalesce",
    "max",
    "count",
    "abs",
    "length",
    "nextval",
    "txid_current",
    "pg_advisory_lock",
    "lo_create",
    "pg_advisory_xact_lock_shared",
    "pg_read_file",
    "setval",
    "pg_notify",
    "query_to_xml",
    "pg_current_xact_id",
    "PG_CATALOG.\"nextval\"",
    "lo_from_bytea"
  };
  private static final String[] STINGS = {
    "; DELETE FROM t",
    "; SELECT 2",
    ";",
    " FOR UPDATE",
    " FOR KEY SHARE",
    " INTO n",
    ")",
    "(",
    "]",
    " LIMIT 9 --",
    ") AS q --",
    ") AS q; SELECT (1",
    "'",
    "\"",
    "$$",
    "/*",
    "*/",
    "--",
    "\\",
    "\\'",
    "E'a\\'",
    "\u00a0",
    ";--'",
    "'--",
    "$a$",
    "''",
    ") q, (SELECT 2",
    "//",
    "U&\"\\0061\"",
    "\0",
    "1$$x$$",
    " RETURNING 1",
    "{",
    "`",
    "#",
    ";/**/",
    "\u037e"
  };
  private static final String[] WRITES = {
    "DELETE FROM t",
    "DELETE FROM t RETURNING 1",
    "UPDATE t SET a = 1 RETURNING a",
    "INSERT INTO t (a) VALUES (1) RETURNING a",
    "INSERT INTO t (a) VALUES (1)",
    "CREATE TABLE n AS SELECT 1",
    "TRUNCATE t",
    "NOTIFY c",
    "SET work_mem = '1MB'",
    "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id",
    "CREATE TEMP TABLE n (a int)",
    "DECLARE k CURSOR FOR SELECT 1",
    "EXPLAIN SELECT 1",
    "PREPARE p AS SELECT 1",
    "LOCK TABLE t",
    "DO $$BEGIN END$$",
    "SELECT 1 INTO n",
    "VACUUM",
    "BEGIN",
    "COMMENT ON TABLE t IS 'x'",
    "ANALYZE t",
    "DISCARD ALL"
  };
  private static final String ALPHABET =
      "abetxu01;'\"$\\()[]{}/*-+,.:=<>@#?!&|%^~` \n\r\tSELECTFROMINTO\u00e9\u2003\u200b";

  private final Random random;
  private final List<String> corpus;

  Texts(long seed) {
    random = new Random(seed);
    corpus =
        Stream.of(
                Corpus.tricky().stream().map(Corpus.Tricky::input),
                Corpus.attacks().stream().map(Corpus.Attack::payload),
                Corpus.refused().stream().map(Corpus.Refused::input),
                Stream.concat(Corpus.everyday().stream(), Corpus.hostile().stream())
                    .filter(row -> row.dialect() == Warehouse.POSTGRES)
                    .map(Corpus.Text::input),
                Corpus.accepted().stream()
                    .filter(row -> row.dialect() == Warehouse.POSTGRES)
                    .map(Corpus.Accepted::input))
            .flatMap(texts -> texts)
            .filter(text -> text.length() < 2_000)
            .toList();
  }

  String next() {
    String text = chance(4) ? pick(corpus) : statement();
    int mutations = chance(2) ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < mutations; i++) {
      text = mutate(text);
    }
    return text;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  // Queries

  private String statement() {
    String text = chance(25) ? pick(WRITES) : query(3);
    if (chance(8)) {
      text = text + pick(STINGS);
    }
    return chance(10) ? pick(BLANKS) + text + pick(BLANKS) : text;
  }

  private String query(int depth) {
    if (depth == 0) {
      return "SELECT " + pick(VALUES);
    }
    return switch (random.nextInt(14)) {
      case 0 -> "VALUES (" + expression(depth) + "), (" + expression(depth) + ")";
      case 1 -> "TABLE " + pick(TABLES);
      case 2 -> "(" + query(depth - 1) + ")";
      case 3 -> query(depth - 1) + pick(BLANKS) + setOperation() + pick(BLANKS) + query(depth - 1);
      case 4, 5 -> with(depth);
      default -> select(depth);
    };
  }

  private String setOperation() {
    return pick(new String[] {"UNION", "UNION ALL", "EXCEPT", "INTERSECT"});
  }

  private String with(int depth) {
    StringBuilder text = new StringBuilder(chance(5) ? "WITH RECURSIVE " : "WITH ");
    int ctes = 1 + random.nextInt(2);
    for (int i = 0; i < ctes; i++) {
      text.append(i > 0 ? ", " : "").append(pick(NAMES)).append(chance(4) ? " (p)" : "");
      text.append(" AS ")
          .append(chance(6) ? pick(new String[] {"NOT MATERIALIZED ", "MATERIALIZED "}) : "");
      text.append('(').append(pick(BLANKS)).append(body(depth)).append(')');
      if (chance(12)) {
        text.append(
            pick(new String[] {" SEARCH DEPTH FIRST BY p SET o", " CYCLE p SET k USING w"}));
      }
    }
    return text.append(pick(BLANKS)).append(body(depth)).toString();
  }

  private String body(int depth) {
    return chance(10) ? pick(WRITES) : query(depth - 1);
  }

  private String select(int depth) {
    StringBuilder text = new StringBuilder("SELECT").append(pick(BLANKS));
    int columns = 1 + random.nextInt(3);
    for (int i = 0; i < columns; i++) {
      text.append(i > 0 ? ", " : "").append(chance(5) ? "*" : expression(depth));
      text.append(chance(3) ? pick(BLANKS) + "AS " + label() : "");
    }
    text.append(chance(25) ? " INTO n" : "");
    if (!chance(6)) {
      text.append(pick(BLANKS)).append("FROM ").append(table(depth));
      text.append(chance(4) ? ", " + table(depth) : "");
      text.append(chance(6) ? " JOIN " + table(depth) + " ON true" : "");
    }
    text.append(chance(3) ? pick(BLANKS) + "WHERE " + expression(depth) : "");
    text.append(chance(8) ? " GROUP BY 1" : "");
    text.append(chance(6) ? " ORDER BY " + expression(depth) : "");
    text.append(chance(6) ? " LIMIT 2" : "");
    text.append(
        chance(20)
            ? pick(
                new String[] {" FOR UPDATE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR KEY SHARE"})
            : "");
    return text.toString();
  }

  private String table(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> "(" + query(depth - 1) + ") AS " + pick(NAMES);
      case 1 -> "LATERAL (" + query(depth - 1) + ") " + pick(NAMES);
      case 2 -> pick(FUNCTIONS) + "(" + expression(0) + ")";
      default -> pick(TABLES) + (chance(2) ? " " + pick(NAMES) : "");
    };
  }

  private String expression(int depth) {
    if (depth == 0 || chance(3)) {
      return chance(2) ? pick(VALUES) : pick(NAMES);
    }
    return switch (random.nextInt(9)) {
      case 0 -> expression(depth - 1) + pick(OPERATORS) + expression(depth - 1);
      case 1 -> "(" + expression(depth - 1) + ")";
      case 2 -> "(" + query(depth - 1) + ")";
      case 3 -> pick(FUNCTIONS) + pick(new String[] {"(", " ("}) + argument(depth) + ")";
      case 4 -> "CASE WHEN " + expression(depth - 1) + " THEN " + expression(0) + " END";
      case 5 -> "EXISTS (" + query(depth - 1) + ")";
      case 6 -> "ARRAY[" + expression(depth - 1) + "]";
      case 7 -> "CAST(" + expression(depth - 1) + " AS text)";
      default -> pick(NAMES) + "." + label();
    };
  }

  private String label() {
    return pick(chance(4) ? LABELS : NAMES);
  }

  private String argument(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> "'s'";
      case 1 -> "1";
      case 2 -> "";
      default -> expression(depth - 1);
    };
  }

  // Mutations

  private String mutate(String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(8));
    return switch (random.nextInt(9)) {
      case 0 -> text.substring(0, at) + pick(STINGS) + text.substring(at);
      case 1 -> text.substring(0, at) + text.substring(end);
      case 2 -> text.substring(0, at) + letter() + text.substring(at);
      case 3 -> text.substring(0, at) + letter() + text.substring(end);
      case 4 -> text.substring(0, at) + pick(BLANKS) + text.substring(at);
      case 5 -> text.substring(0, at) + pick(VALUES) + text.substring(end);
      case 6 -> splice(text, at);
      case 7 -> text.substring(0, at) + text.substring(at, end).repeat(2) + text.substring(end);
      default -> swapWords(text);
    };
  }

  private String splice(String text, int at) {
    String other = chance(2) ? pick(corpus) : statement();
    return text.substring(0, at) + other.substring(random.nextInt(other.length() + 1));
  }

  private String swapWords(String text) {
    List<String> words = new ArrayList<>(List.of(text.split(" ", -1)));
    if (words.size() > 2) {
      int i = random.nextInt(words.size() - 1);
      words.set(i, words.set(i + 1, words.get(i)));
    }
    return String.join(" ", words);
  }

  private char letter() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }
}
