package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.Rehearsal;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class RenewedHttpTest {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void accept() {
    for (int number = 1; !server.isClosed(); number++) {
      try {
        Socket socket = server.accept();
        String name = "connection " + number;
        Thread.ofVirtual().start(() -> answer(socket, name));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket, String name) {
    try (socket;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      seen.add(name + " opened");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        }
      }
      seen.add(name + " closed");
    } catch (IOException e) {
      seen.add(name + " closed");
    }
  }

  private void call(SdkHttpClient http) throws IOException {
    http.prepareRequest(
            HttpExecuteRequest.builder()
                .request(
                    SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                        .build())
                .build())
        .call();
  }

  @Test
  void noConnectionIsInASnapshotAndTheNextCallOpensAnother() throws Exception {
    RenewedHttp http = RenewedHttp.of(AwsCrtHttpClient::create);
    call(http);
    call(http);

    http.beforeCheckpoint(org.crac.Core.getGlobalContext());
    Set<String> before = connectionsUntilAllAreClosed();
    http.afterRestore(org.crac.Core.getGlobalContext());
    call(http);

    assertThat(before).isNotEmpty();
    assertThat(seen.poll(10, TimeUnit.SECONDS)).endsWith("opened").isNotIn(before);
    http.close();
  }

  @Test
  void nothingIsSentInARehearsal() throws Exception {
    RenewedHttp http = RenewedHttp.of(AwsCrtHttpClient::create);

    Rehearsal.run(() -> call(http));
    assertThat(seen).isEmpty();

    call(http);
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("connection 1 opened");
    http.close();
  }

  // A key that was made from it would stay in the function.
  @Test
  void noSecretIsFoundInARehearsal() {
    try (SecretsManagerClient secrets =
        SecretsManagerClient.builder()
            .httpClient(RenewedHttp.of(AwsCrtHttpClient::create))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
            .build()) {
      assertThatThrownBy(
              () -> Rehearsal.run(() -> secrets.getSecretValue(get -> get.secretId("keys"))))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  /** The pool may have opened more than it needed; an event that does not come ends the wait. */
  private Set<String> connectionsUntilAllAreClosed() throws InterruptedException {
    Set<String> all = new HashSet<>();
    Set<String> open = new HashSet<>();
    do {
      String event = seen.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("Connections that stay open: " + open).isNotNull();
      if (event.endsWith("opened")) {
        all.add(event);
        open.add(event.replace("opened", "closed"));
      }
      open.remove(event);
    } while (!open.isEmpty());
    return all;
  }
}
