package retl.core.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  private static final String ID = "0123456789abcdefghjkmnpqrs";

  private static String token() {
    return Token.random(ID, new SecureRandom()).reveal();
  }

  @Test
  void readsItsOwnText() {
    Token token = Token.random(ID, new SecureRandom());

    assertThat(token.reveal()).matches("rmt_" + ID + "_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}");
    assertThat(Token.parse(token.reveal())).contains(token);
  }

  /** Also the proof that the checksum is looked at: nearly all of these keep the shape. */
  @Test
  void takesNoTextInWhichOneCharacterIsAnother() {
    String good = token();
    for (int i = 0; i < good.length(); i++) {
      char other = good.charAt(i) == 'a' ? 'b' : 'a';
      String bad = good.substring(0, i) + other + good.substring(i + 1);

      assertThat(Token.parse(bad)).as(bad).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rmt", "rmt___", "RMT_", "Bearer rmt_", "\u0000"})
  void takesNoOtherText(String text) {
    String good = token();

    assertThat(Token.parse(text)).isEmpty();
    assertThat(Token.parse(text + good).isPresent()).isEqualTo(text.isEmpty());
    assertThat(Token.parse(good + " ")).isEmpty();
    assertThat(Token.parse(good + "\n")).isEmpty();
  }

  @Test
  void isNeverTheSameTwice() {
    Set<String> tokens = Collections.synchronizedSet(new HashSet<>());
    for (int i = 0; i < 1000; i++) {
      assertThat(tokens.add(token())).isTrue();
    }
  }

  @Test
  void doesNotShowItsSecret() {
    Token token = Token.random(ID, new SecureRandom());

    assertThat(token.toString()).contains(ID).doesNotContain(token.secret());
  }
}
