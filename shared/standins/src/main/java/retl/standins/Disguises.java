package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The forms in which a secret may stand in a text: as it is, and as URLs, base64, hex and JSON
 * write it.
 */
public final class Disguises {
  private Disguises() {}

  /** All of them. */
  public static List<String> of(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    return List.of(
        secret,
        URLEncoder.encode(secret, UTF_8),
        URLEncoder.encode(secret, UTF_8).replace("+", "%20"),
        base64(bytes, 0),
        base64(bytes, 1),
        base64(bytes, 2),
        HexFormat.of().formatHex(bytes),
        HexFormat.of().withUpperCase().formatHex(bytes),
        secret.replace("\\", "\\\\").replace("\"", "\\\""),
        secret
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("/", "\\/")
            .replace("é", "\\u00e9"));
  }

  // Inside a longer text a secret begins at any of three places of a group; its first and last
  // characters mix with
  // their neighbours.
  private static String base64(byte[] secret, int shift) {
    byte[] shifted = new byte[secret.length + shift];
    System.arraycopy(secret, 0, shifted, shift, secret.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    return text.substring(shift == 0 ? 0 : 4, text.length() - 2);
  }
}
