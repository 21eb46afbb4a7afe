package retl.functions.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.Callers;
import retl.core.Role;
import retl.core.token.Token;
import retl.core.token.TokenFuzz;

class ServiceHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  @Test
  void answersHealthWithTheVersionOfTheBuild() {
    Call.Answer answer = Call.of("GET /health").to(new CheckHealthHandler());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("status")).isEqualTo("ok");
    assertThat(answer.text("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
  }

  @Test
  void tellsTheCallerWhereHeIs() {
    Call.Answer answer =
        Call.of("GET /workspace").as(Callers.EDITOR).to(new ReadWorkspaceHandler());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"id\":\"ws1\",\"role\":\"editor\"}");
    assertThat(answer.headers()).containsKey("ETag");
    assertThat(Call.of("GET /workspace").to(new ReadWorkspaceHandler()).status()).isEqualTo(401);
  }

  @Test
  void answersUnknownRoutesInTheShapeOfEveryOtherProblem() {
    Call.Answer unknown = Call.ofUnknown("/nothing").to(new AnswerUnknownRouteHandler());
    Call.Answer method = Call.ofUnknown("/validations").to(new AnswerUnknownRouteHandler());

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text("code")).isEqualTo("no_such_route");
    assertThat(unknown.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).isEqualTo("POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"headers\":{}}",
        "{\"headers\":{\"authorization\":\"\"}}",
        "{\"headers\":{\"authorization\":\"Bearer \"}}",
        "{\"headers\":{\"authorization\":\"Bearer rmt_x_y_z\"}}",
        "{\"headers\":{\"authorization\":5}}"
      })
  void theAuthorizerKnowsNobodyWithoutAToken(String event) {
    AuthorizeCallerHandler authorizer = new AuthorizeCallerHandler(new Wiring(AWS.environment()));

    assertThat(Authorized.byEvent(authorizer, event))
        .isEqualTo("{\"isAuthorized\":true,\"context\":{}}");
  }

  /** Byte for byte: nothing tells an unknown token from a revoked one. */
  @Test
  void theAuthorizerAnswersEveryBadTokenAlike() {
    Wiring wiring = new Wiring(AWS.environment());
    AuthorizeCallerHandler authorizer = new AuthorizeCallerHandler(wiring);
    String workspace = AWS.workspace();
    Token good = wiring.tokens().issue(workspace, Role.ADMIN, null);
    Token revoked = wiring.tokens().issue(workspace, Role.ADMIN, null);
    Token expired = wiring.tokens().issue(workspace, Role.ADMIN, Instant.EPOCH);
    Call.Answer deleted =
        Call.of("DELETE /tokens/{id}")
            .as(Callers.of(workspace, Role.ADMIN))
            .id("tok_" + revoked.id())
            .to(new DeleteTokenHandler(wiring));
    assertThat(deleted.status()).isEqualTo(204);

    TokenFuzz fuzz =
        new TokenFuzz(
            8,
            List.of(good.reveal()),
            List.of(revoked.reveal(), expired.reveal(), TokenFuzz.nobodys().reveal()));
    fuzz.run(1_000, header -> Authorized.by(authorizer, header));

    assertThat(fuzz.faults()).isEmpty();
    assertThat(fuzz.answers()).containsExactly("{\"isAuthorized\":true,\"context\":{}}");
    assertThat(Authorized.by(authorizer, "Bearer " + good.reveal())).contains(workspace);
  }
}
