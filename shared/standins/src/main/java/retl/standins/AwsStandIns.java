package retl.standins;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The server of the stand-ins: Secrets Manager and Lambda on one port of loopback, told apart by
 * path as the services' own protocols are. Every region and every credentials are one.
 */
public final class AwsStandIns implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final LambdaStandIn lambda;

  private AwsStandIns(HttpServer server, SecretsManagerStandIn secrets, LambdaStandIn lambda) {
    this.server = server;
    this.lambda = lambda;
    server.createContext("/", secrets);
    server.createContext(LambdaStandIn.PATH, lambda);
    server.setExecutor(requests);
  }

  /**
   * Answers from now on; {@link #close} closes the Lambda stand-in too.
   *
   * @param port the port of loopback to listen on, 0 for any free one
   * @throws IOException if the port is taken
   */
  public static AwsStandIns start(int port, SecretsManagerStandIn secrets, LambdaStandIn lambda)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    AwsStandIns standIns = new AwsStandIns(server, secrets, lambda);
    server.start();
    return standIns;
  }

  /** Where both services answer, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    lambda.close();
    server.stop(0);
    requests.shutdownNow();
  }
}
