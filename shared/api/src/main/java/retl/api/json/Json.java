package retl.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import retl.core.Problem;
import retl.core.Refused;

/** Reads JSON strictly and writes it. */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // The cause of a parse error must not quote a body that may hold a secret.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .build();

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private Json() {}

  /**
   * The value of a whole document: {@code Map} (in the order of its fields), {@code List}, {@code
   * String}, {@code Long}, {@code BigDecimal}, {@code Boolean} or null. Anything that is not
   * exactly one JSON document is refused with {@link Problem.MalformedJson}: also a field that
   * stands twice, text after the document, half a surrogate pair, nesting deeper than 64, or a
   * number of more than 100 characters.
   */
  public static @Nullable Object parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw malformed("it is empty");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw malformed("there is text after its end");
      }
      return value;
    } catch (IOException e) {
      throw malformed(place(e));
    } catch (NumberFormatException e) {
      // Jackson leaves exponents of more than ten digits to BigDecimal, which does not know them.
      throw malformed("a number is too large");
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> wholeText(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getDecimalValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = wholeText(parser.currentName());
      parser.nextToken();
      object.put(field, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  // Half a surrogate pair has no UTF-8 form: it would be stored as another character.
  private static String wholeText(String text) {
    boolean isBroken =
        text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (isBroken) {
      throw malformed("a text has half a surrogate pair");
    }
    return text;
  }

  private static String place(IOException e) {
    return e instanceof com.fasterxml.jackson.core.JacksonException j && j.getLocation() != null
        ? "see line %d, column %d"
            .formatted(j.getLocation().getLineNr(), j.getLocation().getColumnNr())
        : "it ends too early";
  }

  private static Refused malformed(String why) {
    return new Refused(new Problem.MalformedJson(why));
  }

  /** The text of what a writer writes. */
  public static String text(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      writing.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be written.", e);
    }
    return text.toString();
  }

  /** Writes a field, unless its value is null. */
  static void optional(JsonGenerator json, String field, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(field, value);
    }
  }

  /** Writes a field with a time in RFC 3339, UTC, with milliseconds; unless it is null. */
  static void time(JsonGenerator json, String field, @Nullable Instant value) throws IOException {
    if (value != null) {
      json.writeStringField(field, TIME.format(value));
    }
  }

  /** Writes a field with a list of texts, unless it is null. */
  static void texts(JsonGenerator json, String field, @Nullable List<String> values)
      throws IOException {
    if (values != null) {
      json.writeArrayFieldStart(field);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writing {
    void write(JsonGenerator json) throws IOException;
  }
}
