package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import retl.core.model.Model;
import retl.core.model.Revision;
import retl.core.warehouse.Column;

/** How revisions look on the wire, whole and in lists. */
public final class RevisionJson {
  private RevisionJson() {}

  /** Writes one revision. */
  public static void write(JsonGenerator json, Revision revision) throws IOException {
    json.writeStartObject();
    writeFields(json, revision);
    json.writeStringField("sql", revision.sql());
    List<Column> columns = revision.columns();
    if (columns != null) {
      PreviewJson.writeColumns(json, "columns", columns);
    }
    json.writeEndObject();
  }

  /** Writes one revision without its query and columns. */
  public static void writeSummary(JsonGenerator json, Revision revision) throws IOException {
    json.writeStartObject();
    writeFields(json, revision);
    json.writeEndObject();
  }

  private static void writeFields(JsonGenerator json, Revision revision) throws IOException {
    json.writeNumberField("revision", revision.number());
    json.writeStringField("name", revision.name());
    Json.optional(json, "description", revision.description());
    json.writeStringField("credentialId", revision.credentialId());
    json.writeStringField("warehouse", revision.warehouse().wireName());
    Json.texts(json, "primaryKey", revision.primaryKey());
    Model.Verified verified = revision.verified();
    if (verified != null) {
      ModelJson.writeVerified(json, verified);
    }
    Json.texts(json, "changed", revision.changed());
    Integer restoredFrom = revision.restoredFrom();
    if (restoredFrom != null) {
      json.writeNumberField("restoredFrom", restoredFrom);
    }
    if (!revision.acceptedBreaks().isEmpty()) {
      ImpactJson.writeBroken(json, "acceptedBreaks", revision.acceptedBreaks());
    }
    Json.time(json, "savedAt", revision.savedAt());
    json.writeStringField("savedBy", revision.savedBy());
  }
}
