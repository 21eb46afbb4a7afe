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
import retl.core.credential.Credential;
import retl.core.schedule.Due;
import retl.core.schedule.ScheduledValidations;

/**
 * Runs the validations of a batch from the queue, one by one. What met a fault, and what there was
 * no time for, is named in the answer and comes again; the rest of the batch does not. An alarm
 * watches how many credentials began to fail.
 */
public final class RunScheduledValidationsHandler implements RequestStreamHandler {
  /** The longest that a validation takes, and a little more. */
  private static final int MILLIS_FOR_ONE = 65_000;

  private final ScheduledValidations validations;
  private final Scratch scratch;

  public RunScheduledValidationsHandler() {
    this(new Wiring(System.getenv()));
  }

  public RunScheduledValidationsHandler(Wiring wiring) {
    this.validations = wiring.scheduledValidations();
    this.scratch = wiring.scratch();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    List<String> failed = new ArrayList<>();
    long failing = 0;
    List<?> messages = messages(new String(input.readAllBytes(), StandardCharsets.UTF_8));
    for (Object message : messages) {
      if (message instanceof Map<?, ?> fields && fields.get("messageId") instanceof String id) {
        switch (run(id, fields, context)) {
          case DONE -> {}
          case BEGAN_TO_FAIL -> failing++;
          case COMES_AGAIN -> failed.add(id);
        }
      }
    }
    Log.counted(
        context,
        "validated",
        Map.of(
            "messages", (long) messages.size(),
            "failed", (long) failed.size(),
            "failing", failing));
    output.write(answer(failed).getBytes(StandardCharsets.UTF_8));
  }

  private static List<?> messages(String event) {
    if (Json.parse(event) instanceof Map<?, ?> fields
        && fields.get("Records") instanceof List<?> records) {
      return records;
    }
    throw new IllegalArgumentException("The event is not a batch of messages: it has no Records.");
  }

  private enum Outcome {
    DONE,
    BEGAN_TO_FAIL,
    COMES_AGAIN
  }

  private Outcome run(String id, Map<?, ?> message, Context context) {
    if (context.getRemainingTimeInMillis() < MILLIS_FOR_ONE) {
      return Outcome.COMES_AGAIN;
    }
    try {
      Due due = due(message);
      return scratch
          .during(() -> validations.run(due))
          .filter(change -> change.to() == Credential.Status.FAILING)
          .map(change -> Outcome.BEGAN_TO_FAIL)
          .orElse(Outcome.DONE);
    } catch (RuntimeException e) {
      Log.error(context, id, e);
      return Outcome.COMES_AGAIN;
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
