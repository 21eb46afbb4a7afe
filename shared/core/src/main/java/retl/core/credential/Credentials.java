package retl.core.credential;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;

/** Saving credentials and reading them back. */
public final class Credentials {
  private final CredentialStore store;
  private final SecretStore secrets;
  private final ValidationStarter validations;
  private final Ids ids;
  private final Clock clock;

  public Credentials(
      CredentialStore store,
      SecretStore secrets,
      ValidationStarter validations,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.secrets = secrets;
    this.validations = validations;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Saves credentials and starts their first validation, unless that is not wanted.
   *
   * <p>Row and secret live in two services. The row is written first, pending and unseen; then the
   * secret; then the row becomes active. Whatever stops on the way leaves a pending row, which says
   * where a secret may have been left.
   */
  public Credential create(
      Caller caller, NewCredential wanted, Receipt.Writer<Credential> receipts) {
    caller.require(Role.ADMIN);
    Credential credential = first(caller, wanted);
    Receipt.Once once = receipts.once();
    switch (store.begin(caller, credential, once)) {
      case BEGUN -> {}
      case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("credential", credential.name()));
      case REPEATED -> throw new Refused(new Problem.RequestInProgress());
    }
    putSecret(caller, credential, wanted.secret(), once);
    Audit audit =
        Audit.of(
            caller,
            ids,
            credential.createdAt(),
            "credential.created",
            credential.id(),
            List.of("name", "warehouse", "settings", "secret"));
    store.activate(caller, credential, audit, receipts.receiptOf(credential));
    if (!wanted.skipValidation()) {
      validations.start(caller, credential);
    }
    return credential;
  }

  private Credential first(Caller caller, NewCredential wanted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Credential(
        ids.next("crd"),
        wanted.name().text(),
        wanted.settings(),
        wanted.secret().fields(),
        1,
        Credential.Status.UNVALIDATED,
        null,
        now,
        caller.actor(),
        now,
        caller.actor(),
        1);
  }

  private void putSecret(
      Caller caller, Credential credential, Secret secret, Receipt.@Nullable Once once) {
    try {
      secrets.put(keyOf(caller.workspace(), credential), secret);
    } catch (RuntimeException e) {
      // The name must not stay taken by credentials that nobody will ever see.
      store.abandon(caller, credential, once);
      throw e;
    }
  }

  /** The credentials of this id, or {@link Problem.NotFound}. */
  public Credential get(Caller caller, String id) {
    return store
        .find(caller.workspace(), id)
        .orElseThrow(() -> new Refused(new Problem.NotFound("credential")));
  }

  /** Credentials in the order of their names. */
  public Page<Credential> list(Caller caller, CredentialStore.Filter filter, Page.Request page) {
    return store.list(caller, filter, page);
  }

  /** Where the secret of these credentials is kept. */
  public static SecretStore.Key keyOf(String workspace, Credential credential) {
    return new SecretStore.Key(workspace, credential.id(), credential.secretVersion());
  }

  /** Starts a validation of saved credentials; the validation package does. */
  @FunctionalInterface
  public interface ValidationStarter {
    void start(Caller caller, Credential credential);
  }
}
