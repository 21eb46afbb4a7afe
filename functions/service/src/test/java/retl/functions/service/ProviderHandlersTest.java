package retl.functions.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.aws.LocalAws;
import retl.core.Name;
import retl.core.Role;
import retl.functions.service.provider.IssuerServer;
import retl.functions.service.provider.SigningKey;

/** The authorizer with tokens of an identity provider beside those of the service. */
class ProviderHandlersTest {
  private static final String NOBODY = "{\"isAuthorized\":true,\"context\":{}}";

  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final SigningKey KEY = SigningKey.rsa("key", 2048);

  private final IssuerServer issuer = new IssuerServer();
  private final Wiring wiring = new Wiring(environment(issuer.url()));
  private final AuthorizeCallerHandler authorizer = new AuthorizeCallerHandler(wiring);
  private String workspace = "";

  private static Map<String, String> environment(String issuer) {
    Map<String, String> environment = new HashMap<>(AWS.environment());
    environment.put("OIDC_ISSUER", issuer);
    environment.put("OIDC_AUDIENCE", "retl");
    environment.put("OIDC_WORKSPACE_CLAIM", "workspace");
    environment.put("OIDC_ROLE_CLAIM", "role");
    return environment;
  }

  @BeforeEach
  void openAWorkspace() {
    workspace = wiring.tokens().open(new Name("Marketing"), "req").grant().workspace();
    issuer.publish(KEY);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private Map<String, Object> claims(String inWorkspace) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer.url());
    claims.put("aud", "retl");
    claims.put("sub", "anna");
    claims.put("exp", Instant.now().getEpochSecond() + 3600);
    claims.put("workspace", inWorkspace);
    claims.put("role", "editor");
    return claims;
  }

  private static String authorized(AuthorizeCallerHandler authorizer, String credential) {
    return Authorized.by(authorizer, "Bearer " + credential);
  }

  @Test
  void tokensOfTheProviderAndOfTheServiceWorkSideBySide() {
    String own = wiring.tokens().issue(workspace, Role.VIEWER, null).reveal();

    assertThat(authorized(authorizer, KEY.sign(claims(workspace))))
        .startsWith(
            "{\"isAuthorized\":true,\"context\":{\"workspace\":\""
                + workspace
                + "\",\"actor\":\"jwt_")
        .endsWith("\",\"role\":\"editor\"}}");
    assertThat(authorized(authorizer, own))
        .contains(workspace, "\"actor\":\"tok_", "\"role\":\"viewer\"");
    assertThat(issuer.requests()).hasSize(2);
  }

  /** Byte for byte, whatever it is that is wrong with it. */
  @Test
  void answersEveryBadTokenAlike() {
    String good = KEY.sign(claims(workspace));
    Map<String, Object> expired = claims(workspace);
    expired.put("exp", 1);
    List<String> bad =
        List.of(
            KEY.sign(claims("wsp_" + "0".repeat(26))),
            KEY.sign(claims(workspace + "#")),
            KEY.sign(expired),
            SigningKey.rsa("key", 2048).sign(claims(workspace)),
            SigningKey.rsa("new", 2048).sign(claims(workspace)),
            good + "A",
            "rmt_x",
            "");

    assertThat(authorized(authorizer, good)).contains(workspace);
    for (String token : bad) {
      assertThat(authorized(authorizer, token)).as(token).isEqualTo(NOBODY);
    }
  }

  @Test
  void asksNobodyWhereNoProviderIsConfigured() {
    AuthorizeCallerHandler plain = new AuthorizeCallerHandler(new Wiring(environment("")));

    assertThat(authorized(plain, KEY.sign(claims(workspace)))).isEqualTo(NOBODY);
    assertThat(issuer.requests()).isEmpty();
  }

  /** What a snapshot is taken of has not asked the provider, and so holds none of its keys. */
  @Test
  void rehearsesATokenOfEitherKindWithoutTheProvider() {
    String answer =
        Authorized.byEvent(authorizer.rehearsal(wiring), AuthorizeCallerHandler.rehearsed());

    assertThat(answer).isEqualTo(NOBODY);
    assertThat(issuer.requests()).isEmpty();
  }

  @Test
  void failsWhenThereAreNoKeysToJudgeBy() {
    issuer.close();

    assertThatThrownBy(() -> authorized(authorizer, KEY.sign(claims(workspace))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(authorized(authorizer, "no token")).isEqualTo(NOBODY);
  }
}
