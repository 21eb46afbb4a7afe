package retl.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a closed JSON object field by field and gathers everything that is wrong with it, so that a
 * caller learns of all bad fields at once.
 *
 * <p>The values are those of a JSON document: {@code Map}, {@code List}, {@code String}, {@code
 * Long}, {@code BigDecimal}, {@code Boolean}, null. A reader whose field is bad still gets a
 * harmless value, and {@link #end} refuses the whole; fields that nobody asked for are unknown
 * fields.
 */
public final class Fields {
  private static final int MAX_UNKNOWN = 50;

  private final Map<String, @Nullable Object> object;
  private final String prefix;
  private final List<FieldError> errors;
  private final Set<String> asked = new HashSet<>();

  private Fields(Map<String, @Nullable Object> object, String prefix, List<FieldError> errors) {
    this.object = object;
    this.prefix = prefix;
    this.errors = errors;
  }

  /** The fields of a whole body. A body that is no object is refused at once. */
  @SuppressWarnings("unchecked") // The JSON reader makes only maps with text keys.
  public static Fields of(@Nullable Object body) {
    if (body instanceof Map<?, ?> map) {
      return new Fields((Map<String, @Nullable Object>) map, "", new ArrayList<>());
    }
    throw new Refused(
        new Problem.InvalidRequest(
            List.of(
                new FieldError("", FieldError.Code.WRONG_TYPE, "The body must be an object."))));
  }

  /** True when the field is there and not null. */
  public boolean has(String field) {
    asked.add(field);
    return object.get(field) != null;
  }

  /** True when the field is there, even as null. */
  public boolean isGiven(String field) {
    asked.add(field);
    return object.containsKey(field);
  }

  /** A text that must be there, of at most {@code maxLength} UTF-16 units. */
  public String text(String field, int maxLength) {
    String value = optionalText(field, maxLength);
    if (value == null && !isBad(field)) {
      bad(field, FieldError.Code.MISSING, "This field is needed.");
    }
    return value == null ? "" : value;
  }

  /** A text of at most {@code maxLength} UTF-16 units; null when it is absent or null. */
  public @Nullable String optionalText(String field, int maxLength) {
    asked.add(field);
    Object value = object.get(field);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      bad(field, FieldError.Code.WRONG_TYPE, "This must be a text.");
      return null;
    }
    if (text.length() > maxLength) {
      bad(field, FieldError.Code.TOO_LONG, "At most " + maxLength + " characters.");
      return null;
    }
    return text;
  }

  /** A whole number between two bounds, both allowed; {@code absent} when it is not there. */
  public int integer(String field, int min, int max, int absent) {
    asked.add(field);
    Object value = object.get(field);
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Long number)) {
      bad(field, FieldError.Code.WRONG_TYPE, "This must be a whole number.");
      return absent;
    }
    if (number < min || number > max) {
      bad(field, FieldError.Code.INVALID, "A number from " + min + " to " + max + ".");
      return absent;
    }
    return Math.toIntExact(number);
  }

  /** True or false; {@code absent} when it is not there. */
  public boolean flag(String field, boolean absent) {
    asked.add(field);
    Object value = object.get(field);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    bad(field, FieldError.Code.WRONG_TYPE, "This must be true or false.");
    return absent;
  }

  /**
   * A list of texts; null when it is absent, null or bad. Bad entries are named by their place,
   * from 0.
   */
  public @Nullable List<String> optionalTexts(String field, int maxCount, int maxLength) {
    asked.add(field);
    Object value = object.get(field);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> list)) {
      bad(field, FieldError.Code.WRONG_TYPE, "This must be a list of texts.");
      return null;
    }
    if (list.size() > maxCount) {
      bad(field, FieldError.Code.TOO_LONG, "At most " + maxCount + " entries.");
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String entry = field + "[" + i + "]";
      if (!(list.get(i) instanceof String text)) {
        bad(entry, FieldError.Code.WRONG_TYPE, "This must be a text.");
      } else if (text.length() > maxLength) {
        bad(entry, FieldError.Code.TOO_LONG, "At most " + maxLength + " characters.");
      } else {
        texts.add(text);
      }
    }
    return texts.size() == list.size() ? List.copyOf(texts) : null;
  }

  /**
   * An object inside this one; an empty one, with its error noted, when it is absent or no object.
   */
  @SuppressWarnings("unchecked") // The JSON reader makes only maps with text keys.
  public Fields object(String field) {
    asked.add(field);
    Object value = object.get(field);
    if (value instanceof Map<?, ?> map) {
      return new Fields((Map<String, @Nullable Object>) map, path(field) + ".", errors);
    }
    if (value == null) {
      bad(field, FieldError.Code.MISSING, "This field is needed.");
    } else {
      bad(field, FieldError.Code.WRONG_TYPE, "This must be an object.");
    }
    Fields empty = new Fields(Map.of(), path(field) + ".", new ArrayList<>());
    empty.bad("", FieldError.Code.MISSING, "");
    return empty;
  }

  /**
   * An object inside this one, laid over the values that stand so far: a field that is given takes
   * the place of the one that stands, and null removes it.
   */
  public Fields objectOver(String field, Map<String, Object> standing) {
    Fields given = object(field);
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(standing);
    merged.putAll(given.object);
    return new Fields(merged, given.prefix, given.errors);
  }

  /** Notes what is wrong with a field. */
  public void bad(String field, FieldError.Code code, String message) {
    errors.add(new FieldError(path(field), code, message));
  }

  /** True when something is wrong with the field or, for an empty name, with anything at all. */
  public boolean isBad(String field) {
    return errors.stream().anyMatch(e -> field.isEmpty() || e.field().equals(path(field)));
  }

  /**
   * Notes the fields that were not asked for as unknown, the first 50 of them: a body can hold more
   * than an answer. Call it when all known fields were read.
   */
  public void close() {
    object.keySet().stream()
        .filter(field -> !asked.contains(field))
        .limit(MAX_UNKNOWN)
        .forEach(
            field -> bad(shorten(field), FieldError.Code.UNKNOWN, "There is no such field here."));
    asked.addAll(object.keySet());
  }

  /** Closes the object, then refuses it when anything in it or in the objects inside it is bad. */
  public void end() {
    close();
    if (!errors.isEmpty()) {
      throw new Refused(new Problem.InvalidRequest(errors));
    }
  }

  private String path(String field) {
    return prefix + field;
  }

  private static String shorten(String field) {
    return field.codePointCount(0, field.length()) <= 100
        ? field
        : field.substring(0, field.offsetByCodePoints(0, 100)) + "…";
  }
}
