package retl.functions.credentials;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import retl.api.Log;
import retl.core.credential.Sweeper;

/**
 * Ends what stopped half-way between the table and Secrets Manager. A schedule invokes it every
 * five minutes; its event says nothing that it needs.
 */
public final class SweepCredentialsHandler implements RequestStreamHandler {
  /** What is left of the function's time for the step that runs when it stops. */
  private static final long RESERVE_MILLIS = 5_000;

  private final Sweeper sweeper;

  public SweepCredentialsHandler() {
    this(new SweepWiring(System.getenv()));
  }

  public SweepCredentialsHandler(SweepWiring wiring) {
    this.sweeper = wiring.sweeper();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {
    long millis = context.getRemainingTimeInMillis() - RESERVE_MILLIS;
    int ended = sweeper.sweep(Instant.now().plusMillis(millis));
    Log.counted(context, "swept", Map.of("ended", (long) ended));
  }
}
