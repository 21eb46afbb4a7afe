package retl.core.source;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;

/**
 * Keeps sources. Whatever connects a source to a model, or takes it away from one, changes the
 * model's {@code sourceCount} and version in the same transaction, on condition that the model is
 * there.
 */
public interface SourceStore {

  /** Writes name, model's count, row, audit and receipt: all, or nothing. */
  Created create(Caller caller, Source source, Audit audit, @Nullable Receipt receipt);

  /**
   * Gives the source as it stands to an attempt, and again as often as it gives nothing because
   * others were faster, with pauses. Refuses with {@link retl.core.Problem.NotFound} when there is
   * none, and with {@link retl.core.Problem.VersionConflict} when others are always faster.
   */
  <T> T onNewest(String workspace, String id, Function<Source, Optional<T>> attempt);

  /**
   * Writes a change with its name, the counts of both models and its audit: all, or nothing, when
   * the source has another version than {@code before}.
   */
  Written update(Caller caller, Source before, Source after, Audit audit);

  /** Removes a source without connections and frees its name, unless it has another version. */
  Deleted delete(Caller caller, Source source, Audit audit);

  /** The source of this id in this workspace. */
  Optional<Source> find(String workspace, String id);

  /** Sources in the order of their folded names. */
  Page<Source> list(Caller caller, Filter filter, Page.Request page);

  /** How {@link #create} ended. */
  enum Created {
    CREATED,
    NAME_TAKEN,
    MODEL_GONE,
    /** The idempotency key is known already. */
    REPEATED
  }

  /** How {@link #update} ended. */
  enum Written {
    WRITTEN,
    VERSION_CONFLICT,
    NAME_TAKEN,
    MODEL_GONE
  }

  /** How {@link #delete} ended. */
  enum Deleted {
    DELETED,
    VERSION_CONFLICT,
    IN_USE
  }

  /**
   * Which sources are wanted; null means all.
   *
   * @param search the beginning of the name, in any case
   */
  record Filter(@Nullable String modelId, @Nullable Boolean enabled, @Nullable String search) {}
}
