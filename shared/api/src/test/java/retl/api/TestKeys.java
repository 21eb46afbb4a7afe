package retl.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import retl.core.Keys;

/** Keys made from one word. */
record TestKeys(String word) implements Keys {
  @Override
  public SecretKey key(String purpose, String algorithm) {
    byte[] bytes = (word + purpose).getBytes(StandardCharsets.UTF_8);
    return new SecretKeySpec(Arrays.copyOf(bytes, 32), algorithm);
  }
}
