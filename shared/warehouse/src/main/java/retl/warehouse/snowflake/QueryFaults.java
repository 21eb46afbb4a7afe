package retl.warehouse.snowflake;

import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;

/**
 * What the failure of a query means. After the login the server's words are about the user's own
 * text; the positions in them are those of what was sent, and are moved to where the user wrote it.
 */
final class QueryFaults {
  /** The driver's own errors have numbers in this range, and say nothing of the query. */
  private static final int FIRST_OF_DRIVER = 200_000;

  private static final int LAST_OF_DRIVER = 299_999;

  /** Of the session rather than of the query: it has expired, or is gone. */
  private static final int FIRST_OF_SESSION = 390_000;

  private static final int LAST_OF_SESSION = 399_999;

  private static final Pattern POSITION =
      Pattern.compile("line (\\d{1,9}) at position (-?\\d{1,9})");

  private QueryFaults() {}

  /** What the server said of the query; null when it said nothing. */
  static Preview.@Nullable Failure of(SQLException error, RunnableQuery query) {
    int number = error.getErrorCode();
    if ((FIRST_OF_DRIVER <= number && number <= LAST_OF_DRIVER)
        || (FIRST_OF_SESSION <= number && number <= LAST_OF_SESSION)
        || number == 0) {
      return null;
    }
    String message = Objects.requireNonNullElse(error.getMessage(), "The query failed.");
    Matcher position = POSITION.matcher(message);
    TextRange at = position.find() ? range(position.toMatchResult(), query) : null;
    return new Preview.Failure(
        code(number, message),
        POSITION.matcher(message).replaceAll(found -> moved(found, query)),
        at == null ? null : new Preview.Place(at.line(), at.column(), at.offset()));
  }

  private static String moved(MatchResult found, RunnableQuery query) {
    TextRange range = range(found, query);
    return "line " + range.line() + " at position " + (range.column() - 1);
  }

  private static TextRange range(MatchResult found, RunnableQuery query) {
    int line = Integer.parseInt(found.group(1));
    int column = Integer.parseInt(found.group(2));
    return query.atLine(Math.max(1, line), Math.max(0, column));
  }

  private static String code(int number, String message) {
    return switch (number) {
      // The server counted more statements than the one that it was told of.
      case 8 -> "unsafe_query";
      case 1003 -> "syntax_error";
      case 904 -> "unknown_column";
      case 2140, 2141 -> "unknown_function";
      case 2003, 2043 -> message.contains("Schema '") ? "unknown_schema" : "unknown_table";
      case 3001 -> "permission_denied";
      case 606 -> "warehouse_access_denied";
      case 604 -> "query_canceled";
      case 630 -> "timed_out";
      case 90073 -> "warehouse_unavailable";
      default -> 100_000 <= number && number < 101_000 ? "data_error" : "query_failed";
    };
  }
}
