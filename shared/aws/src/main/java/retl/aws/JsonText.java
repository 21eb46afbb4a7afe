package retl.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** The few words of JSON that calls without a client of the SDK need. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  static String of(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      writing.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be written.", e);
    }
    return text.toString();
  }

  /** True when the object has no such list, or an empty one. */
  static boolean isEmptyList(String object, String field) {
    return is(object, field, json -> json.nextToken() == JsonToken.END_ARRAY);
  }

  /** True when the object has no such number, or it is 0. */
  static boolean isZero(String object, String field) {
    return is(object, field, json -> json.getLongValue() == 0);
  }

  private static boolean is(String object, String field, Test test) {
    try (JsonParser json = FACTORY.createParser(object)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals(field)) {
          return test.test(json);
        }
        json.skipChildren();
      }
      return true;
    } catch (IOException e) {
      // An answer that is not JSON says nothing of success.
      return false;
    }
  }

  /** Writes one JSON value. */
  @FunctionalInterface
  interface Writing {
    void write(JsonGenerator json) throws IOException;
  }

  @FunctionalInterface
  private interface Test {
    boolean test(JsonParser json) throws IOException;
  }
}
