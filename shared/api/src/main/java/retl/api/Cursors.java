package retl.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import retl.core.Keys;
import retl.core.Problem;
import retl.core.Refused;

/**
 * Cursors that only we can make and read: sealed with AES-GCM together with the workspace, route
 * and filter that they are good for, and the time until which they are.
 */
public final class Cursors {
  private static final Duration GOOD_FOR = Duration.ofDays(1);
  private static final String PURPOSE = "cursor";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final Keys keys;
  private final Clock clock;

  public Cursors(Keys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  String seal(String position, String workspace, String scope) {
    byte[] nonce = new byte[NONCE];
    new SecureRandom().nextBytes(nonce);
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    ByteBuffer plain = ByteBuffer.allocate(Long.BYTES + text.length);
    plain.putLong(clock.instant().plus(GOOD_FOR).getEpochSecond()).put(text);
    try {
      SecretKey key = keys.key(PURPOSE, "AES");
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce, workspace, scope).doFinal(plain.array());
      ByteBuffer cursor = ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Sealing a cursor cannot fail.", e);
    }
  }

  String open(String cursor, String workspace, String scope) {
    byte[] sealed = decoded(cursor);
    return keys.valid(PURPOSE, "AES").stream()
        .flatMap(key -> opened(key, sealed, workspace, scope).stream())
        .findFirst()
        .orElseThrow(Cursors::invalid);
  }

  private static byte[] decoded(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      if (bytes.length > NONCE) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like one that is too short.
    }
    throw invalid();
  }

  private static Refused invalid() {
    return new Refused(new Problem.InvalidCursor());
  }

  // Empty when another key sealed it, or for something else, or when it is too old.
  private Optional<String> opened(SecretKey key, byte[] sealed, String workspace, String scope) {
    byte[] nonce = Arrays.copyOf(sealed, NONCE);
    try {
      ByteBuffer plain =
          ByteBuffer.wrap(
              cipher(Cipher.DECRYPT_MODE, key, nonce, workspace, scope)
                  .doFinal(sealed, NONCE, sealed.length - NONCE));
      return plain.getLong() < clock.instant().getEpochSecond()
          ? Optional.empty()
          : Optional.of(StandardCharsets.UTF_8.decode(plain).toString());
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(
      int mode, SecretKey key, byte[] nonce, String workspace, String scope)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((workspace + "\n" + scope).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
