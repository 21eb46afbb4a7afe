package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class ClientsTest {
  private static final String ADDRESS =
      SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();

  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::answerTables);
    server.createContext("/credentials", ClientsTest::answerCredentials);
    server.start();
    variables.put("AWS_REGION", "eu-central-1");
    variables.put("AWS_ENDPOINT_URL", url(""));
    variables.put("LOCAL_MODE", "true");
  }

  @AfterEach
  void stop() {
    System.clearProperty(ADDRESS);
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
  }

  private void answerTables(HttpExchange exchange) throws IOException {
    signatures.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token")));
    answer(exchange, "{\"TableNames\":[]}");
  }

  private static void answerCredentials(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        """
        {"AccessKeyId": "KEPT", "SecretAccessKey": "kept", "Token": "kept-token",
         "Expiration": "2106-12-31T23:59:59Z"}
        """);
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void giveKeys() {
    variables.put("AWS_ACCESS_KEY_ID", "GIVEN");
    variables.put("AWS_SECRET_ACCESS_KEY", "given");
  }

  private void listTables() {
    try (DynamoDbClient dynamo = new Clients(new Environment(variables)).dynamo()) {
      dynamo.listTables();
    }
  }

  @Test
  void signsWithTheCredentialsOfTheVariables() {
    giveKeys();
    variables.put("AWS_SESSION_TOKEN", "given-token");

    listTables();

    assertThat(signatures).singleElement().asString().contains("Credential=GIVEN/");
    assertThat(tokens).containsExactly("given-token");
  }

  // As in a function of which Lambda takes a snapshot: keys in variables would grow old in it.
  @Test
  void prefersTheAddressWhereLambdaRenewsThem() {
    giveKeys();
    variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", url("credentials"));
    System.setProperty(ADDRESS, url("credentials"));

    listTables();

    assertThat(signatures).singleElement().asString().contains("Credential=KEPT/");
    assertThat(tokens).containsExactly("kept-token");
  }

  @Test
  void looksNowhereElse() {
    System.setProperty("aws.accessKeyId", "ELSEWHERE");
    System.setProperty("aws.secretAccessKey", "elsewhere");
    try {
      assertThatThrownBy(this::listTables).hasMessageContaining("AWS_ACCESS_KEY_ID");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
    assertThat(signatures).isEmpty();
  }

  @Test
  void keepsNoTimeoutThatWasNotNeeded() {
    giveKeys();
    Clients clients = new Clients(new Environment(variables));

    try (DynamoDbClient dynamo = clients.dynamo()) {
      for (int i = 0; i < 5; i++) {
        dynamo.listTables();
      }
    }

    assertThat(clients.pendingTimeouts()).isZero();
  }
}
