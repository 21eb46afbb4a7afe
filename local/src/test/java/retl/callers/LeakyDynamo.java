package retl.callers;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * DynamoDB as a store would see it that has forgotten the workspace: what is not found under the
 * own one is looked for under the other one. It forgets it for the items of one kind only.
 */
final class LeakyDynamo implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final URI dynamo;
  private final String kind;
  private final String own;
  private final String other;

  /**
   * @param kind what the sort keys begin with for which the workspace is forgotten
   */
  LeakyDynamo(URI dynamo, String kind, World own, World other) throws IOException {
    this.dynamo = dynamo;
    this.kind = kind;
    this.own = own.workspace();
    this.other = other.workspace();
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::forward);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void forward(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    HttpResponse<String> answer = send(exchange, request);
    if (request.contains("\"" + kind) && foundNothing(answer)) {
      answer = send(exchange, request.replace(own, other));
    }
    String body = request.contains("\"" + kind) ? answer.body().replace(other, own) : answer.body();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static boolean foundNothing(HttpResponse<String> answer) {
    return answer.statusCode() != 200
        || answer.body().equals("{}")
        || answer.body().contains("\"Count\":0");
  }

  private HttpResponse<String> send(HttpExchange exchange, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(dynamo).POST(HttpRequest.BodyPublishers.ofString(body));
    for (String header : new String[] {"X-amz-target", "Authorization", "X-amz-date"}) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    request.header("Content-Type", "application/x-amz-json-1.0");
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
