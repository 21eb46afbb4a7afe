package retl.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import retl.core.schedule.Due;
import retl.core.schedule.DueQueue;

/**
 * Due validations in a FIFO queue. The place is the message group, of which SQS hands out one batch
 * at a time; the credential and the minute are the deduplication id, so what is sent twice within
 * five minutes is there once.
 */
public final class SqsDueQueue implements DueQueue {
  private final SignedCalls sendBatch;
  private final String queueUrl;

  SqsDueQueue(SignedCalls sendBatch, String queueUrl) {
    this.sendBatch = sendBatch;
    this.queueUrl = queueUrl;
  }

  @Override
  public void send(List<Due> batch) {
    String body =
        JsonText.of(
            json -> {
              json.writeStartObject();
              json.writeStringField("QueueUrl", queueUrl);
              json.writeArrayFieldStart("Entries");
              for (int i = 0; i < batch.size(); i++) {
                write(json, i, batch.get(i));
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    // A batch may be taken in part: then the answer has a list of failed entries, and all are sent
    // again.
    sendBatch.post(
        body, (status, answer) -> status == 200 && JsonText.isEmptyList(answer, "Failed"));
  }

  private static void write(com.fasterxml.jackson.core.JsonGenerator json, int number, Due due)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("Id", Integer.toString(number));
    json.writeStringField("MessageBody", body(due));
    json.writeStringField("MessageGroupId", group(due.place()));
    json.writeStringField("MessageDeduplicationId", due.credentialId() + "-" + due.minute());
    json.writeEndObject();
  }

  private static String body(Due due) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("workspace", due.workspace());
          json.writeStringField("credentialId", due.credentialId());
          json.writeStringField("place", due.place());
          json.writeNumberField("minute", due.minute());
          json.writeEndObject();
        });
  }

  // A host name may be longer than the name of a message group.
  private static String group(String place) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
