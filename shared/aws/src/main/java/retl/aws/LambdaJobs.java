package retl.aws;

import retl.core.job.Job;
import retl.core.job.JobQueue;

/** Starts jobs by invoking a worker function without waiting for it; only the job's ids travel. */
public final class LambdaJobs implements JobQueue {
  // Lambda's API reference, "Invoke": an accepted event is answered with 202.
  private static final int ACCEPTED = 202;

  private final SignedCalls invoke;

  /**
   * Jobs of one kind.
   *
   * @param invoke invokes the worker
   */
  LambdaJobs(SignedCalls invoke) {
    this.invoke = invoke;
  }

  @Override
  public void submit(Job job) {
    // Workspace and id are our own words of letters, digits and underscores: nothing to escape.
    String event = "{\"workspace\":\"" + job.workspace() + "\",\"id\":\"" + job.id() + "\"}";
    invoke.post(event, (status, answer) -> status == ACCEPTED);
  }
}
