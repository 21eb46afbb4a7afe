package retl.functions.warehouse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import retl.api.Log;
import retl.api.json.Json;
import retl.core.job.Job;

/**
 * What both workers share: the event is a job's address, and a fault is logged without what it
 * says. It is public because Lambda's runtime calls the method where it is declared.
 */
public abstract class JobHandler implements RequestStreamHandler {

  private final String worker;
  private final Scratch scratch;

  /**
   * Makes a worker.
   *
   * @param worker what it is called in logs and metrics
   */
  JobHandler(String worker, Scratch scratch) {
    this.worker = worker;
    this.scratch = scratch;
  }

  /** Does the job; whatever the warehouse does must end up in the job's own result. */
  abstract void run(Job job);

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    long start = System.nanoTime();
    Job job = read(new String(input.readAllBytes(), StandardCharsets.UTF_8));
    try {
      scratch.during(
          () -> {
            run(job);
            return job;
          });
      Log.ran(context, worker, job, false, start);
    } catch (RuntimeException e) {
      Log.error(context, job.id(), e);
      Log.ran(context, worker, job, true, start);
      // The runtime logs what is thrown here, so it is thrown anew: the first one may quote a
      // secret.
      throw new IllegalStateException("The job " + job.id() + " met a fault; it is logged above.");
    }
  }

  private static Job read(String event) {
    if (Json.parse(event) instanceof Map<?, ?> fields
        && fields.get("workspace") instanceof String workspace
        && fields.get("id") instanceof String id) {
      return new Job(workspace, id);
    }
    throw new IllegalArgumentException("The event is not a job: it needs workspace and id.");
  }
}
