package retl.core.schedule;

import java.util.ArrayList;
import java.util.List;

/** Hands over what is due in a minute. Doing it twice hands it over twice, and it is run once. */
public final class Dispatcher {
  private final ScheduleStore store;
  private final DueQueue queue;
  private final Slots slots;

  public Dispatcher(ScheduleStore store, DueQueue queue, Slots slots) {
    this.store = store;
    this.queue = queue;
    this.slots = slots;
  }

  /**
   * Hands over what is due in this minute, counted from the epoch.
   *
   * @return how many validations that were
   */
  public int dispatch(long minute) {
    Batches batches = new Batches();
    slots.at(minute).forEach(slot -> store.inSlot(slot, minute, batches::add));
    store.againAt(minute, batches::add);
    batches.flush();
    return batches.sent;
  }

  private final class Batches {
    private final List<Due> batch = new ArrayList<>();
    private int sent;

    void add(Due due) {
      batch.add(due);
      if (batch.size() == DueQueue.BATCH) {
        flush();
      }
    }

    void flush() {
      if (!batch.isEmpty()) {
        queue.send(List.copyOf(batch));
        sent += batch.size();
        batch.clear();
      }
    }
  }
}
