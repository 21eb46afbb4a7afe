package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import retl.core.preview.Preview;

/** How checks of keys look on the wire. */
public final class KeyCheckJson {
  private KeyCheckJson() {}

  /**
   * Writes one check.
   *
   * @param key what is checked
   * @param duplicates keys that stand in several rows, each as the JSON text of an array
   */
  public static void write(
      JsonGenerator json, Preview check, Preview.Wanted.Key key, List<String> duplicates)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", check.id());
    json.writeStringField("modelId", key.modelId());
    json.writeNumberField("revision", key.revision());
    Json.texts(json, "columns", key.columns());
    json.writeStringField("status", check.status().wireName());
    Preview.Result result = check.result();
    Preview.KeyCounts counts = result == null ? null : result.keys();
    if (result != null && counts != null) {
      json.writeNumberField("rowCount", counts.rows());
      json.writeNumberField("distinctKeys", counts.distinctKeys());
      json.writeNumberField("nullKeys", counts.nullKeys());
      json.writeArrayFieldStart("duplicates");
      for (int i = 0; i < duplicates.size(); i++) {
        json.writeStartObject();
        json.writeFieldName("values");
        json.writeRawValue(duplicates.get(i));
        json.writeNumberField("count", counts.copies().get(i));
        json.writeEndObject();
      }
      json.writeEndArray();
      PreviewJson.writeHow(json, result);
    }
    PreviewJson.writeEnd(json, check);
    json.writeEndObject();
  }
}
