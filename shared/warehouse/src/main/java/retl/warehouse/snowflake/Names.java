package retl.warehouse.snowflake;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of objects. Settings hold them as people write them in SQL: without quotation marks, where
 * upper and lower case are one. A name that SQL takes in quotation marks alone is meant exactly.
 */
final class Names {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");

  private Names() {}

  /** The name that Snowflake keeps. */
  static String stored(String name) {
    return PLAIN.matcher(name).matches() ? name.toUpperCase(Locale.ROOT) : name;
  }

  /** The name as the login reads it: there quotation marks mean what they mean in SQL. */
  static String parameter(String name) {
    return PLAIN.matcher(name).matches() ? name : quoted(name);
  }

  /** The name as SQL reads it as {@link #stored}. */
  static String quoted(String name) {
    return exact(stored(name));
  }

  /** A name that Snowflake gave, as SQL reads it. */
  static String exact(String stored) {
    return "\"" + stored.replace("\"", "\"\"") + "\"";
  }

  /** A text in SQL: a backslash begins an escape there. */
  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
