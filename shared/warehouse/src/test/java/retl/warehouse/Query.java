package retl.warehouse;

import java.util.List;
import retl.core.query.AcceptedQuery;
import retl.core.query.Lineage;
import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;
import retl.sql.SqlGate;

/**
 * A text that no gate has judged, wrapped as the gate would: for queries that it refuses, to show
 * what holds without it.
 */
public record Query(String text, Warehouse dialect) implements AcceptedQuery {

  /** A text that the real gate accepts. */
  public static AcceptedQuery accepted(String sql, Warehouse dialect) {
    try (SqlGate gate = new SqlGate()) {
      return switch (gate.judge(sql, dialect)) {
        case Verdict.Accepted(var query) -> query;
        case Verdict.Refused refused -> throw new AssertionError(sql + ": " + refused);
      };
    }
  }

  @Override
  public String source() {
    return text;
  }

  @Override
  public Lineage lineage() {
    return Lineage.UNKNOWN;
  }

  @Override
  public RunnableQuery preview(int limit) {
    return new Wrapped("SELECT * FROM (\n" + text + "\n) AS q LIMIT " + limit);
  }

  @Override
  public RunnableQuery describe() {
    return preview(0);
  }

  @Override
  public RunnableQuery count() {
    throw new AssertionError("not asked for here");
  }

  @Override
  public RunnableQuery keyAudit(List<String> columns, int duplicates) {
    throw new AssertionError("not asked for here");
  }

  private record Wrapped(String sql) implements RunnableQuery {
    @Override
    public boolean isAround(int character) {
      return false;
    }

    @Override
    public TextRange atCharacter(int character) {
      return TextRange.of(sql, character - 1, 0);
    }

    @Override
    public TextRange atLine(int line, int column) {
      return TextRange.of(sql, 0, 0);
    }
  }
}
