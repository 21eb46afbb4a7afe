package retl.core.credential;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError.Code;
import retl.core.Fields;

/**
 * The grammars of settings. They are closed: whatever they let through can be put into a JDBC URL,
 * a property or a quoted identifier of any of our warehouses without changing anything beside it.
 */
final class Grammar {
  private static final int MAX_HOST = 253;
  private static final int MAX_IDENTIFIER = 255;

  // LDH labels as RFC 1123 has them, lower case, at least two, the last one not numeric: so no
  // address literal.
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "[\\p{L}\\p{Nd}_](?:[\\p{L}\\p{M}\\p{Nd}_$.@+ -]*[\\p{L}\\p{M}\\p{Nd}_$.@+-])?");

  private static final List<String> CLOSED_SUFFIXES =
      List.of(".localhost", ".localdomain", ".internal", ".local");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

  // Other services that often listen inside a network, the X-Ray daemon and Lambda's runtime API.
  private static final Set<Integer> FOREIGN_PORTS =
      Set.of(2000, 2375, 2376, 3000, 3389, 5000, 6379, 8080, 8443, 9001, 9200, 11211, 27017);
  private static final int FIRST_PORT = 1024;
  private static final int LAST_PORT = 65_535;

  private Grammar() {}

  static String host(Fields fields, NetworkRules rules) {
    String host = fields.text("host", MAX_HOST);
    if (fields.isBad("host") || (rules.loopback() && LOOPBACK.contains(host))) {
      return host;
    }
    if (!HOST.matcher(host).matches()) {
      fields.bad(
          "host",
          Code.INVALID,
          "Give the warehouse's host name in lower case, such as db.example.com: no address, scheme or path.");
    } else if (isClosed(host, rules)) {
      fields.bad("host", Code.INVALID, "Hosts with this ending are closed by the operator.");
    }
    return host;
  }

  private static boolean isClosed(String host, NetworkRules rules) {
    return CLOSED_SUFFIXES.stream()
        .anyMatch(suffix -> host.endsWith(suffix) && !rules.openHostSuffixes().contains(suffix));
  }

  static int port(Fields fields, int absent) {
    int port = fields.integer("port", FIRST_PORT, LAST_PORT, absent);
    if (FOREIGN_PORTS.contains(port)) {
      fields.bad(
          "port", Code.INVALID, "No warehouse listens here: this port belongs to another service.");
    }
    return port;
  }

  /** A user, role, database, warehouse or schema. */
  static String identifier(Fields fields, String field) {
    String value = fields.text(field, MAX_IDENTIFIER);
    checkIdentifier(fields, field, value);
    return value;
  }

  static @Nullable String optionalIdentifier(Fields fields, String field) {
    String value = fields.optionalText(field, MAX_IDENTIFIER);
    if (value != null) {
      checkIdentifier(fields, field, value);
    }
    return value;
  }

  static String identifierOr(Fields fields, String field, String absent) {
    String value = optionalIdentifier(fields, field);
    return value == null ? absent : value;
  }

  private static void checkIdentifier(Fields fields, String field, String value) {
    if (!fields.isBad(field) && !IDENTIFIER.matcher(value).matches()) {
      fields.bad(
          field,
          Code.INVALID,
          "Letters, digits, _ $ . @ + - and inner spaces; it begins with a letter, a digit or _.");
    }
  }

  /** One word of a closed list; the first one when it is absent and {@code optional}. */
  static String oneOf(Fields fields, String field, List<String> words, boolean optional) {
    String value = optional ? fields.optionalText(field, 64) : fields.text(field, 64);
    if (value == null || fields.isBad(field)) {
      return words.getFirst();
    }
    if (!words.contains(value)) {
      fields.bad(field, Code.INVALID, "One of " + String.join(", ", words) + ".");
    }
    return value;
  }

  /** A text that must match a pattern whole, if it is there. */
  static @Nullable String optionalMatch(Fields fields, String field, Pattern pattern, String help) {
    String value = fields.optionalText(field, 2048);
    if (value != null && !pattern.matcher(value).matches()) {
      fields.bad(field, Code.INVALID, help);
    }
    return value;
  }

  static void putIfSet(Map<String, Object> values, String field, @Nullable String value) {
    if (value != null) {
      values.put(field, value);
    }
  }
}
