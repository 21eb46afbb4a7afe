package retl.functions.service.provider;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The signatures that are taken, by their names in RFC 7518. Every provider has one of the two;
 * with no other one is there a key that could be taken for what it is not.
 */
enum Algorithm {
  /** RSA, PKCS #1 version 1.5, with SHA-256. */
  RS256("SHA256withRSA"),
  /** ECDSA on P-256 with SHA-256; the signature is r and s, one behind the other. */
  ES256("SHA256withECDSAinP1363Format");

  private final String platformName;

  Algorithm(String platformName) {
    this.platformName = platformName;
  }

  /** The algorithm of this name, spelled exactly so; empty for everything else. */
  static Optional<Algorithm> of(Object name) {
    return Stream.of(values()).filter(each -> each.name().equals(name)).findFirst();
  }

  /**
   * True when this is a signature of the text by the key's other half.
   *
   * @param key one of this algorithm
   */
  boolean verifies(PublicKey key, byte[] text, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(platformName);
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature of another length, or numbers out of range.
      return false;
    }
  }
}
