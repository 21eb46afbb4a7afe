package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What another library signs is read here, and what is let in here that library lets in too. */
class SecondOpinionTest {
  static Stream<JWK> keys() throws JOSEException {
    return Stream.of(
        new RSAKeyGenerator(2048).keyID("key").generate(),
        new RSAKeyGenerator(3072).keyID("key").generate(),
        new ECKeyGenerator(Curve.P_256).keyID("key").generate(),
        new ECKeyGenerator(Curve.P_256).keyID("key").generate());
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECKey) key);
  }

  private static Algorithm algorithm(JWK key) {
    return key instanceof RSAKey ? Algorithm.RS256 : Algorithm.ES256;
  }

  private static String token(JWK key, String subject) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.parse(algorithm(key).name())).keyID("key").build(),
            new JWTClaimsSet.Builder().subject(subject).claim("n", 1.5).build());
    token.sign(signer(key));
    return token.serialize();
  }

  private static boolean isGood(PublishedKey key, String token) {
    return Jwt.parse(token)
        .filter(jwt -> Optional.of(key.algorithm().name()).equals(header(jwt)))
        .filter(jwt -> jwt.isSignedBy(key.key(), key.algorithm()))
        .isPresent();
  }

  private static Optional<Object> header(Jwt jwt) {
    return Optional.ofNullable(jwt.header("alg"));
  }

  private static boolean isGoodElsewhere(JWK key, String token) {
    try {
      return SignedJWT.parse(token).verify(verifier(key.toPublicJWK()));
    } catch (ParseException | JOSEException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void agrees(JWK key) throws JOSEException, IOException {
    List<PublishedKey> published = PublishedKey.readAll(new JWKSet(key).toString());
    assertThat(published).extracting(PublishedKey::algorithm).containsExactly(algorithm(key));
    PublishedKey ours = published.getFirst();
    Random random = new Random(7);
    int good = 0;

    for (int i = 0; i < 400; i++) {
      StringBuilder token = new StringBuilder(token(key, "subject " + i / 20));
      if (i % 2 == 1) {
        int at = random.nextInt(token.length());
        token.setCharAt(at, token.charAt(at) == 'A' ? 'B' : 'A');
      }
      boolean isGood = isGood(ours, token.toString());
      good += isGood ? 1 : 0;
      assertThat(isGood).as("%s", token).isEqualTo(i % 2 == 0);
      assertThat(!isGood || isGoodElsewhere(key, token.toString())).isTrue();
    }

    assertThat(good).isEqualTo(200);
  }
}
