package retl.local;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import retl.local.Template.Authorizer;

/**
 * An HTTP API of API Gateway on its {@code $default} stage, on loopback: it finds the route, asks
 * the authorizer, hands the function its event and sends what the function answers. What the
 * gateway refuses by itself is refused here in the same words, and web pages are answered as it
 * would. It caches no authorizer's answer, throttles nobody, and ends no function that takes too
 * long.
 */
public final class HttpFront implements AutoCloseable {
  private static final Logger LOG = System.getLogger(HttpFront.class.getName());

  /** The gateway's limit for the body of a request. */
  private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

  private final HttpServer server;
  private final Routes routes;
  private final Functions functions;
  private final Cors cors;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  private HttpFront(HttpServer server, Template template, Functions functions, Cors cors) {
    this.server = server;
    this.routes = new Routes(template.routes());
    this.functions = functions;
    this.cors = cors;
    server.createContext("/", this::handle);
    server.setExecutor(requests);
  }

  /**
   * Answers from now on.
   *
   * @param port the port of loopback to listen on, 0 for any free one
   * @param origins of the web pages that may call, exactly as browsers send them
   * @throws IOException if the port is taken; the message says so
   */
  public static HttpFront start(
      int port, Template template, Functions functions, Set<String> origins) throws IOException {
    requireFree(port);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    HttpFront front =
        new HttpFront(server, template, functions, new Cors(template.cors(), origins));
    server.start();
    return front;
  }

  /** Fails when somebody else listens on the port, in the words of {@link #start}. */
  static void requireFree(int port) throws IOException {
    if (!Ports.isFree(port)) {
      throw new IOException("Port " + port + " is in use by another program");
    }
  }

  /** Where it answers, such as {@code http://127.0.0.1:8080}. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Takes no more requests, and gives those under way a second to end. */
  @Override
  public void close() {
    server.stop(1);
    requests.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    GatewayAnswer answer;
    try {
      answer = answer(exchange, requestId);
    } catch (Exception | Error e) {
      LOG.log(Level.ERROR, "Request " + requestId + " failed", e);
      answer = GatewayAnswer.of(500, "Internal Server Error");
    }
    exchange.getResponseHeaders().set("apigw-requestid", requestId);
    cors.allow(exchange);
    answer.send(exchange);
  }

  private GatewayAnswer answer(HttpExchange exchange, String requestId) throws Exception {
    Optional<GatewayAnswer> preflight = cors.preflight(exchange);
    if (preflight.isPresent()) {
      return preflight.get();
    }
    Optional<Routes.Match> match =
        routes.find(exchange.getRequestMethod(), GatewayEvent.path(exchange));
    if (match.isEmpty()) {
      return GatewayAnswer.of(404, "Not Found");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      return GatewayAnswer.of(413, "Request Too Long");
    }
    GatewayEvent event = new GatewayEvent(exchange, match.get(), requestId);
    Optional<Map<?, ?>> caller = Optional.empty();
    if (match.get().route().authorizer().isPresent()) {
      Authorizer authorizer = match.get().route().authorizer().get();
      Optional<List<String>> identity = identity(authorizer, event);
      if (identity.isEmpty()) {
        return GatewayAnswer.of(401, "Unauthorized");
      }
      caller = ask(authorizer, event.forAuthorizer(identity.get()), requestId);
      if (caller.isEmpty()) {
        return GatewayAnswer.of(403, "Forbidden");
      }
    }
    return GatewayAnswer.of(
        invoke(match.get().route().function(), event.forFunction(caller, body), requestId));
  }

  /** The values of the headers that the authorizer needs; empty when one is missing. */
  private static Optional<List<String>> identity(Authorizer authorizer, GatewayEvent event) {
    List<String> identity = new ArrayList<>();
    for (String header : authorizer.headers()) {
      event.header(header).filter(value -> !value.isEmpty()).ifPresent(identity::add);
    }
    return identity.size() == authorizer.headers().size()
        ? Optional.of(identity)
        : Optional.empty();
  }

  /** What the authorizer says of the caller; empty when it lets nobody in. */
  private Optional<Map<?, ?>> ask(
      Authorizer authorizer, Map<String, Object> event, String requestId) throws Exception {
    byte[] answer = invoke(authorizer.function(), event, requestId);
    if (JSON.std.anyFrom(answer) instanceof Map<?, ?> said
        && said.get("isAuthorized") instanceof Boolean allowed) {
      Map<?, ?> context = said.get("context") instanceof Map<?, ?> given ? given : Map.of();
      return allowed ? Optional.of(context) : Optional.empty();
    }
    throw new IOException("The authorizer's answer has no isAuthorized");
  }

  private byte[] invoke(String function, Map<String, Object> event, String requestId)
      throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    functions
        .find(function)
        .orElseThrow(() -> new IOException("There is no function " + function))
        .invoke(requestId, new ByteArrayInputStream(JSON.std.asBytes(event)), answer);
    return answer.toByteArray();
  }
}
