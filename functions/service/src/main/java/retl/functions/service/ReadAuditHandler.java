package retl.functions.service;

import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.api.Route;
import retl.api.json.AuditJson;
import retl.core.Audit;
import retl.core.Page;

/** {@code GET /audit}. */
public final class ReadAuditHandler extends ApiHandler {
  private final Audit.Store audits;

  public ReadAuditHandler() {
    this(new Wiring(System.getenv()));
    primeFor(Route.LIST_AUDIT);
  }

  public ReadAuditHandler(Wiring wiring) {
    super(wiring.api());
    this.audits = wiring.audits();
  }

  @Override
  protected Response answer(Request request) {
    String resource = request.parameter("resource");
    String filter = String.valueOf(resource);
    Page<Audit> page = audits.list(request.caller(), resource, request.page(filter));
    return Response.page(page, request.cursor(page, filter), AuditJson::write);
  }
}
