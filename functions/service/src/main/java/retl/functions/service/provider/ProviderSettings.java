package retl.functions.service.provider;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.aws.Environment;
import retl.core.Role;

/**
 * Whose tokens are taken, and what their claims mean.
 *
 * @param issuer what {@code iss} must say, and below which the provider tells where its keys are
 * @param audience what {@code aud} must name
 * @param workspaceClaim the claim that tells the workspace
 * @param workspaces the workspace that each value of it means; empty when the values are the ids
 *     themselves
 * @param roleClaim the claim that tells the role
 * @param roles the role that each value of it means
 */
record ProviderSettings(
    URI issuer,
    String audience,
    String workspaceClaim,
    Map<String, String> workspaces,
    String roleClaim,
    Map<String, Role> roles) {

  /** What stands between {@code #} in keys of the table, in secrets' names and in jobs. */
  private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern LOOPBACK =
      Pattern.compile("http://(127\\.0\\.0\\.1|localhost):\\d+");

  ProviderSettings {
    workspaces = Map.copyOf(workspaces);
    roles = Map.copyOf(roles);
  }

  /**
   * The settings in the environment; empty when it names no issuer.
   *
   * @throws IllegalStateException naming the variable that is not as it must be
   */
  static Optional<ProviderSettings> read(Environment environment) {
    return environment
        .optional(Environment.OIDC_ISSUER)
        .map(
            issuer ->
                new ProviderSettings(
                    issuer(issuer, environment.isLocal()),
                    environment.get(Environment.OIDC_AUDIENCE),
                    environment.get(Environment.OIDC_WORKSPACE_CLAIM),
                    pairs(environment, Environment.OIDC_WORKSPACES, ProviderSettings::workspace),
                    environment.get(Environment.OIDC_ROLE_CLAIM),
                    roles(environment)));
  }

  private static URI issuer(String text, boolean isLocal) {
    URI issuer;
    try {
      issuer = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw bad(Environment.OIDC_ISSUER, "is no URL", e);
    }
    boolean isOpen = isLocal && LOOPBACK.matcher(text).lookingAt();
    if (!"https".equals(issuer.getScheme()) && !isOpen) {
      throw bad(Environment.OIDC_ISSUER, "must begin with https://", null);
    }
    if (issuer.getHost() == null
        || issuer.getRawUserInfo() != null
        || issuer.getRawQuery() != null
        || issuer.getRawFragment() != null) {
      throw bad(Environment.OIDC_ISSUER, "must have a host, and no user, query or fragment", null);
    }
    return issuer;
  }

  private static Map<String, Role> roles(Environment environment) {
    Map<String, Role> roles = pairs(environment, Environment.OIDC_ROLES, Role::of);
    if (!roles.isEmpty()) {
      return roles;
    }
    Map<String, Role> byName = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      byName.put(role.wireName(), role);
    }
    return byName;
  }

  /** A text that can be a workspace's id; says nothing of whether there is such a workspace. */
  static Optional<String> workspace(String text) {
    return Optional.of(text).filter(it -> WORKSPACE.matcher(it).matches());
  }

  // value=meaning,value=meaning: the last = divides, since values may be URLs.
  private static <T> Map<String, T> pairs(
      Environment environment, String variable, Function<String, Optional<T>> meaning) {
    Map<String, T> pairs = new LinkedHashMap<>();
    String list = environment.optional(variable).orElse("");
    for (String pair : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      int end = pair.lastIndexOf('=');
      Optional<T> meant =
          end < 1 ? Optional.empty() : meaning.apply(pair.substring(end + 1).strip());
      String value = end < 1 ? "" : pair.substring(0, end).strip();
      if (meant.isEmpty() || value.isEmpty() || pairs.put(value, meant.get()) != null) {
        throw bad(variable, "must be pairs such as value=meaning, divided by commas", null);
      }
    }
    return pairs;
  }

  private static IllegalStateException bad(
      String variable, String why, @Nullable RuntimeException cause) {
    return new IllegalStateException(variable + " " + why + ".", cause);
  }
}
