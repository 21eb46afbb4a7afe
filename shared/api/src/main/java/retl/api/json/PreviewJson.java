package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

/** How previews look on the wire. */
public final class PreviewJson {
  private PreviewJson() {}

  /**
   * One page of a preview's rows.
   *
   * @param page from 1
   * @param rows each as the JSON text of an array
   */
  public record RowPage(int page, int pageSize, List<String> rows) {
    public RowPage {
      rows = List.copyOf(rows);
    }
  }

  /** Writes one preview with a page of its rows. */
  public static void write(JsonGenerator json, Preview preview, RowPage page) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", preview.id());
    json.writeStringField("status", preview.status().wireName());
    Preview.Result result = preview.result();
    if (result == null) {
      json.writeBooleanField("limited", false);
    } else {
      write(json, result, page);
    }
    writeEnd(json, preview);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Preview.Result result, RowPage page)
      throws IOException {
    writeColumns(json, "columns", result.columns());
    json.writeArrayFieldStart("rows");
    for (String row : page.rows()) {
      json.writeRawValue(row);
    }
    json.writeEndArray();
    json.writeNumberField("page", page.page());
    json.writeNumberField("pageSize", page.pageSize());
    json.writeNumberField("rowCount", result.rowCount());
    json.writeBooleanField("limited", result.limited());
    writeHow(json, result);
  }

  /** Writes how a result came to be, as fields of the object that is being written. */
  static void writeHow(JsonGenerator json, Preview.Result result) throws IOException {
    json.writeNumberField("truncatedCells", result.truncatedCells());
    Json.texts(json, "notices", result.notices());
    Json.texts(json, "guards", result.guards().stream().map(Guard::wireName).toList());
  }

  /** Writes how a run ended, as fields of the object that is being written. */
  static void writeEnd(JsonGenerator json, Preview preview) throws IOException {
    Preview.Failure failure = preview.failure();
    if (failure != null) {
      write(json, failure);
    }
    Long durationMs = preview.durationMs();
    if (durationMs != null) {
      json.writeNumberField("durationMs", durationMs);
    }
    Json.time(json, "expiresAt", preview.expiresAt());
  }

  private static void write(JsonGenerator json, Preview.Failure failure) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("code", failure.code());
    json.writeStringField("message", failure.message());
    Preview.Place at = failure.at();
    if (at != null) {
      json.writeNumberField("line", at.line());
      json.writeNumberField("column", at.column());
      json.writeNumberField("offset", at.offset());
    }
    json.writeEndObject();
  }

  /** Writes columns as a field of the object that is being written. */
  static void writeColumns(JsonGenerator json, String field, List<Column> columns)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Column column : columns) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type().wireName());
      json.writeStringField("nativeType", column.nativeType());
      Boolean nullable = column.nullable();
      if (nullable != null) {
        json.writeBooleanField("nullable", nullable);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
