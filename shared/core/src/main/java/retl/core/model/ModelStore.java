package retl.core.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.warehouse.Warehouse;

/** Keeps models. */
public interface ModelStore {

  /** Writes name, credential's counter, row, revision, audit and receipt: all, or nothing. */
  Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt);

  /** The model of this id in this workspace. */
  Optional<Model> find(String workspace, String id);

  /** Models in the order of their folded names. */
  Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page);

  /** How {@link #create} ended. */
  enum Created {
    CREATED,
    NAME_TAKEN,
    CREDENTIAL_GONE,
    CREDENTIAL_NOT_VALID,
    /** The idempotency key is known already. */
    REPEATED
  }

  /**
   * Which models are wanted; null means all.
   *
   * @param search the beginning of the name, in any case
   */
  record Filter(
      @Nullable String credentialId, @Nullable Warehouse warehouse, @Nullable String search) {}
}
