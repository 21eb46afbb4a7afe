package retl.aws;

/**
 * How much a workspace may have. The operator sets it; see docs/limits.md.
 *
 * @param models saved models
 * @param sources saved sources
 * @param credentials saved credentials
 * @param tokens tokens that are not revoked, expired ones included
 * @param previews previews that have not ended
 */
public record Limits(int models, int sources, int credentials, int tokens, int previews) {
  /** For functions that make nothing, and what a test does not look at. */
  public static final Limits NONE =
      new Limits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);
}
