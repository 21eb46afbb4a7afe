package retl.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in a template, also one that is not there: a text, a number, a list, fields, or a
 * CloudFormation function such as {@code {Ref: x}}.
 */
public record TemplateValue(@Nullable Object value) {
  static final TemplateValue NONE = new TemplateValue(null);

  static TemplateValue of(@Nullable Object value) {
    return value == null ? NONE : new TemplateValue(value);
  }

  /** What lies under these names, one in the other. */
  TemplateValue at(String... names) {
    Object inner = value;
    for (String name : names) {
      inner = inner instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return of(inner);
  }

  /** This one or, when it is not there, the other one. */
  TemplateValue or(TemplateValue other) {
    return value == null ? other : this;
  }

  /** A text, number or boolean as text; empty for all else. */
  String text() {
    return value instanceof Map || value instanceof List || value == null ? "" : value.toString();
  }

  int number(int otherwise) {
    return value instanceof Number number ? number.intValue() : otherwise;
  }

  List<TemplateValue> items() {
    return value instanceof List<?> list
        ? list.stream().map(TemplateValue::of).toList()
        : List.of();
  }

  Map<String, TemplateValue> fields() {
    Map<String, TemplateValue> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, field) -> fields.put(String.valueOf(name), of(field)));
    }
    return fields;
  }

  /**
   * The logical id that a Ref or GetAtt names, without an attribute or SAM's {@code .Alias} behind
   * it.
   */
  Optional<String> reference() {
    TemplateValue attribute = at("Fn::GetAtt");
    String name =
        at("Ref").or(attribute.items().isEmpty() ? attribute : attribute.items().getFirst()).text();
    return name.isEmpty() ? Optional.empty() : Optional.of(name.split("\\.", 2)[0]);
  }
}
