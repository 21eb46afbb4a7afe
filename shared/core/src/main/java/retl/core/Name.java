package retl.core;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The name of a model, credential or source: kept as it was written, compared in folded form.
 *
 * <p>Folding is NFKC, trimming and case folding, so that names that look alike are the same name.
 * Java has no case folding of its own; upper then lower case in the root locale maps every pair
 * that Unicode's simple folding maps.
 */
public record Name(String text) {
  /** In code points, after trimming. */
  public static final int MAX_LENGTH = 255;

  /** What must be unique in a workspace. */
  public String folded() {
    return fold(text);
  }

  /** Folds a text that need not be a whole name, such as the beginning that a search gives. */
  public static String fold(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).strip();
    String folded = normal.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }

  /** The name in this field, with a field error on it when it breaks the rules of names. */
  public static Name read(Fields fields, String field) {
    String text = fields.text(field, 4 * MAX_LENGTH).strip();
    int length = text.codePointCount(0, text.length());
    if (fields.isBad(field)) {
      return new Name("");
    }
    if (text.isEmpty() || fold(text).isEmpty()) {
      fields.bad(field, FieldError.Code.INVALID, "Give it a name: it is blank.");
    } else if (length > MAX_LENGTH) {
      fields.bad(field, FieldError.Code.TOO_LONG, "At most " + MAX_LENGTH + " characters.");
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
