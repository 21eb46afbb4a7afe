package retl.core.query;

/**
 * The text that goes to the warehouse, and the way back from its positions to the user's own text.
 */
public interface RunnableQuery {

  /** What to run. */
  String sql();

  /**
   * True when a position that the warehouse named lies in what was put around the user's text: it
   * says nothing of that text.
   *
   * @param character as for {@link #atCharacter}
   */
  boolean isAround(int character);

  /**
   * Where a position that the warehouse named lies in the user's text; clamped into it.
   *
   * @param character 1-based, counted in code points of {@link #sql()}: what PostgreSQL and
   *     Redshift report
   */
  TextRange atCharacter(int character);

  /**
   * Where a position that the warehouse named lies in the user's text; clamped into it.
   *
   * @param line 1-based line of {@link #sql()}, ended by LF only: what Snowflake reports
   * @param column 0-based, counted in code points, as Snowflake's {@code position} is
   */
  TextRange atLine(int line, int column);
}
