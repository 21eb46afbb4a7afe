package retl.aws;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A queue such as that of due validations, on an emulator that others wrote. */
final class OutsideQueue implements AutoCloseable {
  /** Emulators read the region out of it, and believe the rest. */
  private static final String SIGNATURE =
      "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/sqs/aws4_request,"
          + " SignedHeaders=host, Signature=0";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint;
  private final String url;

  OutsideQueue(URI endpoint) throws IOException {
    this.endpoint = endpoint;
    Map<String, Object> attributes = Map.of("FifoQueue", "true", "VisibilityTimeout", "1980");
    this.url =
        text(
            call("CreateQueue", Map.of("QueueName", "due.fifo", "Attributes", attributes)),
            "QueueUrl");
  }

  String url() {
    return url;
  }

  /** Takes what is there, in the order in which it is handed out, as Lambda does. */
  List<String> drain() {
    try {
      List<String> bodies = new ArrayList<>();
      for (Map<?, ?> batch = receive();
          batch.get("Messages") instanceof List<?> messages && !messages.isEmpty();
          batch = receive()) {
        for (Object each : messages) {
          Map<?, ?> message = (Map<?, ?>) each;
          bodies.add(text(message, "Body"));
          call(
              "DeleteMessage",
              Map.of("QueueUrl", url, "ReceiptHandle", text(message, "ReceiptHandle")));
        }
      }
      return bodies;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<?, ?> receive() throws IOException {
    return call("ReceiveMessage", Map.of("QueueUrl", url, "MaxNumberOfMessages", 10));
  }

  private static String text(Map<?, ?> object, String field) {
    return String.valueOf(object.get(field));
  }

  private Map<?, ?> call(String operation, Map<String, Object> body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AmazonSQS." + operation)
            .header("Authorization", SIGNATURE)
            .POST(BodyPublishers.ofString(JSON.std.asString(body)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(operation + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body().isEmpty() ? Map.of() : JSON.std.mapFrom(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
