package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retl.core.Callers.ADMIN;
import static retl.core.Callers.EDITOR;
import static retl.core.Callers.STRANGER;
import static retl.core.Callers.VIEWER;
import static retl.core.Refusals.problemOf;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.IfMatch;
import retl.core.ModelUse;
import retl.core.Name;
import retl.core.NotedFaults;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;

class CredentialsTest {
  private static final Settings MOVED =
      new PostgresSettings(
          "db.example.com", 5432, "other", "report", "verify-full", "_rudderstack");

  private final CredentialsInMemory store = new CredentialsInMemory();
  private final SecretsInMemory secrets = new SecretsInMemory();
  private final NotesInMemory notes = new NotesInMemory();
  private final Uses uses = new Uses();
  private final List<String> validated = new ArrayList<>();
  private final NotedFaults faults = new NotedFaults();
  private boolean cannotValidate;
  private int number;
  private final Credentials credentials =
      new Credentials(
          store,
          secrets,
          notes,
          uses,
          this::validate,
          faults,
          type -> type + "_" + ++number,
          new TestClock());

  private static NewCredential wanted(String name, boolean skipValidation) {
    return new NewCredential(
        new Name(name), Samples.POSTGRES, new Secret(Map.of("password", "pw")), skipValidation);
  }

  private void validate(Caller caller, Credential credential) {
    if (cannotValidate) {
      throw new IllegalStateException("told to fail");
    }
    validated.add(caller.workspace() + "/" + credential.id());
  }

  private Credential create(Caller caller, String name) {
    return credentials.create(caller, wanted(name, false), Receipt.Writer.none());
  }

  @Test
  void savesRowAndSecretAndStartsAValidation() {
    Credential made = create(ADMIN, "Shop");

    assertThat(made)
        .isEqualTo(Samples.credential("crd_1", "Shop"))
        .isEqualTo(credentials.get(VIEWER, "crd_1"));
    assertThat(secrets.kept)
        .isEqualTo(
            Map.of(new SecretStore.Key("ws1", "crd_1", 1), new Secret(Map.of("password", "pw"))));
    assertThat(store.pending).isEmpty();
    assertThat(validated).containsExactly("ws1/crd_1");
    assertThat(store.audits)
        .containsExactly(
            new Audit(
                "aud_2",
                TestClock.START.truncatedTo(ChronoUnit.MILLIS),
                "tok_admin",
                "credential.created",
                "crd_1",
                List.of("name", "warehouse", "settings", "secret"),
                "req-1"));
  }

  @Test
  void validatesLaterWhenThatIsWanted() {
    credentials.create(ADMIN, wanted("Shop", true), Receipt.Writer.none());

    assertThat(validated).isEmpty();
    assertThat(store.active).hasSize(1);
  }

  @Test
  void whatWasSavedIsAnsweredAlsoWhenItsValidationDoesNotStart() {
    cannotValidate = true;

    Credential made = create(ADMIN, "Shop");
    Credential changed =
        credentials
            .update(
                ADMIN,
                made.id(),
                IfMatch.NONE,
                now -> new CredentialPatch(now.name(), MOVED, new Secret(Map.of("password", "p2"))))
            .credential();

    assertThat(faults.lines)
        .containsExactly("req-1 crd_1 told to fail", "req-1 crd_1 told to fail");
    assertThat(made.status()).isEqualTo(Credential.Status.UNVALIDATED);
    assertThat(changed.status()).isEqualTo(Credential.Status.UNVALIDATED);
    assertThat(credentials.get(VIEWER, made.id())).isEqualTo(changed);
  }

  @Test
  void takesNobodyButAdmins() {
    for (Caller caller : List.of(VIEWER, EDITOR)) {
      assertThat(problemOf(() -> create(caller, "Shop")))
          .isEqualTo(new Problem.Forbidden(Role.ADMIN));
    }
    assertThat(store.pending).isEmpty();
    assertThat(secrets.kept).isEmpty();
  }

  @Test
  void takesANameOncePerWorkspace() {
    create(ADMIN, "Shop");

    assertThat(problemOf(() -> create(ADMIN, "SHOP")))
        .isEqualTo(new Problem.NameTaken("credential", "SHOP"));
    assertThat(secrets.kept).hasSize(1);
    assertThat(validated).hasSize(1);
    assertThat(create(STRANGER, "Shop").name()).isEqualTo("Shop");
  }

  @Test
  void freesTheNameWhenTheSecretCannotBeKept() {
    secrets.fail();

    assertThatThrownBy(() -> create(ADMIN, "Shop")).hasMessageContaining("told to fail");
    assertThat(store.pending).isEmpty();
    assertThat(store.active).isEmpty();
    assertThat(store.audits).isEmpty();
    assertThat(validated).isEmpty();
    assertThat(store.begin(ADMIN, Samples.credential("crd_9", "shop"), null))
        .isEqualTo(CredentialStore.Begun.BEGUN);
  }

  @Test
  void leavesAReceiptAndRefusesTheSameRequestAgain() {
    Receipt.Writer<Credential> receipts = Receipts.writer(Credential::id);

    credentials.create(ADMIN, wanted("Shop", false), receipts);

    assertThat(store.receipts).extracting(Receipt::body).containsExactly("crd_1");
    assertThat(problemOf(() -> credentials.create(ADMIN, wanted("Shop", false), receipts)))
        .isEqualTo(new Problem.RequestInProgress());
    assertThat(store.active).hasSize(1);
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    String id = create(ADMIN, "Shop").id();

    assertThat(problemOf(() -> credentials.get(STRANGER, id)))
        .isEqualTo(new Problem.NotFound("credential"))
        .isEqualTo(problemOf(() -> credentials.get(ADMIN, "crd_none")));
  }

  private Credential saved(String name) {
    Credential credential = Samples.credential("crd_" + name, name);
    store.add("ws1", credential);
    return credential;
  }

  private Credentials.Updated change(
      String id, String name, Settings settings, @Nullable Secret secret) {
    return credentials.update(
        ADMIN, id, IfMatch.NONE, before -> new CredentialPatch(name, settings, secret));
  }

  @Test
  void aNewNameChangesNothingElse() {
    Credential before = saved("Shop");

    Credential after = change(before.id(), "Store", before.settings(), null).credential();

    assertThat(after.name()).isEqualTo("Store");
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(after.status()).isEqualTo(before.status());
    assertThat(validated).isEmpty();
    assertThat(uses.asked).isEmpty();
    assertThat(store.audits.getLast().fields()).containsExactly("name");
  }

  @Test
  void nothingIsWrittenWhenNothingChanges() {
    Credential before = saved("Shop");

    assertThat(change(before.id(), "Shop", before.settings(), null))
        .isEqualTo(new Credentials.Updated(before, 0));
    assertThat(store.changes).isEmpty();
    assertThat(store.audits).isEmpty();
  }

  @Test
  void otherSettingsAreValidatedAndMakeModelsUnverified() {
    Credential before = saved("Shop");

    Credentials.Updated updated = change(before.id(), "Shop", MOVED, null);

    assertThat(updated.unverifiedModels()).isEqualTo(3);
    assertThat(updated.credential().status()).isEqualTo(Credential.Status.UNVALIDATED);
    assertThat(validated).containsExactly("ws1/" + before.id());
    assertThat(store.changes.getFirst().stale()).isNotNull();
    assertThat(notes.kept).isEmpty();
  }

  @Test
  void aNewSecretStandsBesideTheOldOne() {
    Credential before = saved("Shop");
    Secret secret = new Secret(Map.of("password", "new"));

    Credential after = change(before.id(), "Shop", before.settings(), secret).credential();

    assertThat(after.secretVersion()).isEqualTo(2);
    assertThat(secrets.kept).containsEntry(new SecretStore.Key("ws1", before.id(), 2), secret);
    assertThat(uses.asked).isEmpty();
  }

  @Test
  void aChangeIsPlannedAnewWhenSomebodyWasFaster() {
    Credential before = saved("Shop");
    Secret secret = new Secret(Map.of("password", "new"));
    store.meanwhile.add(() -> change(before.id(), "Store", before.settings(), null));

    Credential after =
        credentials
            .update(
                ADMIN,
                before.id(),
                IfMatch.NONE,
                now -> new CredentialPatch(now.name(), now.settings(), secret))
            .credential();

    assertThat(after.name()).isEqualTo("Store");
    assertThat(after.version()).isEqualTo(before.version() + 2);
    assertThat(secrets.kept).hasSize(1);
  }

  @Test
  void aChangeWithAPreconditionIsNotPlannedAnew() {
    Credential before = saved("Shop");
    store.meanwhile.add(() -> change(before.id(), "Store", before.settings(), null));
    IfMatch asRead = new IfMatch(true, false, Set.of(before.version()));

    assertThat(
            problemOf(
                () ->
                    credentials.update(
                        ADMIN,
                        before.id(),
                        asRead,
                        now -> new CredentialPatch("Mine", now.settings(), null))))
        .isEqualTo(new Problem.VersionConflict());
    assertThat(store.changes).hasSize(1);
  }

  @Test
  void aSecretWhoseChangeIsRefusedIsNotedAsLoose() {
    saved("Shop");
    Credential before = saved("Store");
    Secret secret = new Secret(Map.of("password", "new"));

    assertThat(problemOf(() -> change(before.id(), "SHOP", before.settings(), secret)))
        .isEqualTo(new Problem.NameTaken("credential", "SHOP"));
    assertThat(notes.kept)
        .containsOnlyKeys(new Unfinished.LooseSecret(new SecretStore.Key("ws1", before.id(), 2)));
  }

  @Test
  void deletingFreesTheNameAndLeavesTheSecretToTheSweeper() {
    Credential before = saved("Shop");

    credentials.delete(ADMIN, before.id(), IfMatch.NONE);

    assertThat(problemOf(() -> credentials.get(ADMIN, before.id())))
        .isEqualTo(new Problem.NotFound("credential"));
    assertThat(store.audits.getLast().action()).isEqualTo("credential.deleted");
    assertThat(credentials.create(ADMIN, wanted("Shop", true), Receipt.Writer.none())).isNotNull();
  }

  @Test
  void whatModelsUseIsNotDeletedAndTheModelsAreNamed() {
    Credential before = saved("Shop");
    store.inUse = true;

    assertThat(problemOf(() -> credentials.delete(ADMIN, before.id(), IfMatch.NONE)))
        .isEqualTo(new Problem.CredentialInUse(List.of(new ModelUse("mdl_1", "Customers"))));
  }

  @Test
  void onlyAdminsChangeAndDelete() {
    Credential before = saved("Shop");

    assertThat(
            problemOf(
                () ->
                    credentials.update(
                        EDITOR,
                        before.id(),
                        IfMatch.NONE,
                        now -> new CredentialPatch("Mine", now.settings(), null))))
        .isEqualTo(problemOf(() -> credentials.delete(EDITOR, before.id(), IfMatch.NONE)))
        .isEqualTo(new Problem.Forbidden(Role.ADMIN));
  }

  /** Three models that nobody can see. */
  private static final class Uses implements ModelUses {
    final List<String> asked = new ArrayList<>();

    @Override
    public List<ModelUse> of(String workspace, String credentialId, int count) {
      return List.of(new ModelUse("mdl_1", "Customers"));
    }

    @Override
    public int unverify(String workspace, String credentialId, int targetVersion) {
      asked.add(credentialId);
      return 3;
    }

    @Override
    public void removeRevisions(String workspace, String modelId) {
      asked.add(modelId);
    }
  }
}
