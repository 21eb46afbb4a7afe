package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import retl.core.Impact;

/** How the impact of a change looks on the wire. */
public final class ImpactJson {
  private ImpactJson() {}

  /** Writes an object that has nothing but the impact. */
  public static void writeAlone(JsonGenerator json, Impact impact) throws IOException {
    json.writeStartObject();
    write(json, impact);
    json.writeEndObject();
  }

  /** Writes the impact as a field of the object that is being written. */
  public static void write(JsonGenerator json, Impact impact) throws IOException {
    json.writeObjectFieldStart("impact");
    json.writeBooleanField("columnsKnown", impact.columnsKnown());
    write(json, impact.columns());
    writeBroken(json, "brokenMappings", impact.brokenMappings());
    json.writeStringField("nextSync", impact.nextSync().wireName());
    Json.optional(json, "reason", impact.reason());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Impact.ColumnChanges columns) throws IOException {
    json.writeObjectFieldStart("columns");
    PreviewJson.writeColumns(json, "added", columns.added());
    PreviewJson.writeColumns(json, "removed", columns.removed());
    json.writeArrayFieldStart("typeChanged");
    for (Impact.TypeChange change : columns.typeChanged()) {
      json.writeStartObject();
      json.writeStringField("name", change.name());
      json.writeStringField("from", change.from().wireName());
      json.writeStringField("to", change.to().wireName());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes mappings that a change breaks as a list of the object that is being written. */
  static void writeBroken(JsonGenerator json, String field, List<Impact.BrokenMapping> mappings)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Impact.BrokenMapping mapping : mappings) {
      json.writeStartObject();
      Json.optional(json, "connectionId", mapping.connectionId());
      json.writeStringField("field", mapping.field());
      json.writeStringField("column", mapping.column());
      json.writeStringField("reason", mapping.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
