package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.standins.AwsStandIns;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class SecretsTest {
  private static final SecretStore.Key KEY = new SecretStore.Key("ws1", "crd_1", 1);
  private static final Secret SECRET = new Secret(Map.of("password", "s3cret-pässword"));

  private final Deque<Faults.Fault> faults = new ArrayDeque<>();
  private AwsStandIns standIns;
  private SecretsManagerClient client;
  private SecretsManagerSecrets secrets;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    standIns =
        AwsStandIns.start(
            0,
            new SecretsManagerStandIn(null, Clock.systemUTC(), operation -> nextFault()),
            new LambdaStandIn(name -> Optional.empty()));
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ENDPOINT_URL", standIns.endpoint().toString());
    client = new Clients(new Environment(environment)).secrets();
    secrets = new SecretsManagerSecrets(client, "retl", null);
  }

  @AfterEach
  void stop() {
    client.close();
    standIns.close();
  }

  private Faults.Fault nextFault() {
    return faults.isEmpty() ? Faults.Fault.NONE : faults.removeFirst();
  }

  private List<String> names() {
    return client.listSecrets().secretList().stream().map(SecretListEntry::name).toList();
  }

  @Test
  void keepsSecretsUnderANameThatTellsWhoseTheyAre() {
    secrets.put(KEY, SECRET);

    assertThat(names()).containsExactly("retl/ws1/crd_1/v1");
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
    assertThat(client.getSecretValue(get -> get.secretId("retl/ws1/crd_1/v1")).secretString())
        .isEqualTo("{\"password\":\"s3cret-pässword\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "\"\\/", "a\nb\r\tc", "\u0001\u001f\u007f", "é😀\u2028", "{\"a\":1}"})
  void keepsEveryCharacter(String value) {
    secrets.put(KEY, new Secret(Map.of("password", value, "token", value)));

    assertThat(secrets.get(KEY).values()).isEqualTo(Map.of("password", value, "token", value));
  }

  @Test
  void keepsALargeKey() {
    Secret large = new Secret(Map.of("privateKey", "k".repeat(16 * 1024)));
    secrets.put(KEY, large);

    assertThat(secrets.get(KEY)).isEqualTo(large);
  }

  @Test
  void puttingTheSameAgainChangesNothing() {
    secrets.put(KEY, SECRET);
    secrets.put(KEY, SECRET);

    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
    assertThat(names()).hasSize(1);
  }

  @Test
  void refusesAnotherSecretUnderTheSameNameWithoutShowingEither() {
    secrets.put(KEY, SECRET);

    assertThatThrownBy(() -> secrets.put(KEY, new Secret(Map.of("password", "s3cret-other"))))
        .isInstanceOf(ResourceExistsException.class)
        .hasMessageNotContaining("s3cret");
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
  }

  @Test
  void keepsVersionsAndWorkspacesApart() {
    SecretStore.Key next = new SecretStore.Key("ws1", "crd_1", 2);
    SecretStore.Key theirs = new SecretStore.Key("ws2", "crd_1", 1);
    secrets.put(KEY, SECRET);
    secrets.put(next, new Secret(Map.of("password", "next")));

    assertThat(secrets.get(next).required("password")).isEqualTo("next");
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
    assertThatThrownBy(() -> secrets.get(theirs)).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void deletingTwiceIsDeleting() {
    secrets.put(KEY, SECRET);

    secrets.deleteNow(KEY);
    secrets.deleteNow(KEY);

    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> secrets.get(KEY)).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void aLostAnswerIsNoConflict() {
    faults.add(Faults.Fault.ANSWER_LOST);
    secrets.put(KEY, SECRET);
    faults.add(Faults.Fault.ANSWER_LOST);
    secrets.deleteNow(new SecretStore.Key("ws1", "val_1", 1));

    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
  }

  @Test
  void triesAgainWhenItIsThrottledAndGivesUpAfterThreeTries() {
    faults.addAll(Collections.nCopies(2, Faults.Fault.THROTTLED));
    secrets.put(KEY, SECRET);
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);

    faults.addAll(Collections.nCopies(3, Faults.Fault.THROTTLED));
    assertThatThrownBy(() -> secrets.get(KEY)).isInstanceOf(SecretsManagerException.class);
    assertThat(faults).isEmpty();
  }

  @Test
  void aSecretThatIsNoObjectOfTextsIsNotShown() {
    client.createSecret(
        create -> create.name("retl/ws1/crd_1/v1").secretString("{\"password\":\"s3cret"));

    assertThatThrownBy(() -> secrets.get(KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  private SecretKeys keys(String secret) {
    return new SecretKeys(client, secret, Clock.systemUTC());
  }

  @Test
  void derivesAKeyForEachPurposeFromOneSecret() {
    client.createSecret(create -> create.name("retl/keys").secretString("root"));
    client.createSecret(create -> create.name("retl/other-keys").secretString("other root"));
    SecretKeys keys = keys("retl/keys");

    byte[] token = keys.key("token", "HmacSHA256").getEncoded();
    assertThat(token)
        .hasSize(32)
        .isEqualTo(keys("retl/keys").key("token", "HmacSHA256").getEncoded())
        .isNotEqualTo(keys.key("cursor", "AES").getEncoded())
        .isNotEqualTo(keys("retl/other-keys").key("token", "HmacSHA256").getEncoded());
    assertThat(keys.key("cursor", "AES").getAlgorithm()).isEqualTo("AES");
  }

  /** A deployment's tokens and cursors stay good only while the derivation stays the same. */
  @Test
  void derivesTheSameKeysForEver() {
    client.createSecret(create -> create.name("retl/keys").secretString("root"));

    assertThat(
            java.util.HexFormat.of().formatHex(keys("retl/keys").key("token", "AES").getEncoded()))
        .isEqualTo("c8cc8d7f0c73ce92f43be049593984e534c7d6b3b77c153d2d21db9df04f3efc");
  }

  @Test
  void readsTheRootOnce() {
    client.createSecret(create -> create.name("retl/keys").secretString("root"));
    SecretKeys keys = keys("retl/keys");
    keys.key("token", "AES");
    client.deleteSecret(delete -> delete.secretId("retl/keys").forceDeleteWithoutRecovery(true));

    assertThat(keys.key("cursor", "AES").getEncoded()).hasSize(32);
    assertThatThrownBy(() -> keys("retl/keys").key("token", "AES"))
        .isInstanceOf(SecretsManagerException.class);
  }
}
