package retl.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import retl.core.query.OutputColumn;
import retl.core.query.SourceColumn;

/** What the names in one place of a query mean: its CTEs and, inside a SELECT, its relations. */
final class Scope {
  /** More sources than this are not told one by one. */
  static final int MAX_SOURCES = 200;

  private final @Nullable Scope outer;
  private final @Nullable Cte cte;
  private final List<Relation> relations;

  private Scope(@Nullable Scope outer, @Nullable Cte cte, List<Relation> relations) {
    this.outer = outer;
    this.cte = cte;
    this.relations = relations;
  }

  static Scope empty() {
    return new Scope(null, null, List.of());
  }

  /** A query that is defined by name; its columns are found out once, when asked for. */
  static final class Cte {
    private final String name;
    private final Supplier<List<OutputColumn>> definition;
    private @Nullable List<OutputColumn> columns;
    private boolean asked;

    Cte(String name, Supplier<List<OutputColumn>> definition) {
      this.name = name;
      this.definition = definition;
    }

    /** Its columns; unknown while they depend on themselves. */
    List<OutputColumn> columns() {
      if (columns != null) {
        return columns;
      }
      if (asked) {
        return Relation.UNKNOWN;
      }
      asked = true;
      columns = definition.get();
      return columns;
    }
  }

  Scope with(Cte added) {
    return new Scope(this, added, List.of());
  }

  Scope selectingFrom(List<Relation> added) {
    return new Scope(this, null, added);
  }

  @Nullable Cte cte(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.cte != null && scope.cte.name.equals(name)) {
        return scope.cte;
      }
    }
    return null;
  }

  List<Relation> relations() {
    return relations;
  }

  /** What a column is made of; incomplete when it cannot be told whose column it is. */
  Relation.Trace trace(@Nullable String qualifier, String column) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      List<Relation> candidates =
          qualifier == null
              ? scope.relations
              : scope.relations.stream().filter(r -> r.isCalled(qualifier)).toList();
      Relation.Trace trace = trace(candidates, column);
      if (trace != null) {
        return trace;
      }
      if (!candidates.stream().allMatch(Relation::isKnown)) {
        break;
      }
    }
    return new Relation.Trace(Set.of(), false);
  }

  private static Relation.@Nullable Trace trace(List<Relation> candidates, String column) {
    for (Relation relation : candidates) {
      Relation.Trace named = relation.named(column);
      if (named != null) {
        return named;
      }
    }
    List<Relation> open = candidates.stream().filter(r -> !r.isKnown()).toList();
    return open.size() == 1 ? open.getFirst().starred(column) : null;
  }

  /** Collects what an expression is made of. */
  static final class Sources {
    private final Set<SourceColumn> columns = new LinkedHashSet<>();
    private boolean complete = true;

    void add(Relation.Trace trace) {
      add(trace.sources(), trace.complete());
    }

    void add(Iterable<SourceColumn> sources, boolean all) {
      complete &= all;
      for (SourceColumn source : sources) {
        if (columns.size() == MAX_SOURCES) {
          complete = false;
          return;
        }
        columns.add(source);
      }
    }

    void miss() {
      complete = false;
    }

    OutputColumn.Named named(@Nullable String name) {
      return new OutputColumn.Named(name, new ArrayList<>(columns), complete);
    }
  }
}
