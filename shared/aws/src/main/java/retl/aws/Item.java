package retl.aws;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item of the table, or a map inside one. A null value is an attribute that is not there. */
final class Item {
  private final Map<String, AttributeValue> attributes;

  private Item(Map<String, AttributeValue> attributes) {
    this.attributes = attributes;
  }

  static Item empty() {
    return new Item(new HashMap<>());
  }

  static Item of(Map<String, AttributeValue> attributes) {
    return new Item(new HashMap<>(attributes));
  }

  Map<String, AttributeValue> attributes() {
    return attributes;
  }

  Item text(String name, @Nullable String value) {
    if (value != null) {
      attributes.put(name, AttributeValue.fromS(value));
    }
    return this;
  }

  Item number(String name, @Nullable Long value) {
    if (value != null) {
      attributes.put(name, AttributeValue.fromN(value.toString()));
    }
    return this;
  }

  Item number(String name, int value) {
    return number(name, Long.valueOf(value));
  }

  Item flag(String name, @Nullable Boolean value) {
    if (value != null) {
      attributes.put(name, AttributeValue.fromBool(value));
    }
    return this;
  }

  Item time(String name, @Nullable Instant value) {
    return text(name, value == null ? null : value.toString());
  }

  /** The time from which on DynamoDB may remove the item, in whole seconds. */
  Item expires(Instant value) {
    return number(Table.TTL, value.getEpochSecond());
  }

  Item bytes(String name, byte[] value) {
    attributes.put(name, AttributeValue.fromB(SdkBytes.fromByteArray(value)));
    return this;
  }

  Item texts(String name, @Nullable List<String> values) {
    if (values != null) {
      attributes.put(
          name, AttributeValue.fromL(values.stream().map(AttributeValue::fromS).toList()));
    }
    return this;
  }

  Item map(String name, @Nullable Item value) {
    if (value != null) {
      attributes.put(name, AttributeValue.fromM(value.attributes));
    }
    return this;
  }

  Item maps(String name, @Nullable List<Item> values) {
    if (values != null) {
      attributes.put(
          name,
          AttributeValue.fromL(
              values.stream().map(value -> AttributeValue.fromM(value.attributes)).toList()));
    }
    return this;
  }

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> new IllegalStateException("An item has no " + name + "."));
  }

  Optional<String> optionalText(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeValue::s);
  }

  long number(String name) {
    return optionalNumber(name)
        .orElseThrow(() -> new IllegalStateException("An item has no " + name + "."));
  }

  Optional<Long> optionalNumber(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeValue::n).map(Long::valueOf);
  }

  Optional<Boolean> optionalFlag(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeValue::bool);
  }

  Instant time(String name) {
    return Instant.parse(text(name));
  }

  Optional<Instant> optionalTime(String name) {
    return optionalText(name).map(Instant::parse);
  }

  byte[] bytes(String name) {
    AttributeValue value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("An item has no " + name + ".");
    }
    return value.b().asByteArray();
  }

  Optional<List<String>> optionalTexts(String name) {
    return Optional.ofNullable(attributes.get(name))
        .map(value -> value.l().stream().map(AttributeValue::s).toList());
  }

  Optional<Item> optionalMap(String name) {
    return Optional.ofNullable(attributes.get(name)).map(value -> Item.of(value.m()));
  }

  Optional<List<Item>> optionalMaps(String name) {
    return Optional.ofNullable(attributes.get(name))
        .map(value -> value.l().stream().map(each -> Item.of(each.m())).toList());
  }
}
