package retl.functions.service.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key of an issuer. It signs by the platform's own means, not by those of the library that is
 * tried here.
 */
public record SigningKey(String id, String algorithm, KeyPair pair) {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** A new key of this size, for RS256. */
  public static SigningKey rsa(String id, int bits) {
    return made(id, "RS256", "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  /** A new key for ES256. */
  public static SigningKey ec(String id) {
    return made(id, "ES256", "EC", new ECGenParameterSpec("secp256r1"));
  }

  private static SigningKey made(
      String id, String algorithm, String type, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(parameters);
      return new SigningKey(id, algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key as issuers publish it; {@code more} are further fields, or other ones. */
  public Map<String, Object> published(Map<String, String> more) {
    Map<String, Object> fields = new TreeMap<>(Map.of("kid", id, "use", "sig", "alg", algorithm));
    switch (pair.getPublic()) {
      case RSAPublicKey rsa -> {
        fields.put("kty", "RSA");
        fields.put("n", number(rsa.getModulus(), rsa.getModulus().bitLength() / 8));
        fields.put("e", number(rsa.getPublicExponent(), 3));
      }
      case ECPublicKey ec -> {
        fields.put("kty", "EC");
        fields.put("crv", "P-256");
        fields.put("x", number(ec.getW().getAffineX(), 32));
        fields.put("y", number(ec.getW().getAffineY(), 32));
      }
      default -> throw new IllegalStateException();
    }
    fields.putAll(more);
    return fields;
  }

  private static String number(BigInteger number, int bytes) {
    byte[] raw = number.toByteArray();
    byte[] padded = new byte[bytes];
    int length = Math.min(raw.length, bytes);
    System.arraycopy(raw, raw.length - length, padded, bytes - length, length);
    return base64(padded);
  }

  /** A token with this header and these claims, which need not be JSON. */
  public String sign(String header, String claims) {
    String signed = base64(header) + "." + base64(claims);
    return signed + "." + base64(signature(signed));
  }

  /** A token of this key with these claims. */
  public String sign(Map<String, ?> claims) {
    return sign(json(Map.of("alg", algorithm, "kid", id, "typ", "JWT")), json(claims));
  }

  private byte[] signature(String text) {
    try {
      Signature signature =
          Signature.getInstance(
              algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      signature.initSign(pair.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  static String base64(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  static String json(Object value) {
    try {
      return JSON.std.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
