package retl.benchmarks;

import java.util.Random;

/**
 * Texts of up to 64 KiB that are meant to be slow: nested as deep as the gate lets them, in every
 * construct that a parser may have to look far ahead for, and with an error at the very end; or
 * short to parse, with many names that are looked for in many columns.
 */
final class Hostile {
  private static final int LONGEST = 64 * 1024;

  private static final String[] STARTS = {
    "SELECT ",
    "SELECT * FROM ",
    "SELECT 1 WHERE ",
    "SELECT a FROM t ORDER BY ",
    "VALUES (1), ",
    "WITH a AS (SELECT 1) SELECT "
  };
  private static final String[][] NESTS = {
    {"(", ")"},
    {"SELECT * FROM (", ") t"},
    {"f(", ")"},
    {"CASE WHEN ", " THEN 1 END"},
    {"CASE WHEN a THEN ", " END"},
    {"(a = 1 AND ", ")"},
    {"NOT ", ""},
    {"a[", "]"},
    {"a IN (", ")"},
    {"(1 + ", ")"},
    {"(SELECT (", "))"},
    {"EXISTS (SELECT 1 WHERE ", ")"},
    {"(SELECT ", ")"},
    {"CAST(", " AS int)"},
    {"(a, ", ")"},
    {"((a) OR (", "))"},
    {"x -> ", ""},
    {"a BETWEEN ", " AND 2"},
    {"a || ", ""},
    {"- ", ""},
    {"ARRAY[", "]"},
    {"sum(", ") OVER (PARTITION BY a)"},
    {"count(*) FILTER (WHERE ", ")"},
    {"f(a => ", ")"},
    {"(", ")::int"},
    {"(", ").a"},
    {"a LIKE ", ""},
    {"INTERVAL ", ""},
    {"(SELECT 1 UNION SELECT ", ")"},
    {"((SELECT ", ") UNION (SELECT 2))"},
    {"a = ANY (", ")"},
    {"(a, b) IN (", ")"},
    {"TRIM(BOTH FROM ", ")"},
    {"(WITH a AS (SELECT 1) SELECT ", ")"},
    {"GROUPING SETS ((", "))"},
    {"(a JOIN ", " ON 1 = 1)"},
    {"LATERAL (SELECT ", ")"},
    {"a:b:", ""},
    {"a.", ""},
    {"a, ", ""},
    {"a AND ", ""},
    {"a IS NULL OR ", ""},
    {"a::int::", ""},
    {"~", ""}
  };
  private static final String[] CORES = {
    "1", "a", "1 1", "a b c", "'x'", "*", "a.*", "a FROM", "select", "", "a =", "case", "x y z"
  };

  private final Random random;

  Hostile(long seed) {
    random = new Random(seed);
  }

  String next() {
    return random.nextInt(10) == 0 ? wide() : deep();
  }

  private String wide() {
    StringBuilder text = new StringBuilder("WITH c0 AS (SELECT x, x y FROM t)");
    int doublings = random.nextInt(11);
    for (int i = 1; i <= doublings; i++) {
      text.append(", c%d AS (SELECT b.*, b.* FROM c%d b)".formatted(i, i - 1));
    }
    String item = pick(new String[] {"z,", "y,", "p.z,", "*,", "p.*,", "(SELECT z),", "z + z,"});
    String table = ",c" + doublings + " p";
    int times = random.nextInt((LONGEST - 1_000) / (item.length() + table.length()));
    text.append(" SELECT ")
        .append(item.repeat(times))
        .append("1 FROM t")
        .append(table.repeat(times));
    return text.toString();
  }

  private String deep() {
    String[][] nests = new String[1 + random.nextInt(3)][];
    for (int i = 0; i < nests.length; i++) {
      nests[i] = NESTS[random.nextInt(NESTS.length)];
    }
    String start = pick(STARTS);
    int budget = random.nextInt(3) == 0 ? LONGEST : 1_000 + random.nextInt(8_000);
    int brackets = 20 + random.nextInt(176);
    String item = nested(nests, budget, brackets);
    StringBuilder text = new StringBuilder(start).append(item);
    String glue = pick(new String[] {", ", " || ", " AND ", " UNION SELECT "});
    boolean repeat = random.nextInt(2) == 0;
    while (repeat && text.length() + glue.length() + item.length() < budget) {
      text.append(glue).append(item);
    }
    text.append(random.nextInt(3) == 0 ? " x y z" : "");
    return text.length() <= LONGEST ? text.toString() : text.substring(0, LONGEST);
  }

  private String nested(String[][] nests, int budget, int brackets) {
    StringBuilder open = new StringBuilder();
    StringBuilder close = new StringBuilder();
    int depth = 0;
    int levels = random.nextInt(3) == 0 ? 12 : Integer.MAX_VALUE;
    for (int i = 0; i < levels && open.length() + close.length() < budget - 40; i++) {
      String[] nest = nests[i % nests.length];
      depth += (int) nest[0].chars().filter(c -> c == '(' || c == '[').count();
      if (depth > brackets) {
        break;
      }
      open.append(nest[0]);
      close.insert(0, nest[1]);
    }
    return open + pick(CORES) + close;
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }
}
