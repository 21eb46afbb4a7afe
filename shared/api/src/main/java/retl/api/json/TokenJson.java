package retl.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import retl.core.token.Grant;
import retl.core.token.Tokens;

/** How tokens look on the wire. */
public final class TokenJson {
  private TokenJson() {}

  /** Writes what a token is good for; the token itself is not there. */
  public static void write(JsonGenerator json, Grant grant) throws IOException {
    json.writeStartObject();
    writeFields(json, grant);
    json.writeEndObject();
  }

  /** Writes a new token, this once with its text. */
  public static void write(JsonGenerator json, Tokens.Issued issued) throws IOException {
    json.writeStartObject();
    writeFields(json, issued.grant());
    json.writeStringField("token", issued.token().reveal());
    json.writeEndObject();
  }

  private static void writeFields(JsonGenerator json, Grant grant) throws IOException {
    json.writeStringField("id", grant.id());
    json.writeStringField("name", grant.name());
    json.writeStringField("role", grant.role().wireName());
    Json.time(json, "createdAt", grant.createdAt());
    json.writeStringField("createdBy", grant.createdBy());
    Json.time(json, "expiresAt", grant.expiresAt());
    Json.time(json, "lastUsedAt", grant.lastUsedAt());
    json.writeNumberField("version", Grant.VERSION);
  }
}
