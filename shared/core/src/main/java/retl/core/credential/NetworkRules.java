package retl.core.credential;

import java.util.List;
import java.util.Set;

/**
 * Which hosts a credential may name, as the operator configured it.
 *
 * @param loopback allows exactly {@code 127.0.0.1} and {@code localhost}; only local mode does
 * @param plaintext allows {@code sslMode: disable}
 * @param openHostSuffixes endings such as {@code .internal} that are refused unless they stand here
 * @param openRanges ranges of private addresses, such as {@code 10.1.0.0/16}, that may be connected
 *     to; all are closed unless they stand here
 */
public record NetworkRules(
    boolean loopback, boolean plaintext, Set<String> openHostSuffixes, List<String> openRanges) {
  /** What a deployment allows when nothing is configured: public names over TLS. */
  public static final NetworkRules STRICT = new NetworkRules(false, false, Set.of(), List.of());

  /** What local mode allows: this machine too, without TLS. */
  public static final NetworkRules LOCAL = new NetworkRules(true, true, Set.of(), List.of());

  public NetworkRules {
    openHostSuffixes = Set.copyOf(openHostSuffixes);
    openRanges = List.copyOf(openRanges);
  }
}
