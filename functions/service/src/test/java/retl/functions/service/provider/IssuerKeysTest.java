package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.TestClock;

class IssuerKeysTest {
  private static final SigningKey OLD = SigningKey.ec("old");
  private static final SigningKey NEW = SigningKey.ec("new");
  private static final SigningKey RSA = SigningKey.rsa("rsa", 2048);
  private static final SigningKey WEAK = SigningKey.rsa("weak", 1024);

  private final TestClock clock = new TestClock();
  private final List<IOException> faults = new ArrayList<>();
  private String published = IssuerServer.keySet(OLD);
  private boolean isDown;
  private int readings;
  private final IssuerKeys keys = new IssuerKeys(this::read, clock);

  private List<PublishedKey> read() throws IOException {
    readings++;
    if (isDown) {
      throw new IOException("down");
    }
    return PublishedKey.readAll(published);
  }

  private Optional<PublicKey> find(String id) {
    return keys.find(id, Algorithm.ES256, faults::add);
  }

  @Test
  void readsThemOnceForManyTokens() {
    for (int i = 0; i < 100; i++) {
      assertThat(find("old")).contains(OLD.pair().getPublic());
      clock.advance(Duration.ofSeconds(5));
    }

    assertThat(readings).isEqualTo(1);
  }

  @Test
  void readsNothingBeforeTheFirstToken() {
    assertThat(readings).isZero();
  }

  /** A thousand made-up ids a second for ten minutes. */
  @Test
  void madeUpIdsDoNotMakeItReadForEver() {
    for (int i = 0; i < 600_000; i++) {
      assertThat(find("made-up-" + i)).isEmpty();
      clock.advance(Duration.ofMillis(1));
    }

    assertThat(readings).isEqualTo(60);
  }

  @Test
  void findsANewKeyAsSoonAsATokenNamesIt() {
    find("old");
    clock.advance(IssuerKeys.PAUSE);
    published = IssuerServer.keySet(OLD, NEW);

    assertThat(find("new")).contains(NEW.pair().getPublic());
    assertThat(find("old")).contains(OLD.pair().getPublic());
    assertThat(readings).isEqualTo(2);
  }

  /** Somebody who makes up ids can hold a new key up for ten seconds, and no longer. */
  @Test
  void findsANewKeyWhileIdsAreMadeUp() {
    find("made-up");
    published = IssuerServer.keySet(OLD, NEW);
    assertThat(find("new")).isEmpty();
    clock.advance(IssuerKeys.PAUSE);

    assertThat(find("new")).isPresent();
  }

  @Test
  void aKeyThatIsNoLongerPublishedIsGoodForTenMinutesAtMost() {
    find("old");
    published = IssuerServer.keySet(NEW);
    clock.advance(IssuerKeys.FRESH.minusMillis(1));
    assertThat(find("old")).isPresent();
    clock.advance(Duration.ofMillis(1));

    assertThat(find("old")).isEmpty();
  }

  @Test
  void theLastKeysAreGoodForAnHourWhileTheIssuerIsDown() {
    find("old");
    isDown = true;
    clock.advance(IssuerKeys.GOOD.minusMillis(1));
    assertThat(find("old")).isPresent();
    assertThat(faults).hasSize(1);
    clock.advance(Duration.ofMillis(1));

    assertThatThrownBy(() -> find("old")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anIssuerThatIsDownIsNotAskedAgainAtOnceAndFoundWhenItIsUp() {
    isDown = true;
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> find("old")).isInstanceOf(IllegalStateException.class);
    }
    assertThat(readings).isEqualTo(1);
    assertThat(faults).hasSize(1);
    isDown = false;
    clock.advance(IssuerKeys.PAUSE);

    assertThat(find("old")).isPresent();
  }

  /** A copy of a snapshot may begin to work days after it was taken. */
  @Test
  void keysThatWereReadLongAgoAreReadAgain() {
    find("old");
    published = IssuerServer.keySet(NEW);
    clock.advance(Duration.ofDays(14));

    assertThat(find("old")).isEmpty();
    assertThat(find("new")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "use, sig, true",
    "use, enc, false",
    "alg, RS256, true",
    "alg, RS512, false",
    "alg, ES256, false",
    "kid, other, false",
    "kid, RSA, false",
  })
  void takesAKeyForWhatItIsMeantFor(String field, String value, boolean isUsable) {
    published = set(RSA, Map.of(field, value));

    assertThat(keys.find("rsa", Algorithm.RS256, faults::add).isPresent()).isEqualTo(isUsable);
  }

  @Test
  void takesNoKeyForAnotherAlgorithmNorAWeakOne() {
    published = IssuerServer.keySet(WEAK, RSA);

    assertThat(keys.find("weak", Algorithm.RS256, faults::add)).isEmpty();
    assertThat(keys.find("rsa", Algorithm.ES256, faults::add)).isEmpty();
    assertThat(keys.find("rsa", Algorithm.RS256, faults::add)).isPresent();
  }

  @Test
  void takesTheKeyThatFitsOfTwoWithOneId() {
    SigningKey ec = new SigningKey("rsa", "ES256", NEW.pair());
    published = IssuerServer.keySet(RSA, ec);

    assertThat(find("rsa")).contains(NEW.pair().getPublic());
  }

  @Test
  void looksPastKeysOfKindsThatItDoesNotKnow() {
    published =
        "{\"keys\":[{\"kty\":\"LATTICE\",\"kid\":\"l\"},"
            + "{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"c2VjcmV0\"},"
            + SigningKey.json(OLD.published(Map.of()))
            + "]}";

    assertThat(find("old")).isPresent();
    assertThat(find("o")).isEmpty();
  }

  private static String set(SigningKey key, Map<String, String> more) {
    return SigningKey.json(Map.of("keys", List.of(key.published(more))));
  }
}
