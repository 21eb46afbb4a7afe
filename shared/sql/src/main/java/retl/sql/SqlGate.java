package retl.sql;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import retl.core.warehouse.Warehouse;
import retl.core.query.Lineage;
import retl.core.query.QueryGate;
import retl.core.query.TextRange;
import retl.core.query.Verdict;

/**
 * The gate of this service. Safe for use by several threads. It holds no thread until a text needs
 * one, and its threads never keep the JVM alive.
 */
public final class SqlGate implements QueryGate, AutoCloseable {
  private final Map<Warehouse, Dialect> dialects = Dialect.all();
  private final Set<Rule> rules;

  /** A gate with every rule in force. */
  public SqlGate() {
    this(EnumSet.allOf(Rule.class));
  }

  /** A gate with these rules only: for the tests that show what each rule is for. */
  SqlGate(Set<Rule> rules) {
    this.rules = rules;
  }

  @Override
  public Verdict judge(String sql, Warehouse warehouse) {
    Dialect dialect = Objects.requireNonNull(dialects.get(warehouse));
    try {
      Gate.Extent extent = read(sql, dialect);
      return new Verdict.Accepted(new SqlQuery(sql, dialect, extent, Lineage.UNKNOWN));
    } catch (Refusal refusal) {
      return refused(sql, refusal);
    }
  }

  private Gate.Extent read(String sql, Dialect dialect) throws Refusal {
    char[] text = sql.toCharArray();
    Characters.check(text, rules);
    Lexer lexer = new Lexer(text, dialect, rules);
    Gate.Extent extent = new Gate(lexer.tokens(), dialect, rules).check();
    int backslash = lexer.ambiguousBackslash();
    if (backslash >= 0 && rules.contains(Rule.AMBIGUOUS_BACKSLASH)) {
      char[] query = Arrays.copyOfRange(text, extent.start(), extent.end());
      if (!isSafeWithOtherBackslashes(query, dialect.withOtherBackslashes())) {
        String instead = dialect.isPostgres() ? "as E'\\\\'" : "as two backslashes (\\\\)";
        throw new Refusal(Rule.AMBIGUOUS_BACKSLASH, backslash, backslash + 2, instead);
      }
    }
    return extent;
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
  public void close() {}
}
