package retl.standins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lambda's Invoke call over functions of this JVM: {@code Event} is accepted at once and runs on a
 * thread of its own, {@code RequestResponse} waits for the answer. Not more than a fixed number run
 * at a time, as with reserved concurrency: further events wait in a queue, further requests are
 * refused. Unlike the service it does not run a failed event again.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">API reference</a>
 */
public final class LambdaStandIn implements HttpHandler, AutoCloseable {
  /** Where its calls begin. */
  static final String PATH = "/2015-03-31/functions/";

  private static final Logger LOG = System.getLogger(LambdaStandIn.class.getName());
  private static final Pattern INVOCATIONS =
      Pattern.compile(
          Pattern.quote(PATH) + "(?:arn:[^/]*:function:)?([^/:]+)(?::[^/]+)?/invocations");
  private static final int MAX_EVENT_BYTES = 1024 * 1024;
  private static final int MAX_REQUEST_BYTES = 6 * 1024 * 1024;

  private final Function<String, Optional<LambdaFunction>> functions;
  private final Semaphore concurrency;
  private final ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor();
  private final Backlog events = new Backlog();

  /** Functions found by their name, eight at a time. */
  public LambdaStandIn(Function<String, Optional<LambdaFunction>> functions) {
    this(functions, 8);
  }

  /** Functions found by their name, and how many invocations may run at a time. */
  public LambdaStandIn(Function<String, Optional<LambdaFunction>> functions, int concurrency) {
    this.functions = functions;
    this.concurrency = new Semaphore(concurrency);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      invoke(exchange);
    } catch (AwsError e) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", e.type());
      Wire.answer(exchange, e.status(), "application/json", Wire.json(e.body()));
    }
  }

  /** Returns when no event that was accepted waits or runs. */
  public void awaitIdle() {
    events.awaitEmpty();
  }

  /** Takes no more invocations, and gives those that run five seconds to end. */
  @Override
  public void close() {
    runs.shutdown();
    try {
      if (!runs.awaitTermination(5, TimeUnit.SECONDS)) {
        runs.shutdownNow();
      }
    } catch (InterruptedException e) {
      runs.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void invoke(HttpExchange exchange) throws IOException {
    LambdaFunction function = called(exchange);
    String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
    switch (type == null ? "RequestResponse" : type) {
      case "RequestResponse" -> wait(exchange, function, event(exchange, MAX_REQUEST_BYTES));
      case "Event" -> queue(exchange, function, event(exchange, MAX_EVENT_BYTES));
      case "DryRun" -> Wire.answer(exchange, 204, "application/json", new byte[0]);
      default -> throw AwsError.client("InvalidParameterValueException", "Unknown invocation type");
    }
  }

  private LambdaFunction called(HttpExchange exchange) {
    Matcher path = INVOCATIONS.matcher(exchange.getRequestURI().getPath());
    if (!path.matches() || !exchange.getRequestMethod().equals("POST")) {
      throw new AwsError(404, "UnknownOperationException", "Only Invoke is here");
    }
    return functions
        .apply(path.group(1))
        .orElseThrow(
            () ->
                new AwsError(
                    404, "ResourceNotFoundException", "Function not found: " + path.group(1)));
  }

  private static byte[] event(HttpExchange exchange, int limit) throws IOException {
    byte[] event = exchange.getRequestBody().readNBytes(limit + 1);
    if (event.length > limit) {
      throw new AwsError(
          413, "RequestTooLargeException", "Request must be smaller than " + limit + " bytes");
    }
    return event.length == 0 ? Wire.utf8("{}") : requireJson(event);
  }

  private static byte[] requireJson(byte[] event) {
    try {
      Wire.parse(event);
      return event;
    } catch (IOException e) {
      throw AwsError.client(
          "InvalidRequestContentException", "Could not parse request body into json");
    }
  }

  // Both ways of running it take an Error for a failed run as well, as Lambda does.

  private void queue(HttpExchange exchange, LambdaFunction function, byte[] event)
      throws IOException {
    String requestId = Wire.requestId(exchange);
    events.accepted();
    runs.execute(
        () -> {
          concurrency.acquireUninterruptibly();
          try {
            function.invoke(
                requestId, new ByteArrayInputStream(event), new ByteArrayOutputStream());
          } catch (Exception | Error e) {
            LOG.log(Level.WARNING, "Invocation " + requestId + " failed", e);
          } finally {
            concurrency.release();
            events.ended();
          }
        });
    Wire.answer(exchange, 202, "application/json", new byte[0]);
  }

  private void wait(HttpExchange exchange, LambdaFunction function, byte[] event)
      throws IOException {
    if (!concurrency.tryAcquire()) {
      throw new AwsError(429, "TooManyRequestsException", "Rate Exceeded.");
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      function.invoke(Wire.requestId(exchange), new ByteArrayInputStream(event), answer);
    } catch (Exception | Error e) {
      answer.reset();
      answer.writeBytes(Wire.json(failure(e)));
      exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
    } finally {
      concurrency.release();
    }
    exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
    Wire.answer(exchange, 200, "application/json", answer.toByteArray());
  }

  private static Map<String, Object> failure(Throwable e) {
    return Map.of(
        "errorMessage", String.valueOf(e.getMessage()), "errorType", e.getClass().getName());
  }
}
