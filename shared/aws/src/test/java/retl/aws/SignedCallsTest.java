package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.core.credential.Credential;
import retl.core.credential.StatusChange;
import retl.core.schedule.Due;

/** What goes to SQS and EventBridge, and what is made of their answers. */
class SignedCallsTest {
  private static final StatusChange CHANGE =
      new StatusChange(
          "ws1",
          "crd_1",
          "Shop \"main\" – é",
          Credential.Status.VALID,
          Credential.Status.FAILING,
          "authentication_failed",
          "val_1",
          Instant.parse("2026-03-01T12:00:00.123Z"));

  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    targets.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] answer =
        (answers.isEmpty() ? "{}" : answers.removeFirst()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Clients clients(String bus) {
    return new Clients(
        new Environment(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_REGION",
                "eu-central-1",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "LOCAL_MODE",
                "true",
                "EVENT_BUS",
                bus)));
  }

  private void send(Due... due) {
    clients("").dueQueue("https://sqs.example.com/1/due.fifo").send(List.of(due));
  }

  @Test
  void dueValidationsAreGroupedByPlaceAndDeduplicatedByMinute() {
    send(
        new Due("ws1", "crd_1", "db.example.com", 7),
        new Due("ws1", "crd_2", "db.example.com", 7),
        new Due("ws1", "crd_1", "other.example.com", 8));

    assertThat(targets).containsExactly("AmazonSQS.SendMessageBatch");
    assertThat(bodies.getFirst())
        .contains(
            "\"QueueUrl\":\"https://sqs.example.com/1/due.fifo\"",
            "\"MessageDeduplicationId\":\"crd_1-7\"",
            "\"MessageDeduplicationId\":\"crd_2-7\"",
            "\"MessageDeduplicationId\":\"crd_1-8\"",
            "{\\\"workspace\\\":\\\"ws1\\\",\\\"credentialId\\\":\\\"crd_2\\\"");
    assertThat(bodies.getFirst().split("\"MessageGroupId\":\"", -1))
        .satisfies(parts -> assertThat(group(parts[1])).isEqualTo(group(parts[2])))
        .satisfies(parts -> assertThat(group(parts[1])).isNotEqualTo(group(parts[3])));
  }

  private static String group(String text) {
    return text.substring(0, text.indexOf('"'));
  }

  @Test
  void aBatchThatIsTakenInPartIsSentAgain() {
    answers.add("{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[{\"Id\":\"1\"}]}");
    answers.add("{\"Successful\":[{\"Id\":\"0\"},{\"Id\":\"1\"}],\"Failed\":[]}");

    send(new Due("ws1", "crd_1", "a", 7), new Due("ws1", "crd_2", "b", 7));

    assertThat(bodies).hasSize(2);
  }

  @Test
  void aBatchThatIsNeverTakenIsAFault() {
    answers.addAll(Collections.nCopies(9, "{\"Failed\":[{\"Id\":\"0\"}]}"));

    assertThatThrownBy(() -> send(new Due("ws1", "crd_1", "a", 7)))
        .isInstanceOf(RuntimeException.class);
    assertThat(bodies).hasSize(3);
  }

  @Test
  void aChangeOfStatusIsOneEvent() {
    clients("bus-1").announcer().announce(CHANGE);

    assertThat(targets).containsExactly("AWSEvents.PutEvents");
    assertThat(bodies.getFirst())
        .contains(
            "\"Source\":\"retl-models\"",
            "\"DetailType\":\"Credential Status Changed\"",
            "\"EventBusName\":\"bus-1\"",
            "\\\"from\\\":\\\"valid\\\",\\\"to\\\":\\\"failing\\\"",
            "\\\"code\\\":\\\"authentication_failed\\\"");
  }

  @Test
  void anEventThatIsNotTakenIsSentAgain() {
    answers.add("{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"InternalFailure\"}]}");
    answers.add("{\"FailedEntryCount\":0}");

    clients("bus-1").announcer().announce(CHANGE);

    assertThat(bodies).hasSize(2);
  }

  @Test
  void withoutABusNobodyIsTold() {
    clients("").announcer().announce(CHANGE);

    assertThat(bodies).isEmpty();
  }
}
