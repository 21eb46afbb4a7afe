package retl.standins;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a request by name and type; a refusal names the field, never its value. */
record Fields(Map<?, ?> values) {
  static Fields parse(byte[] body) {
    try {
      if (Wire.parse(body) instanceof Map<?, ?> values) {
        return new Fields(values);
      }
    } catch (IOException e) {
      throw AwsError.client("SerializationException", "The body is no JSON");
    }
    throw AwsError.client("SerializationException", "The body is no JSON object");
  }

  /** A text that must be there, of 1 to max characters. */
  String text(String name, int max) {
    return optionalText(name, max).orElseThrow(() -> invalid(name, "must not be null"));
  }

  /** A text that may be absent; when there, of 1 to max characters. */
  Optional<String> optionalText(String name, int max) {
    Optional<String> text = value(name, String.class);
    if (text.isPresent() && (text.get().isEmpty() || text.get().length() > max)) {
      throw invalid(name, "must have a length of 1 to " + max);
    }
    return text;
  }

  boolean flag(String name) {
    return value(name, Boolean.class).orElse(false);
  }

  /** A whole number that may be absent. */
  Optional<Integer> number(String name) {
    return value(name, Number.class).map(Number::intValue);
  }

  /** A list of texts, empty when absent. */
  List<String> texts(String name) {
    return list(name, String.class);
  }

  /** A list of objects, empty when absent. */
  List<Fields> objects(String name) {
    return list(name, Map.class).stream().map(map -> new Fields((Map<?, ?>) map)).toList();
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  static AwsError invalid(String name, String rule) {
    return AwsError.client(
        "ValidationException", "1 validation error detected: Member at '" + name + "' " + rule);
  }

  private <T> Optional<T> value(String name, Class<T> type) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw wrongType(name);
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  private <T> List<T> list(String name, Class<T> type) {
    List<T> items = new ArrayList<>();
    for (Object item : value(name, List.class).orElse(List.of())) {
      if (!type.isInstance(item)) {
        throw wrongType(name);
      }
      items.add(type.cast(item));
    }
    return items;
  }

  private static AwsError wrongType(String name) {
    return AwsError.client("SerializationException", "Wrong type at '" + name + "'");
  }

  /** Names only: a value may be a secret. */
  @Override
  public String toString() {
    return "Fields" + values.keySet();
  }
}
