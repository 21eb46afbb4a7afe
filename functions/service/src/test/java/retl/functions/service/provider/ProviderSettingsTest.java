package retl.functions.service.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.aws.Environment;
import retl.core.Role;

class ProviderSettingsTest {
  private static ProviderSettings read(String variable, String value) {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "OIDC_ISSUER", "https://login.example.com/",
                "OIDC_AUDIENCE", "retl",
                "OIDC_WORKSPACE_CLAIM", "workspace",
                "OIDC_WORKSPACES", "",
                "OIDC_ROLE_CLAIM", "role",
                "OIDC_ROLES", ""));
    variables.put(variable, value);
    return ProviderSettings.read(new Environment(variables)).orElseThrow();
  }

  @Test
  void thereIsNoProviderWithoutAnIssuer() {
    assertThat(ProviderSettings.read(new Environment(Map.of()))).isEmpty();
    assertThat(ProviderSettings.read(new Environment(Map.of("OIDC_ISSUER", "")))).isEmpty();
  }

  @Test
  void aListOfPairsSaysWhatValuesMean() {
    assertThat(read("OIDC_ROLES", "").roles())
        .isEqualTo(Map.of("viewer", Role.VIEWER, "editor", Role.EDITOR, "admin", Role.ADMIN));
    assertThat(read("OIDC_ROLES", "RETL Owners=admin, https://x?a=b = viewer").roles())
        .isEqualTo(Map.of("RETL Owners", Role.ADMIN, "https://x?a=b", Role.VIEWER));
    assertThat(read("OIDC_WORKSPACES", "marketing=wsp_1,sales=wsp_2").workspaces())
        .isEqualTo(Map.of("marketing", "wsp_1", "sales", "wsp_2"));
  }

  @ParameterizedTest
  @CsvSource({
    "OIDC_ISSUER, http://login.example.com",
    "OIDC_ISSUER, http://127.0.0.1:80",
    "OIDC_ISSUER, login.example.com",
    "OIDC_ISSUER, https://user@login.example.com",
    "OIDC_ISSUER, https://login.example.com/?tenant=1",
    "OIDC_ISSUER, https://login.example.com/#x",
    "OIDC_ISSUER, https:///x",
    "OIDC_ISSUER, https://login example.com",
    "OIDC_AUDIENCE, ''",
    "OIDC_WORKSPACE_CLAIM, ''",
    "OIDC_ROLE_CLAIM, ''",
    "OIDC_ROLES, owner",
    "OIDC_ROLES, owner=boss",
    "OIDC_ROLES, =admin",
    "OIDC_ROLES, 'a=admin,'",
    "OIDC_ROLES, 'a=admin,a=viewer'",
    "OIDC_WORKSPACES, a=b#c",
    "OIDC_WORKSPACES, a=",
  })
  void aBadVariableIsNamed(String variable, String value) {
    assertThatThrownBy(() -> read(variable, value)).hasMessageContaining(variable);
  }

  @Test
  void loopbackIsOpenInLocalModeOnly() {
    Map<String, String> variables =
        Map.of(
            "LOCAL_MODE", "true",
            "OIDC_ISSUER", "http://127.0.0.1:8090/x",
            "OIDC_AUDIENCE", "retl",
            "OIDC_WORKSPACE_CLAIM", "workspace",
            "OIDC_ROLE_CLAIM", "role");

    assertThat(ProviderSettings.read(new Environment(variables))).isPresent();
    assertThatThrownBy(() -> read("OIDC_ISSUER", "http://127.0.0.1:8090/x"))
        .hasMessageContaining("https");
  }
}
