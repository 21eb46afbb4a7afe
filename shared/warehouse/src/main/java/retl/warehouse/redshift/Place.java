package retl.warehouse.redshift;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.credential.RedshiftSettings;
import software.amazon.awssdk.regions.Region;

/**
 * Where a cluster or workgroup is, and by which names IAM knows it.
 *
 * @param partition {@code aws}, {@code aws-cn}, …
 * @param account of the role; null without one
 */
record Place(RedshiftSettings settings, String region, String partition, @Nullable String account) {
  private static final Pattern ENDPOINT =
      Pattern.compile(
          "[a-z0-9.-]+\\.([a-z]{2,3}(?:-[a-z]{2,12}){1,3}-[0-9])"
              + "\\.redshift(?:-serverless)?\\.amazonaws\\.com(?:\\.cn)?");

  // arn:<partition>:iam::<account>:role/…
  private static final Pattern ROLE = Pattern.compile("arn:([a-z-]+):iam::([0-9]{12}):role/.+");

  /**
   * The place of these settings.
   *
   * @param absent the region when neither the settings nor the host name one
   */
  static Place of(RedshiftSettings settings, String absent) {
    Matcher endpoint = ENDPOINT.matcher(settings.host());
    String region =
        Objects.requireNonNullElse(
            settings.region(), endpoint.matches() ? endpoint.group(1) : absent);
    Matcher role = ROLE.matcher(Objects.requireNonNullElse(settings.roleArn(), ""));
    return role.matches()
        ? new Place(settings, region, role.group(1), role.group(2))
        : new Place(settings, region, partitionOf(region), null);
  }

  private static String partitionOf(String region) {
    return Region.of(region).metadata().partition().id();
  }

  /** True when the host can be nothing but Redshift, or a server on this machine. */
  boolean isEndpoint() {
    return ENDPOINT.matcher(settings.host()).matches()
        || settings.host().equals("localhost")
        || settings.host().equals("127.0.0.1");
  }

  boolean isServerless() {
    return settings.workgroup() != null;
  }

  /**
   * What the one call needs and no more, as a policy: ours while we have a role, and the one that
   * the role must have. A workgroup's ARN has an id that the settings do not know.
   */
  String policy() {
    String cluster = settings.clusterIdentifier();
    return isServerless()
        ? policy("redshift-serverless:GetCredentials", arn("redshift-serverless", "workgroup/*"))
        : policy(
            "redshift:GetClusterCredentials",
            arn("redshift", "dbuser:" + cluster + "/" + settings.user()),
            arn("redshift", "dbname:" + cluster + "/" + settings.database()));
  }

  private static String policy(String action, String... resources) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\""
        + action
        + "\",\"Resource\":[\""
        // Nothing to escape: the grammar of settings has no quotation mark and no backslash.
        + String.join("\",\"", resources)
        + "\"]}]}";
  }

  private String arn(String service, String resource) {
    return String.join(
        ":",
        "arn",
        partition,
        service,
        region,
        Objects.requireNonNullElse(account, "<account>"),
        resource);
  }
}
