package retl.core.credential;

import java.util.Set;

/**
 * Which hosts a credential may name, as the operator configured it.
 *
 * @param loopback allows exactly {@code 127.0.0.1} and {@code localhost}; only local mode does
 * @param plaintext allows {@code sslMode: disable}
 * @param openHostSuffixes endings such as {@code .internal} that are refused unless they stand here
 */
public record NetworkRules(boolean loopback, boolean plaintext, Set<String> openHostSuffixes) {
  /** What a deployment allows when nothing is configured: public names over TLS. */
  public static final NetworkRules STRICT = new NetworkRules(false, false, Set.of());

  /** What local mode allows: this machine too, without TLS. */
  public static final NetworkRules LOCAL = new NetworkRules(true, true, Set.of());

  public NetworkRules {
    openHostSuffixes = Set.copyOf(openHostSuffixes);
  }
}
