package retl.sql;

import java.util.EnumSet;
import java.util.List;
import retl.core.query.AcceptedQuery;
import retl.core.query.Lineage;
import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;
import retl.core.warehouse.Warehouse;

/** What {@link SqlGate} accepts. */
final class SqlQuery implements AcceptedQuery {
  private final String source;
  private final Dialect dialect;
  private final int start;
  private final String text;
  private final Lineage lineage;

  SqlQuery(String source, Dialect dialect, Gate.Extent extent, Lineage lineage) {
    this.source = source;
    this.dialect = dialect;
    this.start = extent.start();
    this.text = source.substring(extent.start(), extent.end());
    this.lineage = lineage;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public Warehouse dialect() {
    return dialect.warehouse();
  }

  @Override
  public Lineage lineage() {
    return lineage;
  }

  @Override
  public RunnableQuery preview(int limit) {
    return new Wrapped(this, Wrapping.limited(limit));
  }

  @Override
  public RunnableQuery describe() {
    return new Wrapped(this, Wrapping.limited(0));
  }

  @Override
  public RunnableQuery count() {
    return new Wrapped(this, Wrapping.counted());
  }

  @Override
  public RunnableQuery keyAudit(List<String> columns, int duplicates) {
    return new Wrapped(this, Wrapping.audited(columns, duplicates));
  }

  /** The range in the source of the token at an offset of {@link #text()}. */
  TextRange rangeAt(int offset) {
    return TextRange.of(source, start + offset, tokenEnd(offset) - offset);
  }

  private int tokenEnd(int offset) {
    try {
      Tokens tokens = new Lexer(text.toCharArray(), dialect, EnumSet.allOf(Rule.class)).tokens();
      for (int i = 0; i < tokens.size(); i++) {
        if (tokens.start(i) <= offset && offset < tokens.end(i)) {
          return tokens.end(i);
        }
      }
      return offset;
    } catch (Refusal e) {
      throw new IllegalStateException("An accepted query does not lex", e);
    }
  }

  /** Without the text: it can hold data. */
  @Override
  public String toString() {
    return "SqlQuery[" + dialect.warehouse() + ", " + source.length() + " characters]";
  }
}
