package retl.core;

import java.util.List;
import javax.crypto.SecretKey;

/**
 * The deployment's own keys, each for one purpose, so that what one of them made means nothing to
 * another. They can be rotated: for a while what the key before made is good as well.
 */
@FunctionalInterface
public interface Keys {

  /**
   * The 256 bit key to make new things with; every instance of the deployment knows it.
   *
   * @param algorithm what the key is to be used with, such as {@code AES}
   */
  SecretKey key(String purpose, String algorithm);

  /**
   * Every key whose things are still good, the newest first: one or two. Only the newest may be
   * kept for long.
   */
  default List<SecretKey> valid(String purpose, String algorithm) {
    return List.of(key(purpose, algorithm));
  }
}
