package retl.aws;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way to DynamoDB with trouble on it, as often as is told. */
final class BadConnection implements AutoCloseable {
  private final URI to;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<String> troubles = new ArrayDeque<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  private BadConnection(URI to) throws IOException {
    this.to = to;
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  static BadConnection to(URI endpoint) {
    try {
      return new BadConnection(endpoint);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The next call takes effect, and its answer is lost. */
  BadConnection losesAnAnswer() {
    troubles.add("");
    return this;
  }

  /** The next call has no effect and is answered so, with status 400. */
  BadConnection answers(String body) {
    troubles.add(body);
    return this;
  }

  /** The operations that were called, in order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    calls.add(target.substring(target.indexOf('.') + 1));
    byte[] body = exchange.getRequestBody().readAllBytes();
    String trouble = troubles.poll();
    if (trouble != null && !trouble.isEmpty()) {
      answer(exchange, 400, trouble.getBytes(StandardCharsets.UTF_8));
      return;
    }
    HttpResponse<byte[]> response = forward(exchange, body);
    if (trouble != null) {
      exchange.close();
    } else {
      response
          .headers()
          .firstValue("x-amz-crc32")
          .ifPresent(crc -> exchange.getResponseHeaders().set("x-amz-crc32", crc));
      answer(exchange, response.statusCode(), response.body());
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to.resolve("/")).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (String header : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      request.header(header, exchange.getRequestHeaders().getFirst(header));
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
