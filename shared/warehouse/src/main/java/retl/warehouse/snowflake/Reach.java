package retl.warehouse.snowflake;

import java.util.Locale;
import java.util.regex.Pattern;
import retl.core.credential.SnowflakeSettings;

/**
 * What a session may connect to: the account's own host, and the storage that its results lie in,
 * whose names the server chooses.
 *
 * @param host where the driver logs in
 * @param port of that host
 * @param tls false for an endpoint on this machine alone
 */
record Reach(String host, int port, boolean tls) {
  private static final int HTTPS = 443;

  /** The stores that Snowflake keeps results in, one line for each cloud. */
  private static final Pattern STORES =
      Pattern.compile(
          "(?:[a-z0-9-]+\\.)*s3[a-z0-9-]*(?:\\.[a-z0-9-]+)*\\.amazonaws\\.com(?:\\.cn)?"
              + "|[a-z0-9-]+(?:\\.[a-z0-9-]+)?\\.blob\\.core\\.(?:windows\\.net|chinacloudapi\\.cn)"
              + "|(?:[a-z0-9-]+\\.)?storage\\.googleapis\\.com");

  /** The host of an account: where upper case and underscores have no place. */
  static Reach of(SnowflakeSettings settings) {
    String account = settings.account().toLowerCase(Locale.ROOT).replace('_', '-');
    String domain = account.contains(".cn-") ? "snowflakecomputing.cn" : "snowflakecomputing.com";
    return new Reach(account + "." + domain, HTTPS, true);
  }

  /** What the driver connects to; it carries nothing else. */
  String url() {
    return "jdbc:snowflake://" + host + ":" + port + "/";
  }

  boolean allows(String otherHost, int otherPort) {
    if (otherHost.equals(host) && otherPort == port) {
      return true;
    }
    return tls && otherPort == HTTPS && STORES.matcher(otherHost).matches();
  }
}
