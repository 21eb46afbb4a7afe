package retl.core.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenFuzzTest {
  @Test
  void noHeaderButThatOfAGoodTokenSpeaksForAnybody() {
    TokenFuzz fuzz = TokenFuzz.inMemory(8, 10_000);

    assertThat(fuzz.faults()).isEmpty();
    assertThat(fuzz.answers()).containsExactly("Optional.empty");
    assertThat(fuzz.asked()).isEqualTo(10_000);
  }

  /** The control: whoever looks no further than the checksum lets some of them in. */
  @Test
  void aChecksumAloneWouldLetSomeIn() {
    TokenFuzz fuzz =
        new TokenFuzz(
            8, List.of(TokenFuzz.nobodys().reveal()), List.of(TokenFuzz.nobodys().reveal()));

    fuzz.run(
        1_000, header -> "known: " + Token.parse(header.replaceFirst("^Bearer ", "")).isPresent());

    assertThat(fuzz.answers()).containsExactly("known: false", "known: true");
  }

  /** The control: a header that cannot be answered is told. */
  @Test
  void aFaultIsTold() {
    TokenFuzz fuzz =
        new TokenFuzz(
            8, List.of(TokenFuzz.nobodys().reveal()), List.of(TokenFuzz.nobodys().reveal()));

    fuzz.run(100, header -> header.substring(0, 60));

    assertThat(fuzz.faults()).isNotEmpty();
  }
}
