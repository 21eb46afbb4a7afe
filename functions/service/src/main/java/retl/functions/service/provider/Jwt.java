package retl.functions.service.provider;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Refused;

/**
 * A JSON Web Token in its compact form (RFC 7515, section 7.1), taken apart. Anybody may have
 * written it: nothing that it says is to be believed before its signature is.
 */
final class Jwt {
  private static final Pattern SHAPE = Pattern.compile("([\\w-]+)\\.([\\w-]+)\\.([\\w-]+)");

  private final Map<?, ?> header;
  private final Map<?, ?> claims;
  private final byte[] signed;
  private final byte[] signature;

  private Jwt(Map<?, ?> header, Map<?, ?> claims, byte[] signed, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  /**
   * The token of this text, which must be three parts in base64url, as short as can be, the first
   * two of them JSON objects; empty for any other text.
   */
  static Optional<Jwt> parse(String text) {
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      return object(parts.group(1)) instanceof Map<?, ?> header
              && object(parts.group(2)) instanceof Map<?, ?> claims
          ? Optional.of(
              new Jwt(
                  header,
                  claims,
                  text.substring(0, parts.end(2)).getBytes(StandardCharsets.US_ASCII),
                  decode(parts.group(3))))
          : Optional.empty();
    } catch (IllegalArgumentException | Refused e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object object(String part) {
    return Json.parse(new String(decode(part), StandardCharsets.UTF_8));
  }

  /**
   * Reads base64url without padding.
   *
   * @throws IllegalArgumentException if it is none, or has bits set that stand for nothing: one
   *     text in two spellings would be two tokens to whoever keeps a list of them
   */
  static byte[] decode(String text) {
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException("It is spelled in another way than it would be written.");
    }
    return bytes;
  }

  /** A field of the header; null when it is not there. */
  @Nullable Object header(String name) {
    return header.get(name);
  }

  boolean hasHeader(String name) {
    return header.containsKey(name);
  }

  /** A claim; null when it is not there. */
  @Nullable Object claim(String name) {
    return claims.get(name);
  }

  boolean hasClaim(String name) {
    return claims.containsKey(name);
  }

  boolean isSignedBy(PublicKey key, Algorithm algorithm) {
    return algorithm.verifies(key, signed, signature);
  }
}
