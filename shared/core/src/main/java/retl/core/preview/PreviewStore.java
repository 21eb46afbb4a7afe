package retl.core.preview;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Receipt;

/** Keeps previews, also those that check a key, and their rows until they expire. */
public interface PreviewStore {

  /**
   * Writes a queued preview with its audit and receipt; false, and nothing written, for a known
   * idempotency key.
   */
  boolean create(Caller caller, Preview preview, Audit audit, @Nullable Receipt receipt);

  /** The preview of this id, even one that has expired; the caller looks at its time. */
  Optional<Preview> find(String workspace, String id);

  /** Notes that the worker has begun, and gives it; empty when it is gone, begun, or over. */
  Optional<Preview> start(String workspace, String id);

  /**
   * Writes how it ended, with its rows, unless it is over already or {@linkplain
   * retl.core.job.Job#isLate too late}: readers see all of it, or nothing yet.
   */
  void finish(String workspace, Preview preview, List<String> rows);

  /** Writes that it failed before any worker began; nothing when one has, or when it is over. */
  void giveUp(String workspace, Preview failed);

  /**
   * Cancels it: at once while it is queued; one that runs is marked, for its worker to see. Nothing
   * is written, not even the audit, when it is over already.
   */
  void cancel(Caller caller, Preview preview, Audit audit);

  /** True when it is marked, or canceled already. */
  boolean isCanceled(String workspace, String id);

  /**
   * Rows of a completed preview, each as the JSON text of an array; fewer than {@code count} at the
   * end.
   */
  List<String> rows(String workspace, String id, int from, int count);
}
