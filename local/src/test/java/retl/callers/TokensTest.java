package retl.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.callers.Deployment.Answer;
import retl.callers.Deployment.Call;

/** The life of tokens, from the bootstrap on, as callers and operators see it. */
class TokensTest {
  private static Clouds clouds;
  private static Deployment service;

  private String admin = "";

  @BeforeAll
  static void start() throws IOException {
    clouds = new Clouds();
    service = clouds.deploy("tokens", Map.of());
  }

  @AfterAll
  static void stop() {
    clouds.close();
  }

  @BeforeEach
  void bootstrap() {
    Map<?, ?> opened = service.invoke("BootstrapFunction", Map.of("name", "Marketing"));
    admin = Deployment.bootstrapped(opened);
  }

  private Answer issue(String role) {
    return service.call(Call.of("POST /tokens", admin).body(Map.of("name", "ci", "role", role)));
  }

  private static int status(String token) {
    return service.call(Call.of("GET /workspace", token)).status();
  }

  @Test
  void theBootstrapOpensAWorkspaceForItsAdmin() {
    Answer workspace = service.call(Call.of("GET /workspace", admin));

    assertThat(workspace.status()).isEqualTo(200);
    assertThat(workspace.text("role")).isEqualTo("admin");
    assertThat(workspace.text("id")).startsWith("wsp_");
  }

  @Test
  void theBootstrapIssuesAnotherAdminsTokenForAWorkspaceThatIsThere() {
    String workspace = service.call(Call.of("GET /workspace", admin)).text("id");
    Map<?, ?> again = service.invoke("BootstrapFunction", Map.of("workspace", workspace));
    String other = Deployment.bootstrapped(again);

    assertThat(service.call(Call.of("GET /workspace", other)).text("id")).isEqualTo(workspace);
    for (Map<String, String> wrong :
        List.of(Map.of("workspace", "wsp_none"), Map.of("name", " "), Map.<String, String>of())) {
      assertThatThrownBy(() -> service.invoke("BootstrapFunction", wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anIssuedTokenWorksAndIsShownOnce() {
    Answer issued = issue("editor");
    Answer listed = service.call(Call.of("GET /tokens", admin));

    assertThat(issued.status()).isEqualTo(201);
    assertThat(issued.headers().get("ETag")).isEqualTo("\"1\"");
    assertThat(issued.headers().get("Location")).isEqualTo("/tokens/" + issued.text("id"));
    assertThat(service.call(Call.of("GET /workspace", issued.text("token"))).text("role"))
        .isEqualTo("editor");
    assertThat(listed.items())
        .extracting(item -> String.valueOf(item.get("name")))
        .containsExactly("Admin", "ci");
    assertThat(listed.bodyText()).doesNotContain("rmt_").doesNotContain("hash");
  }

  @Test
  void aReplayLeavesTheTokenOut() {
    Call call =
        Call.of("POST /tokens", admin)
            .body(Map.of("name", "ci", "role", "viewer"))
            .header("idempotency-key", "once");
    Answer first = service.call(call);
    Answer again = service.call(call);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers().get("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.text("id")).isEqualTo(first.text("id"));
    assertThat(first.text("token")).startsWith("rmt_");
    assertThat(again.bodyText()).doesNotContain("rmt_");
    assertThat(service.call(Call.of("GET /tokens", admin)).items()).hasSize(2);
  }

  @Test
  void aRevokedTokenIsAnsweredExactlyLikeAnUnknownOne() {
    Answer issued = issue("admin");
    String token = issued.text("token");
    assertThat(status(token)).isEqualTo(200);
    Call revoke = Call.of("DELETE /tokens/{id}", admin).path("id", issued.text("id"));

    assertThat(service.call(revoke.header("if-match", "\"2\"")).status()).isEqualTo(412);
    assertThat(service.call(revoke.header("if-match", "\"1\"")).status()).isEqualTo(204);
    assertThat(service.call(revoke).status()).isEqualTo(404);

    assertThat(service.call(Call.of("GET /workspace", token)))
        .isEqualTo(service.call(Call.of("GET /workspace", "rmt_nonsense")));
    assertThat(status(token)).isEqualTo(401);
  }

  @Test
  void theLastUseIsListed() {
    Answer issued = issue("viewer");
    assertThat(lastUse(issued.text("id"))).isNull();

    status(issued.text("token"));

    assertThat((String) lastUse(issued.text("id"))).matches("20.*Z");
  }

  private @Nullable Object lastUse(String id) {
    return service.call(Call.of("GET /tokens", admin)).items().stream()
        .filter(item -> id.equals(item.get("id")))
        .findFirst()
        .orElseThrow()
        .get("lastUsedAt");
  }

  @Test
  void listsPageByPage() {
    for (int i = 0; i < 4; i++) {
      issue("viewer");
    }
    Answer first = service.call(Call.of("GET /tokens", admin).query("limit", "3"));
    Answer second =
        service.call(Call.of("GET /tokens", admin).query("cursor", first.text("nextCursor")));

    assertThat(first.items()).hasSize(3);
    assertThat(second.items()).hasSize(2).doesNotContainAnyElementsOf(first.items());
    assertThat(second.body().containsKey("nextCursor")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"viewer", "editor"})
  void onlyAdminsSeeTokens(String role) {
    String token = issue(role).text("token");

    assertThat(service.call(Call.of("GET /tokens", token)).status()).isEqualTo(403);
    assertThat(service.call(Call.of("POST /tokens", token)).status()).isEqualTo(403);
    assertThat(service.call(Call.of("DELETE /tokens/{id}", token).path("id", "tok_x")).status())
        .isEqualTo(403);
  }

  @Test
  void tokensOutliveARotationOfTheKeyAndNoneIsLogged() {
    String before = issue("viewer").text("token");
    clouds.secrets().putSecretValue(put -> put.secretId("retl/keys").secretString("n".repeat(64)));

    assertThat(status(before)).isEqualTo(200);
    assertThat(status(issue("viewer").text("token"))).isEqualTo(200);
    assertThat(clouds.log()).contains("\"route\":\"POST /tokens\"").doesNotContain("rmt_");
  }
}
