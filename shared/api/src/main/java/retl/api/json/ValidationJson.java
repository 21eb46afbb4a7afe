package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import retl.core.validation.Check;
import retl.core.validation.Validation;

/** How validations look on the wire. */
public final class ValidationJson {
  private ValidationJson() {}

  /** Writes one validation. */
  public static void write(JsonGenerator json, Validation validation) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", validation.id());
    Json.optional(json, "credentialId", validation.credentialId());
    json.writeStringField("status", validation.status().wireName());
    json.writeArrayFieldStart("checks");
    for (Check check : validation.checks()) {
      write(json, check);
    }
    json.writeEndArray();
    json.writeStringField("trigger", validation.trigger().wireName());
    Json.time(json, "startedAt", validation.startedAt());
    Json.time(json, "finishedAt", validation.finishedAt());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Check check) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", check.name().wireName());
    json.writeStringField("title", check.name().title());
    json.writeStringField("status", check.status().wireName());
    Json.optional(json, "code", check.code());
    Json.optional(json, "message", check.message());
    Check.Remedy remedy = check.remedy();
    if (remedy != null) {
      json.writeObjectFieldStart("remedy");
      json.writeStringField("text", remedy.text());
      Json.texts(json, "sql", remedy.sql());
      json.writeEndObject();
    }
    Long durationMs = check.durationMs();
    if (durationMs != null) {
      json.writeNumberField("durationMs", durationMs);
    }
    json.writeEndObject();
  }
}
