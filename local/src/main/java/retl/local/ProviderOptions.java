package retl.local;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The identity provider of a local service, by the settings that a deployment has as parameters.
 */
final class ProviderOptions {
  @Option(
      names = "--oidc-issuer",
      required = true,
      paramLabel = "<url>",
      description = "take tokens of this identity provider too; on loopback it may do without TLS")
  private @Nullable String issuer;

  @Option(
      names = "--oidc-audience",
      required = true,
      paramLabel = "<name>",
      description = "whom its tokens must be meant for")
  private @Nullable String audience;

  @Option(
      names = "--oidc-workspace-claim",
      paramLabel = "<claim>",
      description = "the claim that tells the workspace",
      defaultValue = "workspace")
  private String workspaceClaim = "workspace";

  @Option(
      names = "--oidc-workspaces",
      paramLabel = "<value>=<workspace>,...",
      description = "what its values mean; the values are workspaces, main and other, without it",
      defaultValue = "")
  private String workspaces = "";

  @Option(
      names = "--oidc-role-claim",
      paramLabel = "<claim>",
      description = "the claim that tells the role",
      defaultValue = "role")
  private String roleClaim = "role";

  @Option(
      names = "--oidc-roles",
      paramLabel = "<value>=<role>,...",
      description = "what its values mean; the values are viewer, editor and admin without it",
      defaultValue = "")
  private String roles = "";

  /** What the authorizer is told; nothing when there is no issuer. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    if (issuer != null && audience != null) {
      variables.put("OIDC_ISSUER", issuer);
      variables.put("OIDC_AUDIENCE", audience);
      variables.put("OIDC_WORKSPACE_CLAIM", workspaceClaim);
      variables.put("OIDC_WORKSPACES", workspaces);
      variables.put("OIDC_ROLE_CLAIM", roleClaim);
      variables.put("OIDC_ROLES", roles);
    }
    return variables;
  }
}
