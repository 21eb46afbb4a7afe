package retl.aws;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Secrets in Secrets Manager, one per version of credentials, under {@code
 * <stack>/<workspace>/<owner>/v<n>}.
 */
public final class SecretsManagerSecrets implements SecretStore {
  // The shortest window that Secrets Manager offers.
  private static final long RECOVERY_DAYS = 7;

  private final SecretsManagerClient client;
  private final String prefix;
  private final @Nullable String kmsKey;

  /**
   * Secrets of one deployment.
   *
   * @param prefix what all names begin with
   * @param kmsKey the key that encrypts them; null for the account's default key
   */
  public SecretsManagerSecrets(
      SecretsManagerClient client, String prefix, @Nullable String kmsKey) {
    this.client = client;
    this.prefix = prefix;
    this.kmsKey = kmsKey;
  }

  // The token is made from the name, so a repeat after a lost answer is the same request to Secrets
  // Manager.
  @Override
  public void put(Key key, Secret secret) {
    String name = name(key);
    UUID token = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    try {
      client.createSecret(
          create -> {
            create
                .name(name)
                .clientRequestToken(token.toString())
                .secretString(SecretText.write(secret.values()));
            if (kmsKey != null) {
              create.kmsKeyId(kmsKey);
            }
          });
    } catch (ResourceExistsException e) {
      if (!get(key).values().equals(secret.values())) {
        throw e;
      }
    }
  }

  @Override
  public Secret get(Key key) {
    String name = name(key);
    return new Secret(
        SecretText.read(client.getSecretValue(get -> get.secretId(name)).secretString()));
  }

  @Override
  public void retire(Key key) {
    String name = name(key);
    try {
      client.deleteSecret(delete -> delete.secretId(name).recoveryWindowInDays(RECOVERY_DAYS));
    } catch (ResourceNotFoundException e) {
      // It was never written.
      return;
    } catch (InvalidRequestException e) {
      if (client.describeSecret(describe -> describe.secretId(name)).deletedDate() == null) {
        throw e;
      }
    }
  }

  @Override
  public void deleteNow(Key key) {
    String name = name(key);
    try {
      client.deleteSecret(delete -> delete.secretId(name).forceDeleteWithoutRecovery(true));
    } catch (ResourceNotFoundException e) {
      // It is gone, which is what was wanted.
      return;
    }
  }

  private String name(Key key) {
    return prefix + "/" + key.path();
  }
}
