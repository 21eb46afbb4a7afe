package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import retl.core.credential.Credential;
import retl.core.credential.Credentials;

/** How credentials look on the wire. Nothing here could hold a secret. */
public final class CredentialJson {
  private CredentialJson() {}

  /** Writes one credential. */
  public static void write(JsonGenerator json, Credential credential) throws IOException {
    json.writeStartObject();
    writeFields(json, credential);
    json.writeEndObject();
  }

  /**
   * Writes one credential after a change, with what the change meant for the models that use it.
   */
  public static void write(JsonGenerator json, Credentials.Updated updated) throws IOException {
    json.writeStartObject();
    writeFields(json, updated.credential());
    json.writeNumberField("unverifiedModels", updated.unverifiedModels());
    json.writeEndObject();
  }

  private static void writeFields(JsonGenerator json, Credential credential) throws IOException {
    json.writeStringField("id", credential.id());
    json.writeStringField("name", credential.name());
    json.writeStringField("warehouse", credential.warehouse().wireName());
    json.writeObjectFieldStart("settings");
    for (Map.Entry<String, Object> field : credential.settings().values().entrySet()) {
      json.writeFieldName(field.getKey());
      if (field.getValue() instanceof Integer number) {
        json.writeNumber(number);
      } else {
        json.writeString(field.getValue().toString());
      }
    }
    json.writeEndObject();
    Json.texts(json, "secretFields", credential.secretFields());
    json.writeStringField("status", credential.status().wireName());
    Credential.LastValidation last = credential.lastValidation();
    if (last != null) {
      json.writeObjectFieldStart("lastValidation");
      json.writeStringField("id", last.id());
      json.writeStringField("status", last.status());
      Json.optional(json, "code", last.code());
      Json.time(json, "finishedAt", last.finishedAt());
      json.writeEndObject();
    }
    Json.time(json, "createdAt", credential.createdAt());
    json.writeStringField("createdBy", credential.createdBy());
    Json.time(json, "updatedAt", credential.updatedAt());
    json.writeStringField("updatedBy", credential.updatedBy());
    json.writeNumberField("version", credential.version());
  }
}
