package retl.core.credential;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Opens private keys: one PKCS#8 PEM block, encrypted or not, with an RSA key of 2048 to 8192 bits.
 * What it costs to open one is bounded, whatever the text asks for.
 */
public final class PrivateKeyPem {
  /** In characters. */
  public static final int MAX_LENGTH = 16 * 1024;

  /** Above what the common tools use; a million rounds take about a second. */
  private static final int MAX_ITERATIONS = 1_000_000;

  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 8192;

  // No nested quantifier: a hostile text is read once. A line break may be missing, as after
  // pasting.
  private static final Pattern BLOCK =
      Pattern.compile(
          "\\s*-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)"
              + "-----END (ENCRYPTED )?PRIVATE KEY-----\\s*");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private PrivateKeyPem() {}

  /** Says why a key cannot be used; the reason names neither key nor passphrase. */
  public static final class Unusable extends Exception {
    private final boolean passphrase;
    private final String reason;

    private Unusable(boolean passphrase, String reason) {
      super(reason, null, false, false);
      this.passphrase = passphrase;
      this.reason = reason;
    }

    /** What is wrong, for a person. */
    public String reason() {
      return reason;
    }

    /** True when the passphrase is what is wrong, as far as can be told. */
    public boolean isAboutPassphrase() {
      return passphrase;
    }
  }

  /**
   * Opens a key.
   *
   * @param passphrase needed for an encrypted key, and not looked at for another
   */
  public static RSAPrivateKey read(String pem, @Nullable String passphrase) throws Unusable {
    Matcher block = BLOCK.matcher(pem);
    if (pem.length() > MAX_LENGTH
        || !block.matches()
        || (block.group(1) == null) != (block.group(3) == null)) {
      throw unusable("Give one PKCS#8 block, from -----BEGIN PRIVATE KEY----- to its END line.");
    }
    byte[] der = decoded(block.group(2));
    if (block.group(1) == null) {
      return rsa(new PKCS8EncodedKeySpec(der));
    }
    if (passphrase == null) {
      throw new Unusable(true, "The private key is encrypted: it needs its passphrase.");
    }
    return rsa(decrypted(der, passphrase));
  }

  private static byte[] decoded(String base64) throws Unusable {
    try {
      return Base64.getDecoder().decode(BLANKS.matcher(base64).replaceAll(""));
    } catch (IllegalArgumentException e) {
      throw unusable("What stands between the BEGIN and the END line is not base64.");
    }
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] der, String passphrase) throws Unusable {
    EncryptedPrivateKeyInfo encrypted;
    AlgorithmParameters parameters;
    try {
      encrypted = new EncryptedPrivateKeyInfo(der);
      parameters = encrypted.getAlgParameters();
      if (parameters == null
          || parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount()
              > MAX_ITERATIONS) {
        throw unusable("The private key is encrypted in a way that is not supported.");
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("The private key is encrypted in a way that is not supported.");
    }
    char[] characters = passphrase.toCharArray();
    try {
      // Of PBES2 the parameters' own text names the algorithm, as the JDK documents in its tests.
      String algorithm =
          encrypted.getAlgName().startsWith("PBEWith")
              ? encrypted.getAlgName()
              : parameters.toString();
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(characters)),
          parameters);
      return encrypted.getKeySpec(cipher);
    } catch (GeneralSecurityException e) {
      throw new Unusable(true, "The private key does not open with this passphrase.");
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static RSAPrivateKey rsa(PKCS8EncodedKeySpec spec) throws Unusable {
    try {
      if (KeyFactory.getInstance("RSA").generatePrivate(spec) instanceof RSAPrivateCrtKey key
          && key.getPrimeP().multiply(key.getPrimeQ()).equals(key.getModulus())
          && key.getModulus().bitLength() >= MIN_BITS
          && key.getModulus().bitLength() <= MAX_BITS) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw unusable("This is no RSA key in PKCS#8 form.");
    }
    throw unusable("The key must be a whole RSA key of 2048 to 8192 bits.");
  }

  private static Unusable unusable(String message) {
    return new Unusable(false, message);
  }
}
