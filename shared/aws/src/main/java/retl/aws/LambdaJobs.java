package retl.aws;

import retl.core.job.Job;
import retl.core.job.JobQueue;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Starts jobs by invoking a worker function without waiting for it; only the job's ids travel. */
public final class LambdaJobs implements JobQueue {
  private final LambdaClient client;
  private final String function;

  /**
   * Jobs of one kind.
   *
   * @param function name or ARN of the worker
   */
  public LambdaJobs(LambdaClient client, String function) {
    this.client = client;
    this.function = function;
  }

  @Override
  public void submit(Job job) {
    // Workspace and id are our own words of letters, digits and underscores: nothing to escape.
    String event = "{\"workspace\":\"" + job.workspace() + "\",\"id\":\"" + job.id() + "\"}";
    client.invoke(
        invoke ->
            invoke
                .functionName(function)
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String(event)));
  }
}
