package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import retl.core.TestClock;

class NobodysTokensTest {
  private static final ProviderSettings SETTINGS =
      new ProviderSettings(
          URI.create("https://login.example.com"), "retl", "workspace", Map.of(), "role", Map.of());

  private final TestClock clock = new TestClock();
  private final List<Exception> faults = new ArrayList<>();
  private int lookups;

  private IssuerKeys keys() {
    return new IssuerKeys(
        () -> {
          lookups++;
          return PublishedKey.readAll(NobodysTokens.KEYS);
        },
        clock);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void areJudgedAsFarAsTheSignatureAndAreNobodys(Algorithm algorithm) {
    IssuerKeys keys = keys();
    IdentityProvider provider = new IdentityProvider(SETTINGS, keys, id -> true, clock);

    String token = NobodysTokens.token(algorithm, SETTINGS, clock.instant());

    assertThat(provider.authenticate(token, faults::add)).isEmpty();
    // Only what is acceptable and for us gets as far as the keys, and one of them is for it.
    assertThat(lookups).isEqualTo(1);
    assertThat(keys.find(algorithm.name(), algorithm, faults::add)).isPresent();
    assertThat(faults).isEmpty();
  }

  @Test
  void aRehearsalAsksTheProviderForNothing() {
    new IdentityProvider(SETTINGS, keys(), id -> true, clock).rehearse();

    assertThat(lookups).isZero();
  }
}
