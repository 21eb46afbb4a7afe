package retl.core.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.Audit;
import retl.core.Callers;
import retl.core.FieldError;
import retl.core.Fields;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Keys;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.TestClock;

class TokenLifeTest {
  private static final NewToken EDITOR = new NewToken(new Name("ci"), Role.EDITOR, null);

  private final TokensInMemory store = new TokensInMemory();
  private final TestClock clock = new TestClock();
  private final RotatedKeys keys = new RotatedKeys();
  private final Tokens tokens = new Tokens(store, keys, Ids.timeOrdered(), clock);

  private Tokens.Issued issue() {
    return tokens.issue(Callers.ADMIN, EDITOR, Receipt.Writer.none());
  }

  private Optional<Grant> use(Tokens.Issued issued) {
    return tokens.authenticate("Bearer " + issued.token().reveal());
  }

  @Test
  void issuesForTheCallersWorkspaceWithAnAuditAndNoSecretKept() {
    Tokens.Issued issued = issue();

    assertThat(issued.grant().workspace()).isEqualTo("ws1");
    assertThat(issued.grant().createdBy()).isEqualTo(Callers.ADMIN.actor());
    assertThat(store.audits)
        .extracting(Audit::action, Audit::resource)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("token.created", issued.grant().id()));
    assertThat(store.kept.toString()).doesNotContain(issued.token().secret());
    assertThat(use(issued)).contains(issued.grant());
  }

  @ParameterizedTest
  @CsvSource({"VIEWER", "EDITOR"})
  void onlyAdminsIssueListAndRevoke(Role role) {
    var caller = Callers.of("ws1", role);
    var none = Receipt.Writer.<Tokens.Issued>none();

    assertForbidden(() -> tokens.issue(caller, EDITOR, none));
    assertForbidden(() -> tokens.list(caller, new Page.Request(25, null)));
    assertForbidden(() -> tokens.revoke(caller, issue().grant().id(), IfMatch.NONE));
  }

  private static void assertForbidden(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(catchThrowableOfType(Refused.class, call).problem())
        .isEqualTo(new Problem.Forbidden(Role.ADMIN));
  }

  @Test
  void revokedTokensAreForgottenAtOnce() {
    Tokens.Issued issued = issue();

    tokens.revoke(Callers.ADMIN, issued.grant().id(), new IfMatch(true, false, Set.of(1L)));

    assertThat(use(issued)).isEmpty();
    assertThat(store.kept).isEmpty();
  }

  @Test
  void aStalePreconditionKeepsTheToken() {
    Tokens.Issued issued = issue();
    IfMatch stale = new IfMatch(true, false, Set.of(7L));

    assertThatThrownBy(() -> tokens.revoke(Callers.ADMIN, issued.grant().id(), stale))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.problem()).isEqualTo(new Problem.VersionConflict()));
    assertThat(use(issued)).isPresent();
  }

  @Test
  void aStrangersTokenIsAMissingOneWhateverThePrecondition() {
    String foreign = issue().grant().id();
    String missing = "tok_" + "0".repeat(26);

    for (String id : List.of(foreign, missing, "tok_", "", foreign + "#", "rmt" + foreign)) {
      for (IfMatch ifMatch : List.of(IfMatch.NONE, new IfMatch(true, false, Set.of(7L)))) {
        assertThatThrownBy(() -> tokens.revoke(Callers.STRANGER, id, ifMatch))
            .isInstanceOfSatisfying(
                Refused.class,
                e -> assertThat(e.problem()).isEqualTo(new Problem.NotFound("token")));
      }
    }
    assertThat(store.kept).hasSize(1);
  }

  @Test
  void notesTheLastUseAtMostEveryFiveMinutes() {
    Tokens.Issued issued = issue();

    use(issued);
    clock.advance(Duration.ofMinutes(5).minusMillis(1));
    use(issued);
    assertThat(store.usesNoted).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    use(issued);
    assertThat(store.usesNoted).isEqualTo(2);
  }

  @Test
  void notesNoUseOfATokenThatIsNoGood() {
    Tokens.Issued issued =
        tokens.issue(
            Callers.ADMIN,
            new NewToken(new Name("short"), Role.ADMIN, clock.instant().plusSeconds(1)),
            Receipt.Writer.none());
    clock.advance(Duration.ofSeconds(1));

    assertThat(use(issued)).isEmpty();
    tokens.authenticate("Bearer " + new Token(issued.token().id(), "a".repeat(43)).reveal());
    assertThat(store.usesNoted).isZero();
  }

  @Test
  void aTokenThatIsUsedOutlivesEveryRotation() {
    Tokens.Issued issued = issue();

    for (int rotation = 0; rotation < 3; rotation++) {
      keys.rotate();
      assertThat(use(issued)).isPresent();
    }
  }

  @Test
  void aTokenThatIsNotUsedOutlivesOneRotationOnly() {
    Tokens.Issued once = issue();
    Tokens.Issued twice = issue();

    keys.rotate();
    assertThat(use(once)).isPresent();
    keys.rotate();

    assertThat(use(once)).isPresent();
    assertThat(use(twice)).isEmpty();
  }

  @Test
  void theOperatorOpensWorkspacesAndLetsAdminsBackIn() {
    Tokens.Issued first = tokens.open(new Name("Marketing"), "req-1");
    String workspace = first.grant().workspace();
    Tokens.Issued again = tokens.readmit(workspace, "req-2");

    assertThat(store.workspaces).containsExactly(Map.entry(workspace, "Marketing"));
    assertThat(use(first)).get().extracting(Grant::role).isEqualTo(Role.ADMIN);
    assertThat(use(again)).get().extracting(Grant::workspace).isEqualTo(workspace);
    assertThat(store.audits).extracting(Audit::actor).containsOnly(Tokens.OPERATOR);
    assertThatThrownBy(() -> tokens.readmit("wsp_unknown", "req-3")).isInstanceOf(Refused.class);
  }

  @ParameterizedTest(name = "{1} {2}: {3}")
  @CsvSource({
    "ci,  editor, 2026-03-01T12:00:01Z,          ",
    "ci,  viewer, 2026-03-01T14:00:01+02:00,     ",
    "ci,  admin,  ,                              ",
    "ci,  owner,  ,                              role INVALID",
    "ci,  ADMIN,  ,                              role INVALID",
    "ci,  ,       ,                              role MISSING",
    "' ', admin,  ,                              name INVALID",
    ",    admin,  ,                              name MISSING",
    "ci,  admin,  2026-03-01T12:00:00Z,          expiresAt INVALID",
    "ci,  admin,  2026-03-02,                    expiresAt INVALID",
    "ci,  admin,  tomorrow,                      expiresAt INVALID",
    "ci,  admin,  '',                            expiresAt INVALID",
    "ci,  admin,  +12026-03-01T12:00:00Z,        expiresAt INVALID",
  })
  void readsABodyOrNamesEveryBadField(
      @Nullable String name,
      @Nullable String role,
      @Nullable String expiresAt,
      @Nullable String bad) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("role", role);
    body.put("expiresAt", expiresAt);
    List<String> found = new ArrayList<>();
    try {
      NewToken.read(Fields.of(body), Instant.parse("2026-03-01T12:00:00Z"));
    } catch (Refused e) {
      if (e.problem() instanceof Problem.InvalidRequest(List<FieldError> errors)) {
        errors.forEach(error -> found.add(error.field() + " " + error.code()));
      }
    }

    assertThat(found).isEqualTo(bad == null ? List.of() : List.of(bad));
  }

  /** Keys of which two are valid, until the next rotation. */
  private static final class RotatedKeys implements Keys {
    private int newest = 1;

    void rotate() {
      newest++;
    }

    @Override
    public SecretKey key(String purpose, String algorithm) {
      return key(purpose, algorithm, newest);
    }

    @Override
    public List<SecretKey> valid(String purpose, String algorithm) {
      return List.of(key(purpose, algorithm, newest), key(purpose, algorithm, newest - 1));
    }

    private static SecretKey key(String purpose, String algorithm, int version) {
      return new SecretKeySpec((purpose + version).getBytes(StandardCharsets.UTF_8), algorithm);
    }
  }
}
