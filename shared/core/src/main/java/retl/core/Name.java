package retl.core;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of a model, credential or source: kept as it was written, compared in folded form.
 *
 * <p>Folding is NFKC, trimming and Unicode's full case folding, so that names that look alike are
 * the same name. A folded beginning of a name is a beginning of the folded name.
 */
public record Name(String text) {
  /** In code points, after trimming. */
  public static final int MAX_LENGTH = 255;

  private static final String DOTLESS_I = "ı";

  /** What must be unique in a workspace. */
  public String folded() {
    return fold(text);
  }

  /** Folds a text that need not be a whole name, such as the beginning that a search gives. */
  public static String fold(String text) {
    String normal = normalized(text).strip();
    String folded =
        Stream.of(normal.split(DOTLESS_I, -1))
            .map(Name::foldCase)
            .collect(Collectors.joining(DOTLESS_I));
    return normalized(folded);
  }

  // Most names are ASCII, in which there is nothing to do; the tables for the rest are not loaded
  // for it.
  private static String normalized(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
      }
    }
    return text;
  }

  // Java has no case folding. Going to lower, upper and lower case comes to the same, but for two
  // letters: the dotless i, which would become i, and the sigma, whose lower case depends on what
  // follows.
  private static String foldCase(String text) {
    return text.toLowerCase(Locale.ROOT)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT)
        .replace('ς', 'σ');
  }

  /** The name in this field, with a field error on it when it breaks the rules of names. */
  public static Name read(Fields fields, String field) {
    String text = fields.text(field, Integer.MAX_VALUE).strip();
    int length = text.codePointCount(0, text.length());
    if (fields.isBad(field)) {
      return new Name("");
    }
    if (length > MAX_LENGTH) {
      fields.bad(field, FieldError.Code.TOO_LONG, "At most " + MAX_LENGTH + " characters.");
    } else if (fold(text).isEmpty()) {
      fields.bad(field, FieldError.Code.INVALID, "Give it a name: it is blank.");
    } else if (text.codePoints().anyMatch(Name::isForbidden)) {
      fields.bad(
          field, FieldError.Code.INVALID, "No control characters, line breaks or broken Unicode.");
    }
    return new Name(text);
  }

  private static boolean isForbidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
