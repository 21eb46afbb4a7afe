package retl.core.model;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.warehouse.Warehouse;

/** Keeps models. */
public interface ModelStore {

  /** Writes name, credential's counter, row, revision, audit and receipt: all, or nothing. */
  Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt);

  /**
   * Hands the model of this id to an attempt to change it, and the newer one to the next attempt,
   * as long as an attempt gives nothing because others came first.
   *
   * @return what an attempt gave
   * @throws Refused with {@code NotFound} when there is no such model, with {@code VersionConflict}
   *     when others come first again and again
   */
  <T> T onNewest(String workspace, String id, Function<Model, Optional<T>> attempt);

  /**
   * Writes a change with its names, credentials' counters, revision, audit and receipt: all, or
   * nothing. The sources' counter stays as it is. Credentials that are gone, that fail or that lead
   * elsewhere than when the query was shown to work are a conflict: the next attempt finds out
   * which.
   */
  Written update(Caller caller, Change change, Audit audit, @Nullable Receipt receipt);

  /**
   * Removes a model that no source uses and frees its name, unless it has another version than this
   * one; the credential's counter and the audit tell of it. Its revisions are noted as left over,
   * and the sweeper removes them.
   */
  Deleted delete(Caller caller, Model model, Audit audit);

  /** The model of this id in this workspace. */
  Optional<Model> find(String workspace, String id);

  /** Models in the order of their folded names. */
  Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page);

  /** This revision of a model. */
  Optional<Revision> revision(String workspace, String modelId, int number);

  /** The revisions of a model, newest first. */
  Page<Revision> revisions(Caller caller, String modelId, Page.Request page);

  /** How {@link #create} ended. */
  enum Created {
    CREATED,
    NAME_TAKEN,
    CREDENTIAL_GONE,
    CREDENTIAL_NOT_VALID,
    /** They lead elsewhere than when the query was shown to work. */
    CREDENTIAL_MOVED,
    /** The idempotency key is known already. */
    REPEATED
  }

  /** How {@link #update} ended. */
  enum Written {
    WRITTEN,
    VERSION_CONFLICT,
    NAME_TAKEN,
    /** The idempotency key is known already. */
    REPEATED
  }

  /** How {@link #delete} ended. */
  enum Deleted {
    DELETED,
    VERSION_CONFLICT,
    IN_USE
  }

  /**
   * A change of a model.
   *
   * @param before as it was read; nothing is written when it has another version by now
   * @param revision what is to be kept of it; null when it is no other configuration
   */
  record Change(Model before, Model after, @Nullable Revision revision) {}

  /**
   * Which models are wanted; null means all.
   *
   * @param search the beginning of the name, in any case
   */
  record Filter(
      @Nullable String credentialId, @Nullable Warehouse warehouse, @Nullable String search) {}
}
