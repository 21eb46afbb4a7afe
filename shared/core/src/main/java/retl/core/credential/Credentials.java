package retl.core.credential;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.FaultLog;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;

/** Saving credentials, changing and removing them, and reading them back. */
public final class Credentials {
  /** How often a change without a precondition is planned anew when others change the row. */
  private static final int TRIES = 5;

  private static final int NAMED_MODELS = 10;

  private final CredentialStore store;
  private final SecretStore secrets;
  private final Unfinished.Store unfinished;
  private final ModelUses models;
  private final ValidationStarter validations;
  private final FaultLog faults;
  private final Ids ids;
  private final Clock clock;

  public Credentials(
      CredentialStore store,
      SecretStore secrets,
      Unfinished.Store unfinished,
      ModelUses models,
      ValidationStarter validations,
      FaultLog faults,
      Ids ids,
      Clock clock) {
    this.store = store;
    this.secrets = secrets;
    this.unfinished = unfinished;
    this.models = models;
    this.validations = validations;
    this.faults = faults;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Saves credentials and starts their first validation, unless that is not wanted.
   *
   * <p>Row and secret live in two services. The row is written first, pending and unseen, with a
   * note that its secret is loose; then the secret; then the row becomes active and the note is
   * crossed out. Whatever stops on the way leaves the note, by which {@link Sweeper} takes both
   * back.
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
    if (!store.activate(caller, credential, audit, receipts.receiptOf(credential))) {
      // The sweeper was faster than we were; it may have looked for the secret before it was
      // written.
      SecretStore.Key key = keyOf(caller.workspace(), credential);
      unfinished.note(new Unfinished.LooseSecret(key), now());
      throw new IllegalStateException("The credentials were taken back before they were complete.");
    }
    if (!wanted.skipValidation()) {
      startValidation(caller, credential);
    }
    return credential;
  }

  // What was saved is saved: the credentials stay unvalidated, which everybody sees, until somebody
  // asks again or the schedule comes round.
  private void startValidation(Caller caller, Credential credential) {
    try {
      validations.start(caller, credential);
    } catch (RuntimeException fault) {
      faults.note(caller, credential.id(), fault);
    }
  }

  private Credential first(Caller caller, NewCredential wanted) {
    Instant now = now();
    return new Credential(
        ids.next("crd"),
        wanted.name().text(),
        wanted.settings(),
        wanted.secret().fields(),
        1,
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

  /**
   * Changes credentials, and starts a validation unless nothing but the name changed. A new secret
   * is written beside the old one before the row changes, so whoever reads the row finds the secret
   * that belongs to it; the old one is loose from then on.
   *
   * @param patch makes the change out of the credentials as they stand; asked again when they were
   *     changed meanwhile
   */
  public Updated update(
      Caller caller, String id, IfMatch ifMatch, Function<Credential, CredentialPatch> patch) {
    caller.require(Role.ADMIN);
    NewSecret newSecret = new NewSecret(caller, id);
    try {
      return update(caller, id, ifMatch, patch, newSecret);
    } catch (RuntimeException e) {
      newSecret.noteAgain();
      throw e;
    }
  }

  private Updated update(
      Caller caller,
      String id,
      IfMatch ifMatch,
      Function<Credential, CredentialPatch> patch,
      NewSecret newSecret) {
    for (int i = 0; i < TRIES; i++) {
      Credential before = get(caller, id);
      ifMatch.check(before.version());
      CredentialPatch change = patch.apply(before);
      List<String> fields = change.changes(before);
      if (fields.isEmpty()) {
        return new Updated(before, 0);
      }
      newSecret.write(change.secret());
      Plan plan = plan(caller, before, change, fields, newSecret.version);
      switch (write(caller, plan)) {
        case WRITTEN -> {
          return written(caller, plan);
        }
        case NAME_TAKEN -> throw new Refused(new Problem.NameTaken("credential", change.name()));
        case SECRET_GONE -> throw new Refused(new Problem.VersionConflict());
        case VERSION_CONFLICT -> {}
      }
    }
    throw new Refused(new Problem.VersionConflict());
  }

  /** The secret of a change, written once however often the change is planned. */
  private final class NewSecret {
    private final Caller caller;
    private final String id;
    private int version;

    NewSecret(Caller caller, String id) {
      this.caller = caller;
      this.id = id;
    }

    void write(@Nullable Secret secret) {
      if (secret != null && version == 0) {
        version = store.takeSecretVersion(caller, id, now()).orElseThrow(Credentials::notFound);
        secrets.put(key(), secret);
      }
    }

    // A sweeper that was faster than we were may have looked for the secret before it was written.
    void noteAgain() {
      if (version != 0) {
        unfinished.note(new Unfinished.LooseSecret(key()), now());
      }
    }

    private SecretStore.Key key() {
      return new SecretStore.Key(caller.workspace(), id, version);
    }
  }

  private Plan plan(
      Caller caller,
      Credential before,
      CredentialPatch change,
      List<String> fields,
      int secretVersion) {
    Secret secret = change.secret();
    boolean isRenamed = fields.equals(List.of("name"));
    boolean moves = change.movesQueries(before);
    Credential after =
        new Credential(
            before.id(),
            change.name(),
            change.settings(),
            secret == null ? before.secretFields() : secret.fields(),
            secret == null ? before.secretVersion() : secretVersion,
            before.targetVersion() + (moves ? 1 : 0),
            isRenamed ? before.status() : Credential.Status.UNVALIDATED,
            isRenamed ? before.lastValidation() : null,
            before.createdAt(),
            before.createdBy(),
            now(),
            caller.actor(),
            before.version() + 1);
    Unfinished.StaleModels stale =
        moves
            ? new Unfinished.StaleModels(caller.workspace(), after.id(), after.targetVersion())
            : null;
    return new Plan(before, after, fields, stale, !isRenamed);
  }

  private CredentialStore.Written write(Caller caller, Plan plan) {
    Instant at = plan.after.updatedAt();
    Audit audit = Audit.of(caller, ids, at, "credential.updated", plan.after.id(), plan.fields);
    return store.update(
        caller, new CredentialStore.Change(plan.before, plan.after, plan.stale), audit);
  }

  private Updated written(Caller caller, Plan plan) {
    int unverified = 0;
    if (plan.stale != null) {
      unverified = models.unverify(caller.workspace(), plan.after.id(), plan.after.targetVersion());
      unfinished.done(plan.stale);
    }
    if (plan.validates) {
      startValidation(caller, plan.after);
    }
    return new Updated(plan.after, unverified);
  }

  /**
   * Removes credentials that no model uses. Their name is free at once; {@link Sweeper} retires the
   * secret.
   */
  public void delete(Caller caller, String id, IfMatch ifMatch) {
    caller.require(Role.ADMIN);
    for (int i = 0; i < TRIES; i++) {
      Credential credential = get(caller, id);
      ifMatch.check(credential.version());
      Audit audit = Audit.of(caller, ids, now(), "credential.deleted", id, List.of());
      switch (store.delete(caller, credential, audit)) {
        case DELETED -> {
          return;
        }
        case IN_USE -> throw inUse(caller, id);
        case VERSION_CONFLICT -> {}
      }
    }
    throw new Refused(new Problem.VersionConflict());
  }

  private Refused inUse(Caller caller, String id) {
    return new Refused(
        new Problem.CredentialInUse(models.of(caller.workspace(), id, NAMED_MODELS)));
  }

  /** The credentials of this id, or {@link Problem.NotFound}. */
  public Credential get(Caller caller, String id) {
    return store.find(caller.workspace(), id).orElseThrow(Credentials::notFound);
  }

  private static Refused notFound() {
    return new Refused(new Problem.NotFound("credential"));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Credentials in the order of their names. */
  public Page<Credential> list(Caller caller, CredentialStore.Filter filter, Page.Request page) {
    return store.list(caller, filter, page);
  }

  /** Where the secret of these credentials is kept. */
  public static SecretStore.Key keyOf(String workspace, Credential credential) {
    return new SecretStore.Key(workspace, credential.id(), credential.secretVersion());
  }

  /**
   * Credentials after a change.
   *
   * @param unverifiedModels how many models that use them have to be previewed again
   */
  public record Updated(Credential credential, int unverifiedModels) {}

  /** A change that is about to be written, with the names of its fields and what it entails. */
  private record Plan(
      Credential before,
      Credential after,
      List<String> fields,
      Unfinished.@Nullable StaleModels stale,
      boolean validates) {}

  /** Starts a validation of saved credentials; the validation package does. */
  @FunctionalInterface
  public interface ValidationStarter {
    void start(Caller caller, Credential credential);
  }
}
