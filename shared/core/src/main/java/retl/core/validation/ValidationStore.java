package retl.core.validation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Settings;

/** Keeps validations for as long as they last. */
public interface ValidationStore {

  /**
   * Writes a new validation with its audit and receipt; false, and nothing written, for a known
   * idempotency key.
   */
  boolean create(Caller caller, Task task, Audit audit, @Nullable Receipt receipt);

  /** The validation of this id, unless it has expired. */
  Optional<Validation> find(String workspace, String id);

  /** The validations of saved credentials, the newest first. */
  Page<Validation> history(Caller caller, String credentialId, Page.Request page);

  /** The task of this id, unless it has expired; for the worker. */
  Optional<Task> findTask(String workspace, String id);

  /** Writes how far it is, unless it has already ended. */
  void update(String workspace, Validation validation);

  /**
   * What the worker needs to know.
   *
   * @param settings what to validate
   * @param secretVersion which version of the owner's secret belongs to the settings
   * @param sql the query whose tables are to be checked too; null for the credentials alone
   */
  record Task(Validation validation, Settings settings, int secretVersion, @Nullable String sql) {

    /** For the credentials alone. */
    public Task(Validation validation, Settings settings, int secretVersion) {
      this(validation, settings, secretVersion, null);
    }

    /**
     * The id under which the secret is kept: the credential's or, for unsaved settings, the
     * validation's own.
     */
    public String secretOwner() {
      String credentialId = validation.credentialId();
      return credentialId == null ? validation.id() : credentialId;
    }
  }
}
