package retl.core;

import java.util.Locale;

/**
 * One bad field of a body.
 *
 * @param field its path, such as {@code settings.host}; empty for the body itself
 * @param message what is wrong and what to write instead; never the value, which may be a secret
 */
public record FieldError(String field, Code code, String message) {

  /** The published words for what can be wrong with a field. */
  public enum Code {
    MISSING,
    UNKNOWN,
    WRONG_TYPE,
    INVALID,
    TOO_LONG,
    NOT_FOUND,
    DOES_NOT_MATCH,
    NOT_VERIFIED,
    SECRET_REQUIRED;

    /** The word in the API: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
