package retl.functions.service.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** An issuer on loopback that publishes what it is told, and notes what it was asked for. */
public final class IssuerServer implements AutoCloseable {
  private static final String CONFIGURATION = "/.well-known/openid-configuration";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Answer configuration;
  private volatile Answer keys = Answer.of("{\"keys\":[]}");

  public IssuerServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    configuration =
        Answer.of(SigningKey.json(Map.of("issuer", url(), "jwks_uri", url() + "/keys")));
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** How it answers. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;

    static Answer of(String body) {
      return of(200, body);
    }

    static Answer of(int status, String body) {
      byte[] bytes = body.getBytes(UTF_8);
      return exchange -> {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      };
    }
  }

  /** What it calls itself. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  URI uri() {
    return URI.create(url());
  }

  /** Publishes these keys from now on. */
  public void publish(SigningKey... all) {
    keys = Answer.of(keySet(all));
  }

  static String keySet(SigningKey... all) {
    return SigningKey.json(
        Map.of("keys", Stream.of(all).map(key -> key.published(Map.of())).toList()));
  }

  void answerConfiguration(Answer answer) {
    configuration = answer;
  }

  void answerKeys(Answer answer) {
    keys = answer;
  }

  /** The paths that it was asked for. */
  public List<String> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    try (exchange) {
      (path.equals(CONFIGURATION) ? configuration : keys).to(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
