package retl.standins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SQS's SendMessageBatch over FIFO queues, and what AWS puts between a queue and its function: the
 * messages of a group are handed over one after the other, two groups at a time. A message that was
 * sent within the last five minutes is taken and let fall. Unlike the service it hands over one
 * message at a time, hands over nothing again, and keeps nothing when it ends.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html">API
 *     reference</a>
 */
public final class SqsStandIn implements HttpHandler, AutoCloseable {
  private static final Logger LOG = System.getLogger(SqsStandIn.class.getName());
  private static final String JSON = "application/x-amz-json-1.0";
  private static final String TARGET = "AmazonSQS.";
  private static final int MAX_REQUEST_BYTES = 1024 * 1024;
  private static final int MAX_ENTRIES = 10;
  private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

  private final Function<String, Optional<LambdaFunction>> consumers;
  private final InstantSource clock;
  private final ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore concurrency = new Semaphore(2);
  private final Backlog messages = new Backlog();

  // Both are guarded by this object.
  private final Map<Group, Queue<Message>> waiting = new HashMap<>();
  private final Map<Group, Instant> sent = new HashMap<>();

  /** Queues found by their URL, each as the function that takes its messages. */
  public SqsStandIn(Function<String, Optional<LambdaFunction>> consumers, InstantSource clock) {
    this.consumers = consumers;
    this.clock = clock;
  }

  /** A queue's URL and the name of a group in it, or of a message. */
  private record Group(String queueUrl, String name) {}

  private record Message(String id, String body, String group, String deduplication) {}

  static boolean isMeant(HttpExchange exchange) {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    return target != null && target.startsWith(TARGET);
  }

  /** Returns when no message that was taken waits or is with its function. */
  public void awaitIdle() {
    messages.awaitEmpty();
  }

  /** Lets fall what waits, and ends what runs. */
  @Override
  public void close() {
    runs.shutdownNow();
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      Wire.answer(exchange, 200, JSON, Wire.json(sendBatch(exchange)));
    } catch (AwsError e) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", e.type());
      Wire.answer(exchange, e.status(), JSON, Wire.json(e.body()));
    }
  }

  private Map<String, Object> sendBatch(HttpExchange exchange) throws IOException {
    if (!"AmazonSQS.SendMessageBatch"
        .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
      throw AwsError.client("UnknownOperationException", "Only SendMessageBatch is here");
    }
    Fields request = Fields.parse(exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES));
    String queueUrl = request.text("QueueUrl", 2048);
    LambdaFunction consumer =
        consumers
            .apply(queueUrl)
            .orElseThrow(
                () -> AwsError.client("QueueDoesNotExist", "The specified queue does not exist."));
    List<Fields> entries = request.objects("Entries");
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
      throw AwsError.client("TooManyEntriesInBatchRequest", "A batch has 1 to 10 entries");
    }
    List<Map<String, Object>> taken = new ArrayList<>();
    for (Fields entry : entries) {
      String entryId = entry.text("Id", 80);
      Message message =
          new Message(
              UUID.randomUUID().toString(),
              entry.text("MessageBody", MAX_REQUEST_BYTES),
              entry.text("MessageGroupId", 128),
              entry.text("MessageDeduplicationId", 128));
      take(queueUrl, message, consumer);
      taken.add(
          Map.of("Id", entryId, "MessageId", message.id, "MD5OfMessageBody", md5(message.body)));
    }
    return Map.of("Successful", taken, "Failed", List.of());
  }

  private synchronized void take(String queueUrl, Message message, LambdaFunction consumer) {
    Instant now = clock.instant();
    sent.values().removeIf(at -> at.plus(DEDUPLICATION).isBefore(now));
    if (sent.putIfAbsent(new Group(queueUrl, message.deduplication), now) != null) {
      return;
    }
    messages.accepted();
    Group group = new Group(queueUrl, message.group);
    Queue<Message> others = waiting.get(group);
    if (others != null) {
      others.add(message);
    } else {
      waiting.put(group, new ArrayDeque<>(List.of(message)));
      runs.execute(() -> runAll(group, consumer));
    }
  }

  private void runAll(Group group, LambdaFunction consumer) {
    for (Message message = next(group); message != null; message = next(group)) {
      concurrency.acquireUninterruptibly();
      try {
        run(message, consumer);
      } finally {
        concurrency.release();
        messages.ended();
      }
    }
  }

  private synchronized @Nullable Message next(Group group) {
    Message next = waiting.getOrDefault(group, new ArrayDeque<>()).poll();
    if (next == null) {
      waiting.remove(group);
    }
    return next;
  }

  private static void run(Message message, LambdaFunction consumer) {
    try {
      consumer.invoke(
          UUID.randomUUID().toString(),
          new ByteArrayInputStream(Wire.json(event(message))),
          new ByteArrayOutputStream());
    } catch (Exception | Error e) {
      LOG.log(Level.WARNING, "The function of message " + message.id + " failed", e);
    }
  }

  private static Map<String, Object> event(Message message) {
    Map<String, Object> attributes =
        Map.of(
            "ApproximateReceiveCount", "1",
            "MessageGroupId", message.group,
            "MessageDeduplicationId", message.deduplication);
    return Map.of(
        "Records",
        List.of(
            Map.of(
                "messageId",
                message.id,
                "receiptHandle",
                message.id,
                "body",
                message.body,
                "attributes",
                attributes,
                "messageAttributes",
                Map.of(),
                "md5OfBody",
                md5(message.body),
                "eventSource",
                "aws:sqs")));
  }

  private static String md5(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Wire.utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5.", e);
    }
  }
}
