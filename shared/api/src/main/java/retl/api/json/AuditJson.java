package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import retl.core.Audit;

/** How the audit looks on the wire. */
public final class AuditJson {
  private AuditJson() {}

  /** Writes one change. */
  public static void write(JsonGenerator json, Audit audit) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", audit.id());
    Json.time(json, "at", audit.at());
    json.writeStringField("actor", audit.actor());
    json.writeStringField("action", audit.action());
    json.writeStringField("resource", audit.resource());
    Json.texts(json, "fields", audit.fields());
    json.writeStringField("requestId", audit.requestId());
    json.writeEndObject();
  }
}
