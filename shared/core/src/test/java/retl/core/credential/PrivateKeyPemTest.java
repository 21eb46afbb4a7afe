package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyPemTest {
  private static final KeyPair PAIR = pair("RSA", 2048);

  @Test
  void opensAPlainKey() throws Exception {
    assertThat(PrivateKeyPem.read(pem(PAIR), null)).isEqualTo(PAIR.getPrivate());
    assertThat(PrivateKeyPem.read(pem(PAIR), "not looked at")).isEqualTo(PAIR.getPrivate());
    assertThat(PrivateKeyPem.read(pem(PAIR).replace("\n", "\r\n") + "\r\n", null))
        .isEqualTo(PAIR.getPrivate());
  }

  @ParameterizedTest
  @CsvSource({
    "PBEWithHmacSHA256AndAES_256, 2048",
    "PBEWithHmacSHA512AndAES_128, 600000",
    "PBEWithSHA1AndDESede, 2048"
  })
  void opensAnEncryptedKeyWithItsPassphraseAlone(String algorithm, int iterations)
      throws Exception {
    String pem = encrypted(algorithm, "pass phrase", iterations);

    assertThat(PrivateKeyPem.read(pem, "pass phrase")).isEqualTo(PAIR.getPrivate());
    assertPassphraseRefused(pem, "other");
    assertPassphraseRefused(pem, "");
    assertPassphraseRefused(pem, null);
  }

  @Test
  void doesNotSpendMoreThanAMillionRounds() throws Exception {
    String pem = encrypted("PBEWithHmacSHA256AndAES_256", "p", 1_000_001);

    assertThatThrownBy(() -> PrivateKeyPem.read(pem, "p"))
        .isInstanceOf(PrivateKeyPem.Unusable.class)
        .hasMessageContaining("not supported");
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024", "EC, 256"})
  void refusesOtherKeys(String algorithm, int bits) {
    assertRefused(pem(pair(algorithm, bits)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/proc/self/environ",
        "file:///etc/passwd",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n====\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIL/////\n-----END PRIVATE KEY-----"
      })
  void refusesWhatIsNoKey(String text) {
    assertThatThrownBy(() -> PrivateKeyPem.read(text, "p"))
        .isInstanceOf(PrivateKeyPem.Unusable.class);
  }

  @Test
  void refusesTwoKeysAndLongTexts() {
    assertRefused(pem(PAIR) + pem(PAIR));
    assertRefused(pem(PAIR) + "\n".repeat(PrivateKeyPem.MAX_LENGTH));
  }

  private static void assertRefused(String pem) {
    assertThatThrownBy(() -> PrivateKeyPem.read(pem, null))
        .isInstanceOfSatisfying(
            PrivateKeyPem.Unusable.class, e -> assertThat(e.isAboutPassphrase()).isFalse());
  }

  private static void assertPassphraseRefused(String pem, @Nullable String passphrase) {
    assertThatThrownBy(() -> PrivateKeyPem.read(pem, passphrase))
        .isInstanceOfSatisfying(
            PrivateKeyPem.Unusable.class, e -> assertThat(e.isAboutPassphrase()).isTrue());
  }

  private static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(KeyPair pair) {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static String encrypted(String algorithm, String passphrase, int iterations)
      throws Exception {
    Cipher cipher = Cipher.getInstance(algorithm);
    boolean isOld = algorithm.contains("DESede");
    byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
    cipher.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(passphrase.toCharArray())),
        isOld
            ? new PBEParameterSpec(salt, iterations)
            : new PBEParameterSpec(salt, iterations, new IvParameterSpec(new byte[16])));
    byte[] body = cipher.doFinal(PAIR.getPrivate().getEncoded());
    AlgorithmParameters parameters = AlgorithmParameters.getInstance(isOld ? algorithm : "PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    return pem("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, body).getEncoded());
  }

  private static String pem(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }
}
