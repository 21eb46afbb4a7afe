package retl.warehouse.redshift;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * How temporary credentials are asked for, and what the operator has opened.
 *
 * @param identity who we are to AWS
 * @param region where clusters and workgroups are whose settings do not tell
 * @param principal whom a role must trust for us to take it, an ARN
 * @param roles the ARNs of roles that may be taken; {@code *} and {@code ?} as in a policy
 * @param workspaces those that may use our own rights, without a role
 * @param attempt how long one try of a call may take; there are two, and the login ends in any case
 * @param endpoints other endpoints than AWS's own, by the name of the service as in the variables
 *     of AWS's tools
 */
public record Iam(
    SdkHttpClient http,
    AwsCredentialsProvider identity,
    String region,
    String principal,
    List<String> roles,
    Set<String> workspaces,
    Duration attempt,
    Function<String, Optional<URI>> endpoints) {

  public Iam {
    roles = List.copyOf(roles);
    workspaces = Set.copyOf(workspaces);
  }

  boolean opens(String role) {
    return roles.stream().anyMatch(pattern -> matches(pattern, role));
  }

  private static boolean matches(String pattern, String role) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.matches(regex, role);
  }
}
