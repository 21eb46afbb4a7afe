package retl.functions.service.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import retl.api.json.Json;

/**
 * Tokens that nobody signed, and keys that nobody has, for a rehearsal: they are as good as real
 * ones up to the signature, which is none.
 */
final class NobodysTokens {
  /**
   * A key for each algorithm, as issuers publish them, called like it: 2 to the power of 2048 less
   * 1, and the generator of P-256 (NIST SP 800-186). Anybody could sign by them, so whoever judges
   * by them must believe nothing.
   */
  static final String KEYS =
      """
      {"keys": [
        {"kid": "RS256", "kty": "RSA", "n": "%s_w", "e": "AQAB"},
        {"kid": "ES256", "kty": "EC", "crv": "P-256",
         "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
         "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}
      """
          .formatted("_".repeat(340));

  private NobodysTokens() {}

  /** A token of this algorithm that would be for whoever has these settings, at this time. */
  static String token(Algorithm algorithm, ProviderSettings settings, Instant now) {
    String header =
        Json.text(
            json -> {
              json.writeStartObject();
              json.writeStringField("alg", algorithm.name());
              json.writeStringField("kid", algorithm.name());
              json.writeEndObject();
            });
    String claims =
        Json.text(
            json -> {
              json.writeStartObject();
              json.writeStringField("iss", settings.issuer().toString());
              json.writeStringField("aud", settings.audience());
              json.writeStringField("sub", "nobody");
              json.writeNumberField("exp", now.plusSeconds(60).getEpochSecond());
              json.writeEndObject();
            });
    byte[] signature =
        new byte
            [switch (algorithm) {
              case RS256 -> 256;
              case ES256 -> 64;
            }];
    // A signature of nothing but zeros is refused before there is anything to reckon.
    Arrays.fill(signature, (byte) 1);
    return base64(header.getBytes(UTF_8))
        + "."
        + base64(claims.getBytes(UTF_8))
        + "."
        + base64(signature);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
