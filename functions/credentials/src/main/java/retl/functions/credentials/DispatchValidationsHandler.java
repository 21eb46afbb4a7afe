package retl.functions.credentials;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import retl.api.Log;
import retl.api.json.Json;
import retl.core.schedule.Dispatcher;

/**
 * Hands the validations of a minute to the queue. EventBridge Scheduler invokes it every minute,
 * and again with the same time when an invocation fails; the time of the event says which minute.
 */
public final class DispatchValidationsHandler implements RequestStreamHandler {
  private static final int SECONDS = 60;

  private final Dispatcher dispatcher;

  public DispatchValidationsHandler() {
    this(new DispatchWiring(System.getenv()));
  }

  public DispatchValidationsHandler(DispatchWiring wiring) {
    this.dispatcher = wiring.dispatcher();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Instant time = read(new String(input.readAllBytes(), StandardCharsets.UTF_8));
    int sent = dispatcher.dispatch(Math.floorDiv(time.getEpochSecond(), SECONDS));
    Log.counted(context, "dispatched", Map.of("sent", (long) sent));
  }

  private static Instant read(String event) {
    if (Json.parse(event) instanceof Map<?, ?> fields
        && fields.get("time") instanceof String time) {
      return Instant.parse(time);
    }
    throw new IllegalArgumentException("The event needs the time that it was scheduled for.");
  }
}
