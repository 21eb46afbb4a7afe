package retl.core;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next where the next page begins, in the store's own words; null on the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {
  public Page {
    items = List.copyOf(items);
  }

  /** The same page of other things. */
  public <R> Page<R> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), next);
  }

  /**
   * Which page is wanted.
   *
   * @param limit how many items at most, 1–100
   * @param after the {@link Page#next} of the page before; null for the first
   */
  public record Request(int limit, @Nullable String after) {}
}
