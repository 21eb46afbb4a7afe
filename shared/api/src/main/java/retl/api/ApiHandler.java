package retl.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Caller;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Rehearsal;
import retl.core.Role;

/**
 * What every function behind the API shares: it decodes the event, knows the caller, judges the
 * role, answers a repeated {@code POST} from its receipt, and turns every refusal and every fault
 * into an answer.
 */
public abstract class ApiHandler implements RequestStreamHandler {
  private final Api api;

  // Nobody else holds it: Lambda's list of who is told of a snapshot does so weakly.
  @SuppressWarnings("UnusedVariable")
  private @Nullable Priming priming;

  protected ApiHandler(Api api) {
    this.api = api;
  }

  /** Has the function rehearse these routes before Lambda takes a snapshot of it. */
  protected final void primeFor(Route... routes) {
    if (Rehearsal.isAhead()) {
      priming = Priming.of(this, routes);
    }
  }

  /**
   * Answers a call whose caller has the role that its route needs; refuses by throwing {@link
   * Refused}.
   */
  protected abstract Response answer(Request request);

  /** Answers the repeat of a call that succeeded; by default exactly as it was answered then. */
  protected Response answerAgain(Request request, Response first) {
    return first;
  }

  /**
   * Answers the repeat of a call that started a job: as the job stands now when the caller waits
   * for it, else as it was answered then.
   *
   * @param look answers for the job of this id
   */
  protected static Response lookAgain(
      Request request, Response first, Function<String, Response> look) {
    if (request.waitSeconds() == 0) {
      return first;
    }
    try {
      return look.apply(first.lastOfLocation());
    } catch (Refused e) {
      // A receipt is kept for longer than the job.
      if (e.problem() instanceof Problem.NotFound) {
        return first;
      }
      throw e;
    }
  }

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    output.write(answerEvent(text, context).getBytes(StandardCharsets.UTF_8));
  }

  private String answerEvent(String text, Context context) {
    long start = System.nanoTime();
    APIGatewayV2HTTPEvent event = GatewayEvents.read(text);
    String requestId = event.getRequestContext().getRequestId();
    Response response;
    String code = null;
    try {
      response = respond(event, requestId);
    } catch (Refused e) {
      response = Problems.answer(e.problem(), event.getRawPath(), requestId);
      code = Problems.codeOf(e.problem());
    } catch (RuntimeException e) {
      Log.error(context, event, e);
      response = Problems.internalError(event.getRawPath(), requestId);
    }
    Log.answered(context, event, response.status(), code, start);
    return encode(response);
  }

  private Response respond(APIGatewayV2HTTPEvent event, String requestId) {
    Route route = Route.of(event.getRouteKey()).orElseThrow(() -> unknownRoute(event));
    Role needed = route.role();
    if (needed == null) {
      Caller nobody = new Caller("", "", Role.VIEWER, requestId);
      return answer(new Request(event, route, nobody, api.cursors()));
    }
    Caller caller = Callers.of(event);
    caller.require(needed);
    Request request = new Request(event, route, caller, api.cursors());
    Optional<Receipt.Once> once = request.once();
    return once.isPresent() ? answerOnce(request, once.get()) : answer(request);
  }

  private static Refused unknownRoute(APIGatewayV2HTTPEvent event) {
    var allowed = Route.methodsOf(event.getRawPath());
    return new Refused(
        allowed.isEmpty() ? new Problem.NoSuchRoute() : new Problem.MethodNotAllowed(allowed));
  }

  // The receipt is written in the transaction of the effect, so whoever finds none may go on: of
  // two requests at the
  // same time the store lets one through, and the other finds the receipt here.
  private Response answerOnce(Request request, Receipt.Once once) {
    Receipt.Kept kept = api.receipts().find(request.caller(), once);
    if (kept != null) {
      return replay(request, once, kept);
    }
    try {
      return answer(request);
    } catch (Refused e) {
      kept =
          e.problem() instanceof Problem.RequestInProgress
              ? api.receipts().find(request.caller(), once)
              : null;
      if (kept == null) {
        throw e;
      }
      return replay(request, once, kept);
    }
  }

  private Response replay(Request request, Receipt.Once once, Receipt.Kept kept) {
    if (!kept.bodyHash().equals(once.bodyHash())) {
      throw new Refused(new Problem.IdempotencyMismatch());
    }
    Receipt receipt = kept.receipt();
    if (receipt == null) {
      throw new Refused(new Problem.RequestInProgress());
    }
    Response first = new Response(receipt.status(), receipt.headers(), receipt.body());
    return answerAgain(request, first).with("Idempotency-Replayed", "true");
  }

  // The answer's shape is that of APIGatewayV2HTTPResponse, payload format 2.0.
  private static String encode(Response response) {
    Response whole =
        response
            .with("Cache-Control", "no-store")
            .with("X-Content-Type-Options", "nosniff")
            .with(
                "Content-Type",
                response.headers().getOrDefault("Content-Type", "application/json"));
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeNumberField("statusCode", whole.status());
          json.writeObjectFieldStart("headers");
          for (Map.Entry<String, String> header : whole.headers().entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
          }
          json.writeEndObject();
          json.writeStringField("body", whole.body());
          json.writeBooleanField("isBase64Encoded", false);
          json.writeEndObject();
        });
  }
}
