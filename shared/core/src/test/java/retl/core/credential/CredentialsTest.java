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
import org.junit.jupiter.api.Test;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Receipts;
import retl.core.Role;
import retl.core.TestClock;

class CredentialsTest {
  private final CredentialsInMemory store = new CredentialsInMemory();
  private final SecretsInMemory secrets = new SecretsInMemory();
  private final List<String> validated = new ArrayList<>();
  private int number;
  private final Credentials credentials =
      new Credentials(
          store,
          secrets,
          (caller, credential) -> validated.add(caller.workspace() + "/" + credential.id()),
          type -> type + "_" + ++number,
          new TestClock());

  private static NewCredential wanted(String name, boolean skipValidation) {
    return new NewCredential(
        new Name(name), Samples.POSTGRES, new Secret(Map.of("password", "pw")), skipValidation);
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
}
