package retl.functions.service.provider;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Refused;

/**
 * A key that an issuer publishes for its signatures.
 *
 * @param id what the headers of tokens call it, {@code kid}
 */
record PublishedKey(String id, Algorithm algorithm, PublicKey key) {
  private static final int LEAST_RSA_BITS = 2048;
  private static final int MOST_RSA_BITS = 8192;
  private static final int P256_BYTES = 32;

  /**
   * The keys of a JSON Web Key Set (RFC 7517) that can be used here; others are passed over, as the
   * RFC wants it.
   *
   * @throws IOException if it is no such set
   */
  static List<PublishedKey> readAll(String json) throws IOException {
    try {
      if (Json.parse(json) instanceof Map<?, ?> set && set.get("keys") instanceof List<?> keys) {
        return keys.stream().flatMap(key -> read(key).stream()).toList();
      }
      throw new IOException("It is no set of keys.");
    } catch (Refused e) {
      throw new IOException("It is no JSON.", e);
    }
  }

  private static Optional<PublishedKey> read(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> fields && fields.get("kid") instanceof String id)) {
      return Optional.empty();
    }
    try {
      Optional<PublishedKey> key =
          switch (fields.get("kty") instanceof String type ? type : "") {
            case "RSA" -> rsa(fields).map(rsa -> new PublishedKey(id, Algorithm.RS256, rsa));
            case "EC" -> ec(fields).map(ec -> new PublishedKey(id, Algorithm.ES256, ec));
            default -> Optional.empty();
          };
      return key.filter(each -> isFor(each.algorithm, fields));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isFor(Algorithm algorithm, Map<?, ?> fields) {
    return isAbsentOr(fields.get("use"), "sig")
        && isAbsentOr(fields.get("alg"), algorithm.name())
        && (fields.get("key_ops") == null
            || (fields.get("key_ops") instanceof List<?> uses && uses.contains("verify")));
  }

  private static boolean isAbsentOr(@Nullable Object value, String wanted) {
    return value == null || value.equals(wanted);
  }

  private static Optional<PublicKey> rsa(Map<?, ?> fields) throws GeneralSecurityException {
    BigInteger modulus = number(fields.get("n"));
    if (modulus.bitLength() < LEAST_RSA_BITS || modulus.bitLength() > MOST_RSA_BITS) {
      return Optional.empty();
    }
    return Optional.of(
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(modulus, number(fields.get("e")))));
  }

  private static Optional<PublicKey> ec(Map<?, ?> fields) throws GeneralSecurityException {
    if (!"P-256".equals(fields.get("crv"))) {
      return Optional.empty();
    }
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(coordinate(fields.get("x")), coordinate(fields.get("y")));
    return Optional.of(
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class))));
  }

  private static BigInteger coordinate(@Nullable Object value) {
    BigInteger number = number(value);
    if (number.bitLength() > P256_BYTES * Byte.SIZE) {
      throw new IllegalArgumentException("It is no coordinate of P-256.");
    }
    return number;
  }

  private static BigInteger number(@Nullable Object value) {
    if (value instanceof String text) {
      return new BigInteger(1, Jwt.decode(text));
    }
    throw new IllegalArgumentException("It is no number in base64url.");
  }
}
