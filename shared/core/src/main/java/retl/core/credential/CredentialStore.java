package retl.core.credential;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.warehouse.Warehouse;

/**
 * Keeps the rows of credentials. Readers see a credential only after {@link #activate}.
 *
 * <p>Whatever makes a secret loose, or is about to write one, notes it as {@link Unfinished} in the
 * same transaction.
 */
public interface CredentialStore extends SavedCredentials {

  /** Takes the name, writes the row as pending and notes its secret as loose: all, or nothing. */
  Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once);

  /**
   * Makes a pending row visible and its secret no longer loose, with its audit and receipt, in one
   * transaction.
   *
   * @return false, and nothing is written, when the row or the secret was given up meanwhile
   */
  boolean activate(Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt);

  /**
   * Takes a pending row back, and frees its name and its idempotency key. Its secret stays noted as
   * loose.
   */
  void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once);

  /**
   * Takes the next number for a secret of these credentials, which nobody else gets, and notes that
   * secret as loose; empty when the credentials are gone.
   */
  Optional<Integer> takeSecretVersion(Caller caller, String id, Instant now);

  /**
   * Writes a change with its name, notes and audit: all, or nothing. With it a new secret is no
   * longer loose, and the old one is.
   */
  Written update(Caller caller, Change change, Audit audit);

  /**
   * Removes credentials that no model uses and frees their name, unless they have another version
   * than these; their secret is loose from then on.
   */
  Deleted delete(Caller caller, Credential credential, Audit audit);

  /**
   * Makes sure that no row will ever lead to this secret: a pending row of it is removed, and no
   * change that waits for it can be written any more.
   *
   * @return false, and nothing is done, when it is not loose
   */
  boolean giveUp(Unfinished.LooseSecret secret);

  /** Active credentials in the order of their folded names. */
  Page<Credential> list(Caller caller, Filter filter, Page.Request page);

  /** What the schedule has found of these credentials; nothing when they are gone. */
  Watch watch(String workspace, String id);

  /**
   * Notes how a validation ended, unless the credentials are gone or have other settings or another
   * secret by now.
   *
   * @return the change of status, noted as untold; empty when the status stays
   */
  Optional<StatusChange> recordValidation(String workspace, Result result);

  /** How {@link #begin} ended. */
  enum Begun {
    BEGUN,
    NAME_TAKEN,
    /** The idempotency key is known already. */
    REPEATED
  }

  /** How {@link #update} ended. */
  enum Written {
    WRITTEN,
    VERSION_CONFLICT,
    NAME_TAKEN,
    /** The new secret was given up meanwhile. */
    SECRET_GONE
  }

  /** How {@link #delete} ended. */
  enum Deleted {
    DELETED,
    VERSION_CONFLICT,
    IN_USE
  }

  /**
   * Which credentials are wanted; null means all.
   *
   * @param search the beginning of the name, in any case
   */
  record Filter(
      @Nullable Warehouse warehouse, Credential.@Nullable Status status, @Nullable String search) {}

  /**
   * A change of credentials.
   *
   * @param before as they were read; nothing is written when they have another version by now
   * @param stale the models that the change leaves to be made unverified; null when there are none
   */
  record Change(Credential before, Credential after, Unfinished.@Nullable StaleModels stale) {

    /** True when a secret was written for the change; it is loose until the change is written. */
    public boolean hasNewSecret() {
      return before.secretVersion() != after.secretVersion();
    }
  }

  /**
   * How a validation ended.
   *
   * @param settings what was validated, with this version of the secret
   * @param next what that means for the status and for the schedule
   */
  record Result(
      String credentialId,
      Settings settings,
      int secretVersion,
      Credential.LastValidation last,
      Watch.Next next) {}
}
