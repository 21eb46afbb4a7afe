package retl.core.query;

import java.util.List;
import retl.core.warehouse.Warehouse;

/** A gate that accepts every text without the word drop, as it stands. */
public final class PickyGate implements QueryGate {
  /** What it says of a text with the word drop. */
  public static final Verdict.Refused REFUSED =
      new Verdict.Refused(
          Verdict.Kind.UNSAFE_QUERY, "not_a_query", "Only SELECT.", new TextRange(1, 1, 0, 4));

  @Override
  public Verdict judge(String sql, Warehouse dialect) {
    return sql.contains("drop") ? REFUSED : new Verdict.Accepted(new Accepted(sql, dialect));
  }

  private record Accepted(String source, Warehouse dialect) implements AcceptedQuery {
    @Override
    public String text() {
      return source;
    }

    @Override
    public Lineage lineage() {
      return Lineage.UNKNOWN;
    }

    @Override
    public RunnableQuery preview(int limit) {
      throw notAsked();
    }

    @Override
    public RunnableQuery describe() {
      throw notAsked();
    }

    @Override
    public RunnableQuery count() {
      throw notAsked();
    }

    @Override
    public RunnableQuery keyAudit(List<String> columns, int duplicates) {
      throw notAsked();
    }

    private static AssertionError notAsked() {
      return new AssertionError("No test without a warehouse runs a query.");
    }
  }
}
