package retl.warehouse;

import org.jspecify.annotations.Nullable;
import retl.core.preview.Preview;
import retl.core.query.RunnableQuery;
import retl.core.query.TextRange;

/**
 * What a server of PostgreSQL's protocol says of a query that failed. After the login these words
 * are about the user's own text, so they are passed on.
 *
 * @param sqlState of PostgreSQL's appendix A
 * @param position counted in code points from 1; 0 when the server names none
 */
public record ServerError(
    @Nullable String sqlState, @Nullable String message, @Nullable String hint, int position) {

  /** The same for the reader of a preview. */
  public Preview.Failure failure(RunnableQuery query) {
    String text = message == null ? "The query failed." : message;
    String code = code();
    // The name of a function or column that the user did not write is one of a key.
    boolean isOfKey = code.startsWith("unknown_") && position > 0 && query.isAround(position);
    return new Preview.Failure(
        isOfKey && code.equals("unknown_function") ? "key_not_comparable" : code,
        hint == null || isOfKey ? text : text + " " + hint,
        position > 0 && !isOfKey ? place(query.atCharacter(position)) : null);
  }

  private static Preview.Place place(TextRange range) {
    return new Preview.Place(range.line(), range.column(), range.offset());
  }

  private String code() {
    String state = sqlState == null ? "" : sqlState;
    return switch (state) {
      case "42601" -> "syntax_error";
      case "42P01" -> "unknown_table";
      case "42703" -> "unknown_column";
      case "42883" -> "unknown_function";
      case "3F000" -> "unknown_schema";
      case "42501" -> "permission_denied";
      case "57014" -> "timed_out";
      case "25006" -> "read_only";
      default ->
          switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "22" -> "data_error";
            case "53" -> "warehouse_overloaded";
            case "57", "08" -> "connection_lost";
            default -> "query_failed";
          };
    };
  }
}
