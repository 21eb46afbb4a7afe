package retl.core;

import java.util.Set;

/**
 * The precondition of a change: which versions of the resource the caller would change (RFC 9110,
 * If-Match).
 *
 * @param isGiven false when the caller did not say; then any version will do
 * @param any true for {@code *}
 * @param versions the versions that were named
 */
public record IfMatch(boolean isGiven, boolean any, Set<Long> versions) {
  /** No precondition. */
  public static final IfMatch NONE = new IfMatch(false, true, Set.of());

  public IfMatch {
    versions = Set.copyOf(versions);
  }

  /**
   * Refuses the change with {@link Problem.VersionConflict} when the resource has another version
   * by now.
   */
  public void check(long version) {
    if (!any && !versions.contains(version)) {
      throw new Refused(new Problem.VersionConflict());
    }
  }
}
