package retl.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import retl.core.Rehearsal;

class PrimingTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void callsEveryRouteForRealAndThenInARehearsal() throws Exception {
    Priming priming = ofTwoRoutes();

    priming.beforeCheckpoint(Core.getGlobalContext());

    assertThat(calls)
        .startsWith("afalse", "bfalse")
        .endsWith("atrue", "btrue")
        .isSortedAccordingTo((one, other) -> one.substring(1).compareTo(other.substring(1)));
  }

  // HotSpot counts on in steps of 128 calls, and compiles at the first step behind the 200th.
  @Test
  void callsOftenEnoughThatTheJvmCompilesWhatIsCalled() throws Exception {
    Priming priming = ofTwoRoutes();

    priming.beforeCheckpoint(Core.getGlobalContext());

    assertThat(calls).filteredOn("atrue"::equals).hasSizeGreaterThan(256);
    assertThat(calls).filteredOn(call -> call.endsWith("false")).hasSizeGreaterThan(256);
  }

  @Test
  void rehearsesPostsWithAndWithoutAnIdempotencyKey() {
    assertThat(Priming.events(Route.CREATE_MODEL))
        .satisfiesExactly(
            with -> assertThat(with).contains("idempotency-key"),
            without -> assertThat(without).doesNotContain("idempotency-key"));
    assertThat(Priming.events(Route.UPDATE_MODEL)).hasSize(1);
  }

  @Test
  void callsOnceForRealAfterTheRestore() {
    Priming priming = ofTwoRoutes();

    priming.afterRestore(Core.getGlobalContext());

    assertThat(calls).containsExactly("afalse");
  }

  // Before a snapshot it is a deployment that fails, which is what it should do.
  @Test
  void aFaultAfterTheRestoreIsLeftToTheCallersOwnCall() {
    Priming priming =
        Priming.of(
            (input, output, context) -> {
              calls.add("called");
              throw new IllegalStateException("The store is away.");
            },
            List.of("a"));

    priming.afterRestore(Core.getGlobalContext());

    assertThat(calls).containsExactly("called");
    assertThatThrownBy(() -> priming.beforeCheckpoint(Core.getGlobalContext()))
        .hasMessage("The store is away.");
  }

  private Priming ofTwoRoutes() {
    return Priming.of(
        (input, output, context) -> calls.add(text(input) + Rehearsal.isRunning()),
        List.of("a", "b"));
  }

  private static String text(InputStream input) throws IOException {
    return new String(input.readAllBytes(), StandardCharsets.UTF_8);
  }
}
