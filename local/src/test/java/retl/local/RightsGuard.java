package retl.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import retl.api.json.Json;
import retl.aws.Environment;

/** Stands between one function and its stores, and lets through what the function may do. */
final class RightsGuard implements AutoCloseable {
  private static final Pattern FUNCTION = Pattern.compile("/functions/([^/]+)/invocations");
  private static final List<String> SERVICES =
      List.of("DYNAMODB", "SECRETS_MANAGER", "LAMBDA", "SQS", "EVENTBRIDGE");

  private final Rights rights;
  private final Map<String, String> stores;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();

  /**
   * Starts it.
   *
   * @param stores the variables that point a function at the stores themselves
   */
  RightsGuard(Rights rights, Map<String, String> stores) throws IOException {
    this.rights = rights;
    this.stores = stores;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::pass);
    server.start();
  }

  /** The variables that point a function at this guard. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(stores);
    for (String service : SERVICES) {
      variables.computeIfPresent(
          "AWS_ENDPOINT_URL_" + service,
          (name, url) -> "http://127.0.0.1:" + server.getAddress().getPort());
    }
    return variables;
  }

  /** What was asked for and is not allowed. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      String path = exchange.getRequestURI().getRawPath();
      for (Rights.Asked asked : asked(target, path, body)) {
        if (!rights.allow(asked)) {
          refused.add(asked.action() + " of " + asked.resource() + " " + asked.leadingKeys());
          byte[] answer = "{\"__type\":\"AccessDeniedException\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(400, answer.length);
          exchange.getResponseBody().write(answer);
          return;
        }
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(store(target).resolve(path))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> {
                if (name.matches("(?i)authorization|content-type|x-amz-.*")) {
                  request.header(name, values.getFirst());
                }
              });
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      for (String header : List.of("content-type", "x-amz-crc32", "x-amzn-requestid")) {
        response
            .headers()
            .firstValue(header)
            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
      }
      byte[] answer = response.body();
      exchange.sendResponseHeaders(response.statusCode(), answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String serviceOf(String target) {
    return switch (target.replaceFirst("[._].*", "")) {
      case "DynamoDB" -> "DYNAMODB";
      case "secretsmanager" -> "SECRETS_MANAGER";
      case "AmazonSQS" -> "SQS";
      case "AWSEvents" -> "EVENTBRIDGE";
      default -> "LAMBDA";
    };
  }

  private URI store(String target) {
    return URI.create(stores.get("AWS_ENDPOINT_URL_" + serviceOf(target)) + "/");
  }

  private List<Rights.Asked> asked(String target, String path, byte[] body) {
    String operation = target.replaceFirst(".*\\.", "");
    return switch (serviceOf(target)) {
      case "DYNAMODB" -> Rights.ofDynamo(operation, json(body));
      case "SECRETS_MANAGER" -> {
        String id = json(body).at("SecretId").or(json(body).at("Name")).text();
        String keys = stores.get(Environment.KEYS_SECRET);
        yield one("secretsmanager:" + operation, id.equals(keys) ? "KeysSecret" : id);
      }
      case "SQS" -> one("sqs:SendMessage", "DueQueue");
      case "EVENTBRIDGE" -> one("events:PutEvents", "bus");
      default -> {
        Matcher function = FUNCTION.matcher(path);
        yield one("lambda:InvokeFunction", function.find() ? function.group(1) : path);
      }
    };
  }

  private static List<Rights.Asked> one(String action, String resource) {
    return List.of(new Rights.Asked(action, resource, List.of(), Set.of(), false));
  }

  private static TemplateValue json(byte[] body) {
    return TemplateValue.of(Json.parse(new String(body, StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
