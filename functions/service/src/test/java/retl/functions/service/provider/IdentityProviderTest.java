package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static retl.functions.service.provider.SigningKey.base64;
import static retl.functions.service.provider.SigningKey.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.Role;
import retl.core.TestClock;

class IdentityProviderTest {
  private static final String ISSUER = "https://login.example.com/tenant";
  private static final long NOW = TestClock.START.getEpochSecond();
  private static final SigningKey RSA = SigningKey.rsa("rsa", 2048);
  private static final SigningKey EC = SigningKey.ec("ec");
  private static final SigningKey STRANGER = SigningKey.rsa("rsa", 2048);
  private static final Identity ANNA =
      new Identity("wsp_1", "jwt_ba3d38053b5c9198dcbef99c879ac8f7", Role.EDITOR);

  private static final Map<String, String> ROLES =
      Map.of("readers", "viewer", "writers", "editor", "owners", "admin");

  private final List<Exception> faults = new ArrayList<>();
  private int lookups;

  private Optional<Identity> authenticate(String token) {
    return authenticate(token, Map.of());
  }

  private Optional<Identity> authenticate(String token, Map<String, String> workspaces) {
    Map<String, Role> roles = new LinkedHashMap<>();
    ROLES.forEach((value, role) -> roles.put(value, Role.of(role).orElseThrow()));
    ProviderSettings settings =
        new ProviderSettings(
            URI.create(ISSUER), "retl", "https://retl/workspace", workspaces, "groups", roles);
    TestClock clock = new TestClock();
    IssuerKeys keys =
        new IssuerKeys(
            () -> {
              lookups++;
              return published();
            },
            clock);
    return new IdentityProvider(settings, keys, id -> Set.of("wsp_1", "wsp_2").contains(id), clock)
        .authenticate(token, faults::add);
  }

  private static List<PublishedKey> published() {
    try {
      return PublishedKey.readAll(IssuerServer.keySet(RSA, EC));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("aud", "retl");
    claims.put("sub", "anna");
    claims.put("iat", NOW - 10);
    claims.put("exp", NOW + 300);
    claims.put("https://retl/workspace", "wsp_1");
    claims.put("groups", List.of("everybody", "writers"));
    return claims;
  }

  private static Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = claims();
    claims.put(name, value);
    return claims;
  }

  private static Map<String, Object> without(String name) {
    Map<String, Object> claims = claims();
    claims.remove(name);
    return claims;
  }

  private static String header(String algorithm, String more) {
    return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + algorithm(algorithm) + "\"" + more + "}";
  }

  private static String algorithm(String algorithm) {
    return algorithm.equals("ES256") ? "ec" : "rsa";
  }

  private static String good() {
    return RSA.sign(claims());
  }

  static Stream<Arguments> goodOnes() {
    return Stream.of(
        arguments("RS256", good()),
        arguments("ES256", EC.sign(claims())),
        arguments("no type", RSA.sign(header("RS256", ""), json(claims()))),
        arguments(
            "an access token", RSA.sign(header("RS256", ",\"typ\":\"at+JWT\""), json(claims()))),
        arguments("several audiences", RSA.sign(claims("aud", List.of("other", "retl")))),
        arguments("a clock a little behind", RSA.sign(claims("iat", NOW + 59))),
        arguments("just expired", RSA.sign(claims("exp", NOW - 58))),
        arguments("soon valid", RSA.sign(claims("nbf", NOW + 59))),
        arguments("no iat", RSA.sign(without("iat"))),
        arguments("fractions of seconds", RSA.sign(claims("exp", NOW + 30.5))),
        arguments("a role as a text", RSA.sign(claims("groups", "writers"))),
        arguments(
            "the higher of two roles", RSA.sign(claims("groups", List.of("writers", "readers")))),
        arguments(
            "a list of one workspace",
            RSA.sign(claims("https://retl/workspace", List.of("wsp_1")))),
        // Whoever looks where a header points, or takes what it brings, is lost.
        arguments(
            "keys of a header, not looked at",
            RSA.sign(
                header(
                    "RS256",
                    ",\"jku\":\"https://evil.example\",\"x5u\":\"https://evil.example\",\"jwk\":"
                        + json(STRANGER.published(Map.of()))),
                json(claims()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodOnes")
  void lets(String what, String token) {
    assertThat(authenticate(token)).contains(ANNA);
  }

  static Stream<Arguments> signatures() {
    String[] parts = good().split("\\.", -1);
    String signed = parts[0] + "." + parts[1] + ".";
    String ecSigned = base64(header("ES256", "")) + "." + parts[1] + ".";
    String[] ecParts = EC.sign(claims()).split("\\.", -1);
    return Stream.of(
        arguments("alg none", base64(header("none", "")) + "." + parts[1] + "."),
        arguments(
            "alg None, with a signature",
            base64(header("None", "")) + "." + parts[1] + "." + parts[2]),
        arguments("HS256 with the public key", hmac(RSA.pair().getPublic().getEncoded())),
        arguments(
            "HS256 with the published key",
            hmac(json(RSA.published(Map.of())).getBytes(StandardCharsets.UTF_8))),
        arguments("an algorithm that is not ours", RSA.sign(header("RS512", ""), json(claims()))),
        arguments("PS256", RSA.sign(header("PS256", ""), json(claims()))),
        arguments(
            "an algorithm as a list",
            RSA.sign("{\"alg\":[\"RS256\"],\"kid\":\"rsa\"}", json(claims()))),
        arguments("no algorithm", RSA.sign("{\"kid\":\"rsa\"}", json(claims()))),
        arguments(
            "the algorithm of another key",
            RSA.sign("{\"alg\":\"ES256\",\"kid\":\"rsa\"}", json(claims()))),
        arguments(
            "the key of another algorithm",
            EC.sign("{\"alg\":\"ES256\",\"kid\":\"rsa\"}", json(claims()))),
        arguments("a stranger's key of the same id", STRANGER.sign(claims())),
        arguments(
            "a stranger's key in the header",
            STRANGER.sign(
                header("RS256", ",\"jwk\":" + json(STRANGER.published(Map.of()))), json(claims()))),
        arguments("no signature", signed),
        arguments("a signature in another spelling", signed + respelled(parts[2])),
        arguments("a shorter signature", signed + parts[2].substring(0, parts[2].length() - 4)),
        arguments("a longer signature", signed + parts[2] + "AAAA"),
        arguments(
            "another's signature", signed + RSA.sign(claims("sub", "ben")).split("\\.", -1)[2]),
        arguments(
            "other claims", parts[0] + "." + base64(json(claims("sub", "ben"))) + "." + parts[2]),
        arguments("a signature of zeros", ecSigned + base64(new byte[64])),
        arguments(
            "a signature in DER", ecParts[0] + "." + ecParts[1] + "." + base64(der(ecParts[2]))),
        arguments("r and s of the group's order", ecSigned + base64(orders())));
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        arguments("no kid", RSA.sign("{\"alg\":\"RS256\"}", json(claims()))),
        arguments(
            "an unknown kid", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"new\"}", json(claims()))),
        arguments(
            "a kid with a path",
            RSA.sign("{\"alg\":\"RS256\",\"kid\":\"../../keys/rsa\"}", json(claims()))),
        arguments(
            "a kid with a query",
            RSA.sign("{\"alg\":\"RS256\",\"kid\":\"rsa' OR 1=1\"}", json(claims()))),
        arguments(
            "a kid that is a number", RSA.sign("{\"alg\":\"RS256\",\"kid\":1}", json(claims()))),
        arguments(
            "a long kid",
            RSA.sign("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(257) + "\"}", json(claims()))),
        arguments(
            "crit", RSA.sign(header("RS256", ",\"crit\":[\"exp\"],\"exp\":1"), json(claims()))),
        arguments(
            "crit of what is known",
            RSA.sign(header("RS256", ",\"crit\":[\"b64\"],\"b64\":true"), json(claims()))),
        arguments(
            "no base64",
            RSA.sign(header("RS256", ",\"b64\":false,\"crit\":[\"b64\"]"), json(claims()))),
        arguments("a token in a token", RSA.sign(header("RS256", ",\"cty\":\"JWT\""), good())),
        arguments(
            "a nested type alone", RSA.sign(header("RS256", ",\"cty\":\"JWT\""), json(claims()))),
        arguments(
            "a logout token", RSA.sign(header("RS256", ",\"typ\":\"logout+jwt\""), json(claims()))),
        arguments(
            "duplicate fields",
            RSA.sign("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa\"}", json(claims()))),
        arguments("a header that is a list", RSA.sign("[\"RS256\"]", json(claims()))),
        arguments(
            "a deep header",
            RSA.sign(
                header("RS256", ",\"a\":" + "[".repeat(2000) + "]".repeat(2000)), json(claims()))));
  }

  static Stream<Arguments> bodies() {
    String text = json(claims());
    return Stream.of(
        arguments("another issuer", RSA.sign(claims("iss", "https://login.example.com/other"))),
        arguments("an issuer with a slash more", RSA.sign(claims("iss", ISSUER + "/"))),
        arguments("no issuer", RSA.sign(without("iss"))),
        arguments("an issuer as a list", RSA.sign(claims("iss", List.of(ISSUER)))),
        arguments("another audience", RSA.sign(claims("aud", "retl2"))),
        arguments("no audience", RSA.sign(without("aud"))),
        arguments("an audience as an object", RSA.sign(claims("aud", Map.of("retl", "retl")))),
        arguments("an audience as a number", RSA.sign(claims("aud", 5))),
        arguments("audiences that are lists", RSA.sign(claims("aud", List.of(List.of("retl"))))),
        arguments("expired", RSA.sign(claims("exp", NOW - 60))),
        arguments("no end", RSA.sign(without("exp"))),
        arguments("an end as a text", RSA.sign(claims("exp", Long.toString(NOW + 300)))),
        arguments(
            "no number for an end",
            RSA.sign(header("RS256", ""), text.replace(NOW + 300 + "", "NaN"))),
        arguments("not yet valid", RSA.sign(claims("nbf", NOW + 62))),
        arguments("a beginning as a text", RSA.sign(claims("nbf", "0"))),
        arguments("from the future", RSA.sign(claims("iat", NOW + 62))),
        arguments("no subject", RSA.sign(without("sub"))),
        arguments("a blank subject", RSA.sign(claims("sub", " "))),
        arguments("a subject as a list", RSA.sign(claims("sub", List.of("anna")))),
        arguments("a long subject", RSA.sign(claims("sub", "s".repeat(256)))),
        arguments(
            "duplicate claims",
            RSA.sign(header("RS256", ""), text.replace("{\"iss\"", "{\"sub\":\"ben\",\"iss\""))),
        arguments("claims that are a list", RSA.sign(header("RS256", ""), "[" + text + "]")),
        arguments("claims that are a text", RSA.sign(header("RS256", ""), "\"claims\"")),
        arguments("text behind the claims", RSA.sign(header("RS256", ""), text + "{}")),
        arguments("deep claims", RSA.sign(claims("a", deep(600)))),
        arguments("a huge token", RSA.sign(claims("a", "a".repeat(10_000)))));
  }

  static Stream<Arguments> mappings() {
    return Stream.of(
        arguments("no workspace", RSA.sign(without("https://retl/workspace"))),
        arguments("an unknown workspace", RSA.sign(claims("https://retl/workspace", "wsp_3"))),
        arguments(
            "two workspaces",
            RSA.sign(claims("https://retl/workspace", List.of("wsp_1", "wsp_2")))),
        arguments("a workspace with a #", RSA.sign(claims("https://retl/workspace", "wsp_1#"))),
        arguments(
            "a workspace with a line break", RSA.sign(claims("https://retl/workspace", "wsp_1\n"))),
        arguments(
            "a workspace with a quote",
            RSA.sign(claims("https://retl/workspace", "wsp_1\",\"id\":\""))),
        arguments(
            "a workspace of other letters",
            RSA.sign(claims("https://retl/workspace", "wsp_\u0661"))),
        arguments("an empty workspace", RSA.sign(claims("https://retl/workspace", ""))),
        arguments(
            "a workspace as an object",
            RSA.sign(claims("https://retl/workspace", Map.of("id", "wsp_1")))),
        arguments("no role", RSA.sign(without("groups"))),
        arguments("an unknown role", RSA.sign(claims("groups", "superusers"))),
        arguments("our own word for a role", RSA.sign(claims("groups", "admin"))),
        arguments("a role in other letters", RSA.sign(claims("groups", "Writers"))),
        arguments("a role as a number", RSA.sign(claims("groups", 2))),
        arguments("roles in an object", RSA.sign(claims("groups", Map.of("writers", true)))),
        arguments(
            "roles in a list in a list", RSA.sign(claims("groups", List.of(List.of("writers"))))));
  }

  static Stream<Arguments> shapes() {
    String[] parts = good().split("\\.", -1);
    return Stream.of(
        arguments("nothing", ""),
        arguments("a word", "none"),
        arguments("dots", ".."),
        arguments("two parts", parts[0] + "." + parts[1]),
        arguments("four parts", good() + "." + parts[2]),
        arguments("an encrypted token", String.join(".", parts[0], "AA", "AA", "AA", "AA")),
        arguments("padding", good() + "="),
        arguments("a blank inside", good().replaceFirst("\\.", ". ")),
        arguments("what is no base64 inside", parts[0] + "." + parts[1] + ".!" + parts[2]),
        arguments(
            "a token of ours", "rmt_01m887n350fxy9w530wryx5ph2_" + "a".repeat(43) + "_000000"));
  }

  /** Each differs in one thing from a token that is let in just before. */
  @ParameterizedTest(name = "{0}")
  @MethodSource({"signatures", "headers", "bodies", "mappings", "shapes"})
  void refuses(String what, String token) {
    assertThat(authenticate(good())).contains(ANNA);

    assertThat(authenticate(token)).isEmpty();
    assertThat(faults).isEmpty();
  }

  /** What cannot be good needs no keys. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void asksForNoKeysWhenTheClaimsAreBad(String what, String token) {
    authenticate(token);

    assertThat(lookups).isZero();
  }

  @Test
  void mapsValuesToWorkspaces() {
    Map<String, String> workspaces =
        Map.of("marketing", "wsp_1", "mkt-legacy", "wsp_1", "sales", "wsp_2");

    assertThat(authenticate(inWorkspace("marketing"), workspaces)).contains(ANNA);
    assertThat(authenticate(inWorkspace("all", "mkt-legacy", "marketing"), workspaces))
        .contains(ANNA);
    assertThat(authenticate(inWorkspace("marketing", "sales"), workspaces)).isEmpty();
    // An id that the operator did not write down is no value.
    assertThat(authenticate(inWorkspace("wsp_1"), workspaces)).isEmpty();
  }

  private static String inWorkspace(String... values) {
    return RSA.sign(claims("https://retl/workspace", List.of(values)));
  }

  @Test
  void tellsPeopleApartByIssuerAndSubjectAlone() {
    Identity same = authenticate(RSA.sign(claims("groups", "owners"))).orElseThrow();
    Identity other = authenticate(RSA.sign(claims("sub", "ben"))).orElseThrow();

    assertThat(same).isEqualTo(new Identity("wsp_1", ANNA.actor(), Role.ADMIN));
    assertThat(other.actor()).isNotEqualTo(ANNA.actor()).matches("jwt_[0-9a-f]{32}");
  }

  /** Ten thousand tokens, each a good one with a few characters changed, from a seed. */
  @Test
  void aTokenWithOtherCharactersIsNobodys() {
    Random random = new Random(8);
    List<String> good = List.of(good(), EC.sign(claims()));
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (int i = 0; i < 10_000; i++) {
      StringBuilder token = new StringBuilder(good.get(i % 2));
      for (int n = random.nextInt(3); n >= 0; n--) {
        int at = random.nextInt(token.length());
        token.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
      }
      boolean isSame = token.toString().equals(good.get(i % 2));
      assertThat(authenticate(token.toString()).isPresent()).as(token.toString()).isEqualTo(isSame);
    }
  }

  private static String hmac(byte[] secret) {
    String signed = base64(header("HS256", "")) + "." + base64(json(claims()));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // Four bits of the last character of 342 stand for nothing.
  private static String respelled(String signature) {
    int last = signature.length() - 1;
    char other = signature.charAt(last) == 'A' ? 'B' : (char) (signature.charAt(last) + 1);
    return signature.substring(0, last) + other;
  }

  private static byte[] der(String signature) {
    byte[] raw = Base64.getUrlDecoder().decode(signature);
    byte[] r = new BigInteger(1, Arrays.copyOf(raw, 32)).toByteArray();
    byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).toByteArray();
    ByteBuffer der = ByteBuffer.allocate(r.length + s.length + 6);
    der.put((byte) 0x30).put((byte) (r.length + s.length + 4));
    der.put((byte) 2).put((byte) r.length).put(r);
    der.put((byte) 2).put((byte) s.length).put(s);
    return der.array();
  }

  private static byte[] orders() {
    byte[] order = ((ECPublicKey) EC.pair().getPublic()).getParams().getOrder().toByteArray();
    byte[] both = new byte[64];
    System.arraycopy(order, 1, both, 0, 32);
    System.arraycopy(order, 1, both, 32, 32);
    return both;
  }

  private static Object deep(int depth) {
    UnaryOperator<Object> deeper = List::of;
    Object value = 1;
    for (int i = 0; i < depth; i++) {
      value = deeper.apply(value);
    }
    return value;
  }
}
