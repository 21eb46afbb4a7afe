package retl.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;
import retl.core.Keys;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The deployment's keys, derived by HKDF (RFC 5869) from one secret that the stack generates. It is read when a key is
 * first needed, so that no snapshot of a function holds it.
 */
public final class SecretKeys implements Keys {
  private static final int BYTES = 32;

  private final SecretsManagerClient client;
  private final String secretId;
  private final AtomicReference<byte @Nullable []> root = new AtomicReference<>();

  public SecretKeys(SecretsManagerClient client, String secretId) {
    this.client = client;
    this.secretId = secretId;
  }

  @Override
  public SecretKey key(String purpose, String algorithm) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              algorithm,
              HKDFParameterSpec.ofExtract()
                  .addIKM(root())
                  .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform since 25 has HKDF-SHA256.", e);
    }
  }

  private byte[] root() {
    byte[] known = root.get();
    if (known != null) {
      return known;
    }
    byte[] read =
        client
            .getSecretValue(get -> get.secretId(secretId))
            .secretString()
            .getBytes(StandardCharsets.UTF_8);
    root.set(read);
    return read;
  }
}
