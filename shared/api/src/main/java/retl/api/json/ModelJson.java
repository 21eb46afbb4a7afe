package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.model.Model;
import retl.core.model.ModelChanges;
import retl.core.model.ModelSummary;
import retl.core.warehouse.Column;

/** How models look on the wire, whole and in lists. */
public final class ModelJson {
  private ModelJson() {}

  /** Writes one model. */
  public static void write(JsonGenerator json, Model model) throws IOException {
    json.writeStartObject();
    writeFields(json, model.summary(), model.sql(), model.columns());
    json.writeEndObject();
  }

  /** Writes one model without its query and columns. */
  public static void write(JsonGenerator json, ModelSummary model) throws IOException {
    json.writeStartObject();
    writeFields(json, model, null, null);
    json.writeEndObject();
  }

  /** Writes a model that was changed, with the impact of the change. */
  public static void write(JsonGenerator json, ModelChanges.Updated updated) throws IOException {
    Model model = updated.model();
    json.writeStartObject();
    writeFields(json, model.summary(), model.sql(), model.columns());
    ImpactJson.write(json, updated.impact());
    json.writeEndObject();
  }

  private static void writeFields(
      JsonGenerator json, ModelSummary model, @Nullable String sql, @Nullable List<Column> columns)
      throws IOException {
    json.writeStringField("id", model.id());
    json.writeStringField("name", model.name());
    Json.optional(json, "description", model.description());
    json.writeStringField("credentialId", model.credentialId());
    json.writeStringField("warehouse", model.warehouse().wireName());
    Json.optional(json, "sql", sql);
    Json.texts(json, "primaryKey", model.primaryKey());
    if (columns != null) {
      PreviewJson.writeColumns(json, "columns", columns);
    }
    Model.Verified verified = model.verified();
    if (verified != null) {
      writeVerified(json, verified);
    }
    json.writeNumberField("revision", model.revision());
    json.writeNumberField("sourceCount", model.sourceCount());
    Json.time(json, "createdAt", model.createdAt());
    json.writeStringField("createdBy", model.createdBy());
    Json.time(json, "updatedAt", model.updatedAt());
    json.writeStringField("updatedBy", model.updatedBy());
    json.writeNumberField("version", model.version());
  }

  static void writeVerified(JsonGenerator json, Model.Verified verified) throws IOException {
    json.writeObjectFieldStart("verified");
    json.writeStringField("previewId", verified.previewId());
    Json.time(json, "at", verified.at());
    json.writeEndObject();
  }
}
