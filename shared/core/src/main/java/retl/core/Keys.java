package retl.core;

import javax.crypto.SecretKey;

/**
 * The deployment's own keys, each for one purpose, so that what one of them made means nothing to
 * another.
 */
@FunctionalInterface
public interface Keys {

  /**
   * The 256 bit key for a purpose; the same for every instance of the deployment.
   *
   * @param algorithm what the key is to be used with, such as {@code AES}
   */
  SecretKey key(String purpose, String algorithm);
}
