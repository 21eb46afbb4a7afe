package retl.core.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One place in the output of a query, as far as its text alone says. */
public sealed interface OutputColumn {

  /**
   * One column.
   *
   * @param name null when the warehouse makes it up
   * @param sources the table columns its value is made of, each once
   * @param complete whether {@code sources} are all of them; false when one could not be traced
   */
  record Named(@Nullable String name, List<SourceColumn> sources, boolean complete)
      implements OutputColumn {

    public Named {
      sources = List.copyOf(sources);
    }
  }

  /**
   * An unknown number of columns: a star that only the warehouse can expand.
   *
   * @param table the table whose columns they are; null when that is not known either
   */
  record Star(@Nullable TableName table) implements OutputColumn {}
}
