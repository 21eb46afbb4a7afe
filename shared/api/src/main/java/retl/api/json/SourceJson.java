package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import retl.core.source.Source;

/** How sources look on the wire. */
public final class SourceJson {
  private SourceJson() {}

  /** Writes one source. */
  public static void write(JsonGenerator json, Source source) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", source.id());
    json.writeStringField("name", source.name());
    json.writeStringField("type", "model");
    json.writeStringField("modelId", source.modelId());
    json.writeBooleanField("enabled", source.enabled());
    json.writeNumberField("connectionCount", source.connectionCount());
    Json.time(json, "createdAt", source.createdAt());
    json.writeStringField("createdBy", source.createdBy());
    Json.time(json, "updatedAt", source.updatedAt());
    json.writeStringField("updatedBy", source.updatedBy());
    json.writeNumberField("version", source.version());
    json.writeEndObject();
  }
}
