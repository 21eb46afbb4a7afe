package retl.core.token;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a token: {@code rmt_<id>_<secret>_<checksum>}. The checksum lets scanners for leaked
 * secrets, and us, tell a token from other text without a look-up.
 *
 * @param id names the token; no secret
 * @param secret 32 random bytes as 43 characters of base 62
 */
public record Token(String id, String secret) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern SHAPE =
      Pattern.compile("rmt_([0-9a-z]{26})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})");

  /** A new token with this id, {@link retl.core.Ids} without its type. */
  public static Token random(String id, SecureRandom random) {
    StringBuilder secret = new StringBuilder(SECRET_LENGTH);
    // 43 characters of 62 carry 256.03 bits, a little more than 32 bytes.
    for (int i = 0; i < SECRET_LENGTH; i++) {
      secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new Token(id, secret.toString());
  }

  /** The token that this text is; empty for any text that is none, without saying why. */
  public static Optional<Token> parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Token token = new Token(matcher.group(1), matcher.group(2));
    return token.checksum().equals(matcher.group(3)) ? Optional.of(token) : Optional.empty();
  }

  /** The text to give to its owner; it is shown once. */
  public String reveal() {
    return body() + "_" + checksum();
  }

  private String body() {
    return "rmt_" + id + "_" + secret;
  }

  private String checksum() {
    CRC32 crc = new CRC32();
    crc.update(body().getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < CHECKSUM_LENGTH; i++) {
      text.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest /= ALPHABET.length();
    }
    return text.reverse().toString();
  }

  @Override
  public String toString() {
    return "Token[" + id + "]";
  }
}
