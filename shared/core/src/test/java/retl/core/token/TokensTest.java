package retl.core.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.Ids;
import retl.core.Keys;
import retl.core.Role;
import retl.core.TestClock;

class TokensTest {
  private final TokensInMemory store = new TokensInMemory();
  private final TestClock clock = new TestClock();
  private final Tokens tokens = tokens("key");

  private Tokens tokens(String key) {
    Keys keys =
        (purpose, algorithm) ->
            new SecretKeySpec((key + purpose).getBytes(StandardCharsets.UTF_8), algorithm);
    return new Tokens(store, keys, Ids.timeOrdered(), clock);
  }

  private Optional<Grant> authenticate(Token token) {
    return tokens.authenticate("Bearer " + token.reveal());
  }

  @Test
  void recognisesWhatItIssued() {
    Token token = tokens.issue("ws1", Role.EDITOR, null);

    assertThat(authenticate(token))
        .hasValueSatisfying(
            grant -> {
              assertThat(grant.workspace()).isEqualTo("ws1");
              assertThat(grant.role()).isEqualTo(Role.EDITOR);
              assertThat(grant.tokenId()).isEqualTo(token.id());
            });
  }

  @Test
  void keepsNothingOfTheSecretButAKeyedHash() {
    Token token = tokens.issue("ws1", Role.ADMIN, null);
    TokenStore.Kept grant = store.kept.get(token.id());

    assertThat(store.kept.toString()).doesNotContain(token.secret());
    assertThat(tokens("other key").authenticate("Bearer " + token.reveal())).isEmpty();
    assertThat(grant).extracting(TokenStore.Kept::hash).asString().matches("[0-9a-f]{64}");
  }

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource({
    "'Bearer ', true",
    "'bearer ', true",
    "'BEARER ', true",
    "'Bearer   ', true",
    "Bearer, false",
    "'Basic ', false",
    "'Token ', false",
    "'', false",
    "' Bearer ', false",
  })
  void takesTheSchemeInAnyCaseAndNoOther(String scheme, boolean good) {
    Token token = tokens.issue("ws1", Role.ADMIN, null);

    assertThat(tokens.authenticate(scheme + token.reveal()).isPresent()).isEqualTo(good);
    assertThat(tokens.authenticate(scheme)).isEmpty();
  }

  @Test
  void doesNotKnowATokenThatWasRevokedOrNeverIssued() {
    Token token = tokens.issue("ws1", Role.ADMIN, null);
    store.kept.clear();

    assertThat(authenticate(token)).isEmpty();
  }

  @Test
  void takesATokenUntilItExpires() {
    Token token = tokens.issue("ws1", Role.ADMIN, TestClock.START.plus(Duration.ofSeconds(1)));

    assertThat(authenticate(token)).isPresent();
    clock.advance(Duration.ofSeconds(1).minusNanos(1));
    assertThat(authenticate(token)).isPresent();
    clock.advance(Duration.ofNanos(1));
    assertThat(authenticate(token)).isEmpty();
  }

  @Test
  void takesNoOtherSecretUnderTheSameId() {
    Token token = tokens.issue("ws1", Role.ADMIN, null);
    String secret = token.secret();
    char first = secret.charAt(0) == 'a' ? 'b' : 'a';
    char last = secret.charAt(42) == 'a' ? 'b' : 'a';

    assertThat(authenticate(new Token(token.id(), first + secret.substring(1)))).isEmpty();
    assertThat(authenticate(new Token(token.id(), secret.substring(0, 42) + last))).isEmpty();
    assertThat(authenticate(new Token(token.id(), secret))).isPresent();
  }
}
