package retl.functions.service;

import retl.api.Api;
import retl.api.ApiHandler;
import retl.api.Request;
import retl.api.Response;
import retl.core.Problem;
import retl.core.Refused;

/**
 * The route {@code $default}: unknown paths and methods, answered in the shape of every other
 * problem.
 */
public final class AnswerUnknownRouteHandler extends ApiHandler {
  public AnswerUnknownRouteHandler() {
    super(Api.WITHOUT_STORES);
  }

  /** For the local service, which makes every handler from its module's wiring. */
  public AnswerUnknownRouteHandler(Wiring wiring) {
    this();
  }

  // Only reached when a known route is given to this function by mistake; the rest ends before.
  @Override
  protected Response answer(Request request) {
    throw new Refused(new Problem.NoSuchRoute());
  }
}
