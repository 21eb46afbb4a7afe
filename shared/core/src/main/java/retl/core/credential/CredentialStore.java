package retl.core.credential;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.warehouse.Warehouse;

/** Keeps the rows of credentials. Readers see a credential only after {@link #activate}. */
public interface CredentialStore {

  /** Takes the name and writes the row as pending: both, or nothing. */
  Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once);

  /** Makes a pending row visible, with its audit and receipt, in one transaction. */
  void activate(Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt);

  /** Takes a pending row back, and frees its name and its idempotency key. */
  void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once);

  /** The active credential of this id in this workspace. */
  Optional<Credential> find(String workspace, String id);

  /** Active credentials in the order of their folded names. */
  Page<Credential> list(Caller caller, Filter filter, Page.Request page);

  /**
   * Notes how a validation of this credential ended, unless the credential is gone or its secret
   * has another version by now.
   */
  void recordValidation(
      String workspace,
      String id,
      int secretVersion,
      Credential.Status status,
      Credential.LastValidation last);

  /** How {@link #begin} ended. */
  enum Begun {
    BEGUN,
    NAME_TAKEN,
    /** The idempotency key is known already. */
    REPEATED
  }

  /**
   * Which credentials are wanted; null means all.
   *
   * @param search the beginning of the name, in any case
   */
  record Filter(
      @Nullable Warehouse warehouse, Credential.@Nullable Status status, @Nullable String search) {}
}
