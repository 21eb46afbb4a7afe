package retl.sql;

import static net.sf.jsqlparser.parser.CCJSqlParserConstants.K_AS;
import static net.sf.jsqlparser.parser.CCJSqlParserConstants.K_RECURSIVE;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTCOLUMN;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTFROMITEM;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTLAMBDAEXPRESSION;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTTABLENAME;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTWITHITEM;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.Node;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;
import retl.core.query.Lineage;
import retl.core.query.OutputColumn;
import retl.core.query.TableName;

/** Reads off a tree which tables a query names, and what its output columns are made of. */
final class LineageReader {
  /** A longer list of columns is not told one by one. */
  private static final int MAX_COLUMNS = 2_000;

  private final Canonical canonical;
  private final Dialect dialect;
  private final BooleanSupplier isLate;
  private final boolean recursive;

  /**
   * @param isLate whether to end, by an exception: what a name means is looked for in all that is
   *     selected from, and a query can have thousands of both
   */
  LineageReader(Canonical canonical, Dialect dialect, BooleanSupplier isLate) {
    this.canonical = canonical;
    this.dialect = dialect;
    this.isLate = isLate;
    this.recursive = canonical.mayRecurse();
  }

  /**
   * @param root of the tree that {@code select} stands in
   */
  Lineage read(Select select, Node root) {
    Set<TableName> tables = new LinkedHashSet<>();
    collect(root, tables);
    return new Lineage(true, new ArrayList<>(tables), columns(select, Scope.empty()));
  }

  private void checkTime() {
    if (isLate.getAsBoolean()) {
      throw new CancellationException("This lineage takes too long");
    }
  }

  // Tables

  private void collect(Node node, Set<TableName> tables) {
    checkTime();
    if (node.getId() == JJTTABLENAME
        && node.jjtGetValue() instanceof Table table
        && isReadFrom(node)
        && !isDefinedInQuery(node, table)) {
      tables.add(tableName(table));
    }
    for (int i = 0; i < node.jjtGetNumChildren(); i++) {
      collect(node.jjtGetChild(i), tables);
    }
  }

  private static boolean isReadFrom(Node node) {
    Node parent = node.jjtGetParent();
    return parent != null && parent.getId() == JJTFROMITEM;
  }

  /** Whether a table is a CTE, or a nested part of a table before it in the same FROM. */
  private boolean isDefinedInQuery(Node node, Table table) {
    String first = canonical.name(firstPart(table));
    boolean nested = table.getNameParts().size() > 1;
    for (Node child = node, parent = node.jjtGetParent();
        parent != null;
        child = parent, parent = parent.jjtGetParent()) {
      for (int i = 0; i < parent.jjtGetNumChildren(); i++) {
        Node sibling = parent.jjtGetChild(i);
        if (sibling == child) {
          break;
        }
        if (nested ? isFromItemCalled(sibling, first) : isCteCalled(sibling, first)) {
          return true;
        }
      }
      if (!nested && isCteCalled(parent, first) && recurses(parent)) {
        return true;
      }
    }
    return false;
  }

  private static String firstPart(Table table) {
    // The parts stand in reverse order: the name first, then its schema.
    return table.getNameParts().getLast();
  }

  private boolean isCteCalled(Node node, String name) {
    if (node.getId() != JJTWITHITEM) {
      return false;
    }
    Token token = node.jjtGetFirstToken();
    boolean keyword = token.kind == K_RECURSIVE && token.next.kind != K_AS;
    return canonical.name(keyword ? token.next.image : token.image).equals(name);
  }

  /** Whether a CTE can mean itself in its own body; else its name there means a table. */
  private boolean recurses(Node withItem) {
    Node body = withItem.jjtGetChild(withItem.jjtGetNumChildren() - 1);
    return recursive && body.jjtGetValue() instanceof ParenthesedSelect select && recurses(select);
  }

  private boolean recurses(ParenthesedSelect body) {
    return recursive && body.getSelect() instanceof SetOperationList;
  }

  private boolean isFromItemCalled(Node node, String name) {
    return dialect.nestedTables()
        && node.getId() == JJTFROMITEM
        && node.jjtGetValue() instanceof FromItem item
        && name.equals(nameOf(item));
  }

  private TableName tableName(Table table) {
    return new TableName(
        fold(table.getCatalogName()), fold(table.getSchemaName()), canonical.name(table.getName()));
  }

  private @Nullable String fold(@Nullable String name) {
    return name == null || name.isEmpty() ? null : canonical.name(name);
  }

  // Columns

  private List<OutputColumn> columns(Select select, Scope outer) {
    checkTime();
    Scope scope = withCtes(select, outer);
    List<OutputColumn> columns =
        switch (select) {
          case ParenthesedSelect inner -> columns(inner.getSelect(), scope);
          case PlainSelect plain -> plainColumns(plain, scope);
          case SetOperationList list -> merged(list.getSelects(), scope);
          case Values values -> valueColumns(values);
          default -> Relation.UNKNOWN;
        };
    return columns.size() > MAX_COLUMNS ? Relation.UNKNOWN : columns;
  }

  private Scope withCtes(Select select, Scope outer) {
    Scope scope = outer;
    List<WithItem<?>> items = select.getWithItemsList();
    if (items != null) {
      for (WithItem<?> item : items) {
        scope = scope.with(cte(item, scope));
      }
    }
    return scope;
  }

  private Scope.Cte cte(WithItem<?> item, Scope before) {
    String name = canonical.name(item.getAliasName());
    List<String> columnNames = new ArrayList<>();
    if (item.getWithItemList() != null) {
      item.getWithItemList().forEach(column -> columnNames.add(canonical.name(column.toString())));
    }
    return new Scope.Cte(
        name,
        () ->
            item.getParenthesedStatement() instanceof ParenthesedSelect body
                ? new Relation(name, columns(body, inBody(name, columnNames, body, before)))
                    .renamed(name, columnNames)
                    .columns()
                : Relation.UNKNOWN);
  }

  /** Inside of its own body, a recursive CTE is a table of unknown columns. */
  private Scope inBody(
      String name, List<String> columnNames, ParenthesedSelect body, Scope before) {
    if (!recurses(body)) {
      return before;
    }
    Relation itself = new Relation(name, Relation.UNKNOWN).renamed(name, columnNames);
    return before.with(new Scope.Cte(name, itself::columns));
  }

  private List<OutputColumn> plainColumns(PlainSelect select, Scope outer) {
    List<Relation> relations = new ArrayList<>();
    boolean merges = addRelations(select.getFromItem(), select.getJoins(), outer, relations);
    Scope scope = outer.selectingFrom(relations);
    List<OutputColumn> columns = new ArrayList<>();
    for (SelectItem<?> item : select.getSelectItems()) {
      columns.addAll(itemColumns(item, scope, merges));
      if (columns.size() > MAX_COLUMNS) {
        return Relation.UNKNOWN;
      }
    }
    return columns;
  }

  private List<OutputColumn> itemColumns(SelectItem<?> item, Scope scope, boolean merges) {
    Expression expression = item.getExpression();
    if (expression instanceof AllColumns star) {
      boolean changed = star.getExceptColumns() != null || star.getReplaceExpressions() != null;
      if (changed || (merges && !(star instanceof AllTableColumns))) {
        return Relation.UNKNOWN;
      }
      return star instanceof AllTableColumns of ? starOf(of, scope) : star(scope.relations());
    }
    Scope.Sources sources = new Scope.Sources();
    trace(item.getASTNode(), scope, sources);
    Alias alias = item.getAlias();
    String name = alias == null ? impliedName(expression) : canonical.name(alias.getName());
    return List.of(sources.named(name));
  }

  private static List<OutputColumn> star(List<Relation> relations) {
    List<OutputColumn> columns = new ArrayList<>();
    for (Relation relation : relations) {
      columns.addAll(relation.columns());
      if (columns.size() > MAX_COLUMNS) {
        return Relation.UNKNOWN;
      }
    }
    return columns.isEmpty() ? Relation.UNKNOWN : columns;
  }

  private List<OutputColumn> starOf(AllTableColumns star, Scope scope) {
    String qualifier = canonical.name(star.getTable().getName());
    return star(scope.relations().stream().filter(r -> r.isCalled(qualifier)).toList());
  }

  /** The name of a column without an alias, where the warehouse takes it from the text. */
  private @Nullable String impliedName(Expression expression) {
    if (expression instanceof Column column) {
      return canonical.name(column.getColumnName());
    }
    if (dialect.isSnowflake()) {
      return null;
    }
    return switch (expression) {
      case CastExpression cast -> impliedName(cast.getLeftExpression());
      case Function function -> canonical.name(function.getMultipartName().getLast());
      default -> null;
    };
  }

  private void trace(Node node, Scope scope, Scope.Sources sources) {
    checkTime();
    Object value = node.jjtGetValue();
    if (node.getId() == JJTCOLUMN && value instanceof Column column) {
      Table table = column.getTable();
      String qualifier = table == null ? null : fold(table.getName());
      sources.add(scope.trace(qualifier, canonical.name(column.getColumnName())));
    } else if (value instanceof ParenthesedSelect select) {
      if (columns(select, scope).getFirst() instanceof OutputColumn.Named first) {
        sources.add(first.sources(), first.complete());
      } else {
        sources.miss();
      }
    } else if (node.getId() == JJTLAMBDAEXPRESSION) {
      sources.miss();
    } else {
      for (int i = 0; i < node.jjtGetNumChildren(); i++) {
        trace(node.jjtGetChild(i), scope, sources);
      }
    }
  }

  private List<OutputColumn> merged(List<Select> selects, Scope scope) {
    List<OutputColumn> first = columns(selects.getFirst(), scope);
    if (!new Relation(null, first).isKnown()) {
      return Relation.UNKNOWN;
    }
    List<Scope.Sources> sources = first.stream().map(column -> new Scope.Sources()).toList();
    for (Select select : selects) {
      List<OutputColumn> columns = select == selects.getFirst() ? first : columns(select, scope);
      boolean fits = columns.size() == first.size() && new Relation(null, columns).isKnown();
      for (int i = 0; i < first.size(); i++) {
        if (fits && columns.get(i) instanceof OutputColumn.Named column) {
          sources.get(i).add(column.sources(), column.complete());
        } else {
          sources.get(i).miss();
        }
      }
    }
    List<OutputColumn> merged = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      merged.add(sources.get(i).named(((OutputColumn.Named) first.get(i)).name()));
    }
    return merged;
  }

  private List<OutputColumn> valueColumns(Values values) {
    if (dialect.isRedshift() || values.getExpressions().isEmpty()) {
      return Relation.UNKNOWN;
    }
    // One row is the list itself, several are lists in a list.
    Expression row =
        values.getExpressions() instanceof ParenthesedExpressionList<?> only
            ? only
            : values.getExpressions().getFirst();
    int size = row instanceof ParenthesedExpressionList<?> list ? list.size() : 1;
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      // What the rows are made of is not traced: they rarely hold anything but literals.
      columns.add(new OutputColumn.Named(canonical.name("column" + i), List.of(), false));
    }
    return columns;
  }

  // Relations

  /** Adds what a FROM names; whether it joins in a way that merges columns. */
  private boolean addRelations(
      @Nullable FromItem from, @Nullable List<Join> joins, Scope scope, List<Relation> relations) {
    if (from != null) {
      relations.add(relation(from, scope.selectingFrom(List.copyOf(relations))));
    }
    boolean merges = false;
    if (joins != null) {
      for (Join join : joins) {
        relations.add(relation(join.getFromItem(), scope.selectingFrom(List.copyOf(relations))));
        merges |= join.isNatural() || !join.getUsingColumns().isEmpty() || join.isSemi();
      }
    }
    return merges;
  }

  private Relation relation(FromItem item, Scope scope) {
    checkTime();
    List<OutputColumn> columns =
        item.getPivot() != null || item.getUnPivot() != null
            ? Relation.UNKNOWN
            : switch (item) {
              case Table table -> tableColumns(table, scope);
              case Select select -> columns(select, scope);
              case ParenthesedFromItem group -> groupColumns(group, scope);
              default -> Relation.UNKNOWN;
            };
    return new Relation(null, columns).renamed(nameOf(item), columnNames(item.getAlias()));
  }

  private List<OutputColumn> tableColumns(Table table, Scope scope) {
    String first = canonical.name(firstPart(table));
    if (table.getNameParts().size() == 1) {
      Scope.Cte cte = scope.cte(first);
      return cte == null ? List.of(new OutputColumn.Star(tableName(table))) : cte.columns();
    }
    boolean nested =
        dialect.nestedTables() && scope.relations().stream().anyMatch(r -> r.isCalled(first));
    return nested ? Relation.UNKNOWN : List.of(new OutputColumn.Star(tableName(table)));
  }

  private List<OutputColumn> groupColumns(ParenthesedFromItem group, Scope scope) {
    List<Relation> relations = new ArrayList<>();
    boolean merges = addRelations(group.getFromItem(), group.getJoins(), scope, relations);
    return merges ? Relation.UNKNOWN : star(relations);
  }

  private @Nullable String nameOf(FromItem item) {
    if (item.getAlias() != null) {
      return canonical.name(item.getAlias().getName());
    }
    return item instanceof Table table ? canonical.name(table.getName()) : null;
  }

  private List<String> columnNames(@Nullable Alias alias) {
    if (alias == null || alias.getAliasColumns() == null) {
      return List.of();
    }
    return alias.getAliasColumns().stream().map(column -> canonical.name(column.name)).toList();
  }
}
