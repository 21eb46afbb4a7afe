package retl.core.schedule;

import java.util.List;

/** Hands due validations to workers; those with the same place one after the other. */
@FunctionalInterface
public interface DueQueue {
  /** The largest batch that it takes. */
  int BATCH = 10;

  /**
   * Hands over at most {@link #BATCH}; all of them, or it throws. The same one again is let fall.
   */
  void send(List<Due> batch);
}
