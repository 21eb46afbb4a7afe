package retl.sql;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.query.Lineage;
import retl.core.query.QueryGate;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/**
 * The gate of this service. Safe for use by several threads. It works on the thread that asks; the
 * one of its own, which stops a parser that takes too long, never keeps the JVM alive.
 */
public final class SqlGate implements QueryGate, AutoCloseable {
  private static final Duration TREE_LIMIT = Duration.ofMillis(1_600);

  private final Map<Warehouse, Dialect> dialects;
  private final Set<Rule> rules;
  private final @Nullable Trees trees;

  /** A gate that judges by tokens, and then has the tree confirm it and tell the lineage. */
  public SqlGate() {
    this(EnumSet.allOf(Rule.class), new Trees(TREE_LIMIT));
  }

  /** A gate with these rules only: for the tests that show what each rule is for. */
  SqlGate(Set<Rule> rules, @Nullable Trees trees) {
    this(Dialect.all(), rules, trees);
  }

  /** A gate that reads these dialects: for the tests that show what a fact is for. */
  SqlGate(Map<Warehouse, Dialect> dialects, Set<Rule> rules, @Nullable Trees trees) {
    this.dialects = dialects;
    this.rules = rules;
    this.trees = trees;
  }

  /**
   * A gate that judges by tokens alone. It accepts and refuses as the other one does, in
   * microseconds and without loading a parser, but knows no lineage.
   */
  public static SqlGate ofTokens() {
    return new SqlGate(EnumSet.allOf(Rule.class), null);
  }

  @Override
  public Verdict judge(String sql, Warehouse warehouse) {
    Dialect dialect = Objects.requireNonNull(dialects.get(warehouse));
    try {
      char[] text = sql.toCharArray();
      Characters.check(text, rules);
      Lexer lexer = new Lexer(text, dialect, rules);
      Tokens tokens = lexer.tokens();
      Gate.Extent extent = new Gate(tokens, dialect, rules).check();
      checkBackslash(lexer, Arrays.copyOfRange(text, extent.start(), extent.end()), dialect);
      Lineage lineage = trees == null ? Lineage.UNKNOWN : trees.read(tokens, dialect);
      return new Verdict.Accepted(new SqlQuery(sql, dialect, extent, lineage));
    } catch (Refusal refusal) {
      return refused(sql, refusal);
    }
  }

  private void checkBackslash(Lexer lexer, char[] query, Dialect dialect) throws Refusal {
    int at = lexer.ambiguousBackslash();
    if (at < 0
        || !rules.contains(Rule.AMBIGUOUS_BACKSLASH)
        || isSafeWithOtherBackslashes(query, dialect.withOtherBackslashes())) {
      return;
    }
    String instead = dialect.isPostgres() ? "as E'\\\\'" : "as two backslashes (\\\\)";
    throw new Refusal(Rule.AMBIGUOUS_BACKSLASH, at, at + 2, instead);
  }

  /**
   * Whether a reader who takes backslashes in plain literals the other way either sees one
   * read-only query as well, or no SQL at all: then that reader refuses the text as a whole,
   * because it holds no semicolon before the place where he fails.
   */
  private boolean isSafeWithOtherBackslashes(char[] query, Dialect other) {
    Lexer lexer = new Lexer(query, other, rules);
    Tokens tokens;
    try {
      tokens = lexer.tokens();
    } catch (Refusal notSql) {
      return !lexer.sawSemicolon();
    }
    try {
      new Gate(tokens, other, rules).check();
      return true;
    } catch (Refusal unsafe) {
      return false;
    }
  }

  private static Verdict refused(String sql, Refusal refusal) {
    return new Verdict.Refused(
        refusal.rule().kind(),
        refusal.rule().code(),
        refusal.message(),
        TextRange.of(sql, refusal.start(), refusal.end() - refusal.start()));
  }

  /** Ends what the gate runs in the background. */
  @Override
  public void close() {
    if (trees != null) {
      trees.close();
    }
  }
}
