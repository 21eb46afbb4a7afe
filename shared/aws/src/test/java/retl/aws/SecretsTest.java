package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class SecretsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final SecretStore.Key KEY = new SecretStore.Key("ws1", "crd_1", 1);
  private static final Secret SECRET = new Secret(Map.of("password", "s3cret-pässword"));

  private final SecretsManagerClient client = AWS.secretsManager();

  /** No other test has it. */
  private final String prefix = "retl-" + UUID.randomUUID();

  private final SecretsManagerSecrets secrets = new SecretsManagerSecrets(client, prefix, null);

  private List<String> names() {
    return AWS.secretNames().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  @Test
  void keepsSecretsUnderANameThatTellsWhoseTheyAre() {
    secrets.put(KEY, SECRET);

    assertThat(names()).containsExactly(prefix + "/ws1/crd_1/v1");
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
    assertThat(client.getSecretValue(get -> get.secretId(prefix + "/ws1/crd_1/v1")).secretString())
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
  void aSecretThatIsNoObjectOfTextsIsNotShown() {
    client.createSecret(
        create -> create.name(prefix + "/ws1/crd_1/v1").secretString("{\"password\":\"s3cret"));

    assertThatThrownBy(() -> secrets.get(KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  private SecretKeys keys(String secret) {
    return new SecretKeys(() -> client, secret, Clock.systemUTC());
  }

  @Test
  void derivesAKeyForEachPurposeFromOneSecret() {
    client.createSecret(create -> create.name(prefix + "/keys").secretString("root"));
    client.createSecret(create -> create.name(prefix + "/other-keys").secretString("other root"));
    SecretKeys keys = keys(prefix + "/keys");

    byte[] token = keys.key("token", "HmacSHA256").getEncoded();
    assertThat(token)
        .hasSize(32)
        .isEqualTo(keys(prefix + "/keys").key("token", "HmacSHA256").getEncoded())
        .isNotEqualTo(keys.key("cursor", "AES").getEncoded())
        .isNotEqualTo(keys(prefix + "/other-keys").key("token", "HmacSHA256").getEncoded());
    assertThat(keys.key("cursor", "AES").getAlgorithm()).isEqualTo("AES");
  }

  /** A deployment's tokens and cursors stay good only while the derivation stays the same. */
  @Test
  void derivesTheSameKeysForEver() {
    client.createSecret(create -> create.name(prefix + "/keys").secretString("root"));

    assertThat(
            java.util.HexFormat.of()
                .formatHex(keys(prefix + "/keys").key("token", "AES").getEncoded()))
        .isEqualTo("c8cc8d7f0c73ce92f43be049593984e534c7d6b3b77c153d2d21db9df04f3efc");
  }

  @Test
  void readsTheRootOnce() {
    client.createSecret(create -> create.name(prefix + "/keys").secretString("root"));
    SecretKeys keys = keys(prefix + "/keys");
    keys.key("token", "AES");
    client.deleteSecret(
        delete -> delete.secretId(prefix + "/keys").forceDeleteWithoutRecovery(true));

    assertThat(keys.key("cursor", "AES").getEncoded()).hasSize(32);
    assertThatThrownBy(() -> keys(prefix + "/keys").key("token", "AES"))
        .isInstanceOf(SecretsManagerException.class);
  }
}
