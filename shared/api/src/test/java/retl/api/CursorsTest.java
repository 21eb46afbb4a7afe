package retl.api;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Problem;
import retl.core.TestClock;

class CursorsTest {
  private static final String SCOPE = "GET /models?all";

  private final TestClock clock = new TestClock();
  private final Cursors cursors = new Cursors(new TestKeys("key"), clock);

  private void assertRefused(Cursors cursors, String cursor, String workspace, String scope) {
    assertThat(problemOf(() -> cursors.open(cursor, workspace, scope)))
        .isEqualTo(new Problem.InvalidCursor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NAME#MODEL#orders", "é😀\u0000", "a\nb"})
  void givesBackThePosition(String position) {
    String cursor = cursors.seal(position, "ws1", SCOPE);

    assertThat(cursor).matches("[A-Za-z0-9_-]+");
    assertThat(cursors.open(cursor, "ws1", SCOPE)).isEqualTo(position);
  }

  @Test
  void showsNothingOfThePositionAndIsNeverTheSame() {
    String cursor = cursors.seal("NAME#MODEL#orders", "ws1", SCOPE);

    assertThat(
            new String(
                Base64.getUrlDecoder().decode(cursor),
                java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("orders", "MODEL");
    assertThat(cursors.seal("NAME#MODEL#orders", "ws1", SCOPE)).isNotEqualTo(cursor);
  }

  @Test
  void isGoodOnlyWhereItWasMade() {
    String cursor = cursors.seal("a", "ws1", SCOPE);

    assertRefused(cursors, cursor, "ws2", SCOPE);
    assertRefused(cursors, cursor, "ws1", "GET /models?other");
    assertRefused(cursors, cursor, "ws1", "GET /credentials?all");
    assertRefused(cursors, cursor, "ws1\nGET /models?", "all");
    assertRefused(new Cursors(new TestKeys("other"), clock), cursor, "ws1", SCOPE);
  }

  @Test
  void isGoodForADay() {
    String cursor = cursors.seal("a", "ws1", SCOPE);

    clock.advance(Duration.ofDays(1));
    assertThat(cursors.open(cursor, "ws1", SCOPE)).isEqualTo("a");
    clock.advance(Duration.ofSeconds(1));
    assertRefused(cursors, cursor, "ws1", SCOPE);
  }

  @Test
  void everyByteCounts() {
    byte[] sealed = Base64.getUrlDecoder().decode(cursors.seal("NAME#MODEL#orders", "ws1", SCOPE));
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertRefused(cursors, Base64.getUrlEncoder().encodeToString(changed), "ws1", SCOPE);
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(sealed, length);
      assertRefused(cursors, Base64.getUrlEncoder().encodeToString(cut), "ws1", SCOPE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "garbage!", "=", "AAAA", "é", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void refusesWhatIsNoCursor(String text) {
    assertRefused(cursors, text, "ws1", SCOPE);
  }
}
