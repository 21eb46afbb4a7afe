package retl.functions.warehouse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import retl.api.Log;
import retl.api.json.Json;
import retl.core.schedule.Due;
import retl.core.schedule.ScheduledValidations;

/**
 * Runs the validations of a batch from the queue, one by one. What met a fault, and what there was
 * no time for, is named in the answer and comes again; the rest of the batch does not.
 */
public final class RunScheduledValidationsHandler implements RequestStreamHandler {
  /** The longest that a validation takes, and a little more. */
  private static final int MILLIS_FOR_ONE = 65_000;

  private final ScheduledValidations validations;

  public RunScheduledValidationsHandler() {
    this(new Wiring(System.getenv()));
  }

  public RunScheduledValidationsHandler(Wiring wiring) {
    this.validations = wiring.scheduledValidations();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    List<String> failed = new ArrayList<>();
    List<?> messages = messages(new String(input.readAllBytes(), StandardCharsets.UTF_8));
    for (Object message : messages) {
      if (message instanceof Map<?, ?> fields
          && fields.get("messageId") instanceof String id
          && !isDone(id, fields, context)) {
        failed.add(id);
      }
    }
    Log.counted(
        context,
        "validated",
        Map.of("messages", (long) messages.size(), "failed", (long) failed.size()));
    output.write(answer(failed).getBytes(StandardCharsets.UTF_8));
  }

  private static List<?> messages(String event) {
    if (Json.parse(event) instanceof Map<?, ?> fields
        && fields.get("Records") instanceof List<?> records) {
      return records;
    }
    throw new IllegalArgumentException("The event is not a batch of messages: it has no Records.");
  }

  private boolean isDone(String id, Map<?, ?> message, Context context) {
    if (context.getRemainingTimeInMillis() < MILLIS_FOR_ONE) {
      return false;
    }
    try {
      validations.run(due(message));
      return true;
    } catch (RuntimeException e) {
      Log.error(context, id, e);
      return false;
    }
  }

  private static Due due(Map<?, ?> message) {
    if (message.get("body") instanceof String body
        && Json.parse(body) instanceof Map<?, ?> fields
        && fields.get("workspace") instanceof String workspace
        && fields.get("credentialId") instanceof String credentialId
        && fields.get("place") instanceof String place
        && fields.get("minute") instanceof Long minute) {
      return new Due(workspace, credentialId, place, minute);
    }
    throw new IllegalArgumentException("The message names no validation that is due.");
  }

  private static String answer(List<String> failed) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("batchItemFailures");
          for (String id : failed) {
            json.writeStartObject();
            json.writeStringField("itemIdentifier", id);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
