package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.model.Model;
import retl.core.model.ModelSummary;
import retl.core.warehouse.Column;

/** How models look on the wire, whole and in lists. */
public final class ModelJson {
  private ModelJson() {}

  /** Writes one model. */
  public static void write(JsonGenerator json, Model model) throws IOException {
    write(json, model.summary(), model.sql(), model.columns());
  }

  /** Writes one model without its query and columns. */
  public static void write(JsonGenerator json, ModelSummary model) throws IOException {
    write(json, model, null, null);
  }

  private static void write(
      JsonGenerator json, ModelSummary model, @Nullable String sql, @Nullable List<Column> columns)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", model.id());
    json.writeStringField("name", model.name());
    Json.optional(json, "description", model.description());
    json.writeStringField("credentialId", model.credentialId());
    json.writeStringField("warehouse", model.warehouse().wireName());
    Json.optional(json, "sql", sql);
    Json.texts(json, "primaryKey", model.primaryKey());
    if (columns != null) {
      PreviewJson.writeColumns(json, columns);
    }
    Model.Verified verified = model.verified();
    if (verified != null) {
      json.writeObjectFieldStart("verified");
      json.writeStringField("previewId", verified.previewId());
      Json.time(json, "at", verified.at());
      json.writeEndObject();
    }
    json.writeNumberField("revision", model.revision());
    json.writeNumberField("sourceCount", model.sourceCount());
    Json.time(json, "createdAt", model.createdAt());
    json.writeStringField("createdBy", model.createdBy());
    Json.time(json, "updatedAt", model.updatedAt());
    json.writeStringField("updatedBy", model.updatedBy());
    json.writeNumberField("version", model.version());
    json.writeEndObject();
  }
}
