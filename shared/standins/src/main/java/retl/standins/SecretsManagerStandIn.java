package retl.standins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Secrets Manager's wire protocol (AWS JSON 1.1) over a folder or memory, with the rules of its API
 * reference: every call that the service refuses is refused here with the same error type. It is
 * stricter than the service in one way only: what was written is seen at once by every later call.
 * It knows no permissions, keys, rotation, replicas or resource policies.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html">API
 *     reference</a>
 */
public final class SecretsManagerStandIn implements HttpHandler {
  private static final String JSON = "application/x-amz-json-1.1";
  private static final String TARGET = "secretsmanager.";

  /** Far above the largest request that the service takes, which holds a secret of 64 KiB. */
  private static final int MAX_REQUEST_BYTES = 1024 * 1024;

  private final SecretOperations operations;
  private final Faults faults;

  /**
   * Opens the secrets of a folder, or a new one.
   *
   * @param folder made when it is not there and readable by its owner only; null keeps the secrets
   *     in memory
   * @param clock decides the times in answers and when a deleted secret is gone
   */
  public SecretsManagerStandIn(@Nullable Path folder, Clock clock, Faults faults)
      throws IOException {
    this.operations = new SecretOperations(new SecretShelf(folder), clock);
    this.faults = faults;
  }

  /** No secrets yet, kept in memory only, and nothing goes wrong. */
  public static SecretsManagerStandIn inMemory() {
    try {
      return new SecretsManagerStandIn(null, Clock.systemUTC(), Faults.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException("Without a folder there is nothing to read", e);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      answer(exchange);
    } catch (AwsError e) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", e.type());
      Wire.answer(exchange, e.status(), JSON, Wire.json(e.body()));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String operation = operation(exchange);
    requireSignature(exchange);
    byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
    if (body.length > MAX_REQUEST_BYTES) {
      throw new AwsError(413, "RequestEntityTooLargeException", "The request is too large");
    }
    Faults.Fault fault = faults.next(operation);
    if (fault == Faults.Fault.THROTTLED) {
      throw AwsError.client("ThrottlingException", "Rate exceeded");
    }
    Map<String, Object> answer = perform(operation, body);
    if (fault == Faults.Fault.ANSWER_LOST) {
      exchange.close();
    } else {
      Wire.answer(exchange, 200, JSON, Wire.json(answer));
    }
  }

  private static String operation(HttpExchange exchange) {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target == null
        || !target.startsWith(TARGET)
        || !exchange.getRequestMethod().equals("POST")) {
      throw AwsError.client("UnknownOperationException", "No operation of Secrets Manager");
    }
    return target.substring(TARGET.length());
  }

  /** Any signature will do; a call without one is a client that was put together wrongly. */
  private static void requireSignature(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      throw AwsError.client("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
  }

  private Map<String, Object> perform(String operation, byte[] body) {
    try {
      return operations.perform(operation, Fields.parse(body));
    } catch (IOException e) {
      throw new AwsError(500, "InternalServiceError", "The secret could not be written");
    }
  }
}
