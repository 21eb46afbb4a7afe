package retl.warehouse.snowflake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What Snowflake prints for semi-structured values is JSON but for a few words: a missing element
 * is {@code undefined}, and numbers may be {@code NaN} or infinite.
 */
final class VariantJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private VariantJson() {}

  /** The same value in one line of JSON, digits untouched; null when it cannot be one. */
  static @Nullable String of(String text) {
    StringBuilder json = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at + 1;
      if (c == '"') {
        end = stringEnd(text, at);
        json.append(text, at, end);
      } else if (isOfWord(c)) {
        while (end < text.length() && isOfWord(text.charAt(end))) {
          end++;
        }
        json.append(word(text.substring(at, end)));
      } else if (c > ' ') {
        json.append(c);
      }
      at = end;
    }
    String compact = json.toString();
    return isJson(compact) ? compact : null;
  }

  private static int stringEnd(String text, int start) {
    int at = start + 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, text.length());
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '-' || c == '+' || c == '.';
  }

  private static String word(String word) {
    return switch (word) {
      case "undefined" -> "null";
      case "NaN" -> "\"NaN\"";
      case "inf", "Infinity" -> "\"Infinity\"";
      case "-inf", "-Infinity" -> "\"-Infinity\"";
      default -> word;
    };
  }

  private static boolean isJson(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
