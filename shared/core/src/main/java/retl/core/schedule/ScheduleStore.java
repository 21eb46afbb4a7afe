package retl.core.schedule;

import java.util.Optional;
import java.util.function.Consumer;
import retl.core.validation.ValidationStore;

/** Which credentials are due when, and what was begun for them. */
public interface ScheduleStore {

  /** Everything in a slot, read page by page while it is being consumed; due in this minute. */
  void inSlot(int slot, long minute, Consumer<Due> each);

  /** Everything that is to be looked at again in this minute. */
  void againAt(long minute, Consumer<Due> each);

  /**
   * Takes the minute for a validation and writes it as running: both, or nothing.
   *
   * @return the task to run; the one of the first run, when that one did not end; empty when there
   *     is nothing to run for this minute
   */
  Optional<ValidationStore.Task> begin(Due due, ValidationStore.Task task);
}
