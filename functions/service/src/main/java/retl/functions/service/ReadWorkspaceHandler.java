package retl.functions.service;

import retl.api.Api;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;

/** {@code GET /workspace}: which workspace the token belongs to, and what it may do. */
public final class ReadWorkspaceHandler extends ApiHandler {
  public ReadWorkspaceHandler() {
    super(Api.WITHOUT_STORES);
  }

  /** For the local service, which makes every handler from its module's wiring. */
  public ReadWorkspaceHandler(Wiring wiring) {
    this();
  }

  @Override
  protected Response answer(Request request) {
    return Response.ok(
            json -> {
              json.writeStartObject();
              json.writeStringField("id", request.caller().workspace());
              json.writeStringField("role", request.caller().role().wireName());
              json.writeEndObject();
            })
        .withContentTag();
  }
}
