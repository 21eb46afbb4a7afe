package retl.standins;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The server of the stand-ins: Secrets Manager, SQS and Lambda on one port of loopback, told apart
 * as the services' own protocols are. Every region and every credentials are one.
 */
public final class AwsStandIns implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final LambdaStandIn lambda;
  private final SqsStandIn sqs;

  private AwsStandIns(
      HttpServer server, SecretsManagerStandIn secrets, LambdaStandIn lambda, SqsStandIn sqs) {
    this.server = server;
    this.lambda = lambda;
    this.sqs = sqs;
    server.createContext(
        "/",
        exchange -> {
          HttpHandler service = SqsStandIn.isMeant(exchange) ? sqs : secrets;
          service.handle(exchange);
        });
    server.createContext(LambdaStandIn.PATH, lambda);
    server.setExecutor(requests);
  }

  /** Answers from now on, without queues. */
  public static AwsStandIns start(int port, SecretsManagerStandIn secrets, LambdaStandIn lambda)
      throws IOException {
    return start(port, secrets, lambda, new SqsStandIn(url -> Optional.empty(), Clock.systemUTC()));
  }

  /**
   * Answers from now on; {@link #close} closes the stand-ins for Lambda and SQS too.
   *
   * @param port the port of loopback to listen on, 0 for any free one
   * @throws IOException if the port is taken
   */
  public static AwsStandIns start(
      int port, SecretsManagerStandIn secrets, LambdaStandIn lambda, SqsStandIn sqs)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    AwsStandIns standIns = new AwsStandIns(server, secrets, lambda, sqs);
    server.start();
    return standIns;
  }

  /** Where all services answer, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    sqs.close();
    lambda.close();
    server.stop(0);
    requests.shutdownNow();
  }
}
