package retl.core.credential;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notes of unfinished work in a map. */
public final class NotesInMemory implements Unfinished.Store {
  /** What is noted, and since when. */
  public final Map<Unfinished, Instant> kept = new LinkedHashMap<>();

  @Override
  public void note(Unfinished work, Instant since) {
    kept.put(work, since);
  }

  @Override
  public List<Unfinished> olderThan(Instant time, int count) {
    return kept.entrySet().stream()
        .filter(note -> note.getValue().isBefore(time))
        .map(Map.Entry::getKey)
        .limit(count)
        .toList();
  }

  @Override
  public void done(Unfinished work) {
    kept.remove(work);
  }
}
