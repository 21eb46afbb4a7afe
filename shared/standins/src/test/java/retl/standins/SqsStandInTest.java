package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsStandInTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch arrived = new CountDownLatch(2);
  private volatile Instant now = START;
  private SqsStandIn sqs;
  private AwsStandIns server;

  @BeforeEach
  void start() throws IOException {
    LambdaFunction note =
        (id, event, answer) -> {
          String text = new String(event.readAllBytes(), UTF_8);
          if (text.contains("blocked")) {
            arrived.countDown();
            open.await();
          }
          if (text.contains("broken")) {
            throw new IllegalStateException("told to fail");
          }
          seen.add(text);
        };
    sqs = new SqsStandIn(url -> Optional.of(note).filter(it -> url.endsWith("/Due")), () -> now);
    server =
        AwsStandIns.start(
            0, SecretsManagerStandIn.inMemory(), new LambdaStandIn(name -> Optional.empty()), sqs);
  }

  @AfterEach
  void stop() {
    open.countDown();
    server.close();
  }

  private static String entry(String body, String group, String deduplication) {
    return """
        {"Id": "%s", "MessageBody": "%s", "MessageGroupId": "%s", "MessageDeduplicationId": "%s"}"""
        .formatted(deduplication, body, group, deduplication);
  }

  private HttpResponse<String> send(String... entries) throws Exception {
    return call(
        "SendMessageBatch",
        "{\"QueueUrl\": \"http://127.0.0.1/Due\", \"Entries\": [%s]}"
            .formatted(String.join(",", entries)));
  }

  private HttpResponse<String> call(String operation, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.endpoint())
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void handsEachMessageToTheQueuesFunctionAsAnEvent() throws Exception {
    HttpResponse<String> answer = send(entry("one", "g", "1"), entry("two", "g", "2"));
    sqs.awaitIdle();

    assertThat(answer.statusCode()).isEqualTo(200);
    // MD5 of "one", as the service answers it so that clients can compare.
    assertThat(answer.body())
        .contains("\"Failed\":[]", "\"Id\":\"1\"", "\"Id\":\"2\"")
        .contains("f97c5d29941bfb1b2fdab0874906ab82");
    assertThat(seen).hasSize(2);
    assertThat(seen.getFirst())
        .startsWith("{\"Records\":[{")
        .contains("\"body\":\"one\"", "\"eventSource\":\"aws:sqs\"", "\"MessageGroupId\":\"g\"");
    assertThat(seen.getLast()).contains("\"body\":\"two\"");
  }

  @Test
  void messagesOfOneGroupWaitForEachOtherAndOtherGroupsDoNot() throws Exception {
    send(entry("blocked 1", "a", "1"), entry("after it", "a", "2"), entry("blocked 2", "b", "3"));

    // Both groups are with the function at the same time; the second of the first group is not.
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).isEmpty();

    open.countDown();
    sqs.awaitIdle();
    assertThat(seen.stream().filter(event -> event.contains("\"MessageGroupId\":\"a\"")))
        .hasSize(2)
        .last()
        .asString()
        .contains("after it");
  }

  @Test
  void letsFallWhatWasSentWithinFiveMinutes() throws Exception {
    send(entry("one", "g", "1"));
    now = START.plus(Duration.ofMinutes(5));
    send(entry("one", "g", "1"));
    sqs.awaitIdle();
    assertThat(seen).hasSize(1);

    now = START.plus(Duration.ofMinutes(5).plusSeconds(1));
    send(entry("one", "g", "1"));
    sqs.awaitIdle();
    assertThat(seen).hasSize(2);
  }

  @Test
  void aMessageWhoseFunctionFailsHoldsUpNoOther() throws Exception {
    send(entry("broken", "g", "1"), entry("two", "g", "2"));
    sqs.awaitIdle();

    assertThat(seen).singleElement().asString().contains("two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ReceiveMessage | {} | UnknownOperationException",
        "SendMessageBatch | {} | ValidationException",
        "SendMessageBatch | [] | SerializationException",
        "SendMessageBatch | {\"QueueUrl\": \"http://x/None\"} | QueueDoesNotExist",
        "SendMessageBatch | {\"QueueUrl\": \"http://x/Due\"} | TooManyEntriesInBatchRequest",
        "SendMessageBatch | {\"QueueUrl\": \"http://x/Due\", \"Entries\": [{\"Id\": \"1\"}]}"
            + " | ValidationException",
      })
  void refusesWhatTheServiceRefuses(String operation, String body, String type) throws Exception {
    HttpResponse<String> answer = call(operation, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"__type\":\"" + type + "\"");
    assertThat(seen).isEmpty();
  }
}
