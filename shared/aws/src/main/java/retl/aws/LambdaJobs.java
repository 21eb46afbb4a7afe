package retl.aws;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import retl.core.job.Job;
import retl.core.job.JobQueue;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Starts jobs by invoking a worker function without waiting for it; only the job's ids travel.
 *
 * <p>It is one signed request, made with the SDK's own signer, HTTP client and retry strategy. The
 * SDK's client for Lambda would do the same from a jar of 3.2 MB, a quarter of a function's zip.
 */
public final class LambdaJobs implements JobQueue {
  // Lambda's API reference, "Invoke": an accepted event is answered with 202.
  private static final int ACCEPTED = 202;

  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final String region;
  private final URI uri;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final Executor timer;
  private final StandardRetryStrategy retries =
      AwsRetryStrategy.standardRetryStrategy().toBuilder()
          .retryOnException(NotAccepted.class)
          .retryOnException(IOException.class)
          .build();

  /**
   * Jobs of one kind.
   *
   * @param endpoint of Lambda
   * @param function name or ARN of the worker
   * @param attempt how long one try may take
   */
  LambdaJobs(
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      String region,
      URI endpoint,
      String function,
      Duration attempt) {
    this.http = http;
    this.credentials = credentials;
    this.region = region;
    this.timer = CompletableFuture.delayedExecutor(attempt.toMillis(), TimeUnit.MILLISECONDS);
    this.uri =
        endpoint.resolve(
            "/2015-03-31/functions/" + SdkHttpUtils.urlEncode(function) + "/invocations");
  }

  @Override
  public void submit(Job job) {
    // Workspace and id are our own words of letters, digits and underscores: nothing to escape.
    String event = "{\"workspace\":\"" + job.workspace() + "\",\"id\":\"" + job.id() + "\"}";
    RetryToken token =
        retries.acquireInitialToken(AcquireInitialTokenRequest.create("invoke")).token();
    while (true) {
      try {
        invoke(event);
        return;
      } catch (IOException | NotAccepted failure) {
        token = waitBeforeRetry(token, failure);
      }
    }
  }

  // Throws TokenAcquisitionFailedException when there were enough tries.
  private RetryToken waitBeforeRetry(RetryToken token, Exception failure) {
    var next =
        retries.refreshRetryToken(
            RefreshRetryTokenRequest.builder().token(token).failure(failure).build());
    sleep(next.delay());
    return next.token();
  }

  private static void sleep(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SdkClientException.create("Interrupted before a retry.", e);
    }
  }

  private void invoke(String event) throws IOException {
    SignedRequest signed = sign(event);
    ExecutableHttpRequest request =
        http.prepareRequest(
            HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElseThrow())
                .build());
    // The HTTP client waits for ever; the SDK's own clients end an attempt in the same way.
    timer.execute(request::abort);
    HttpExecuteResponse response = request.call();
    response.responseBody().ifPresent(body -> body.abort());
    int status = response.httpResponse().statusCode();
    if (status != ACCEPTED) {
      throw new NotAccepted(status);
    }
  }

  private SignedRequest sign(String event) {
    AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri)
            .putHeader("X-Amz-Invocation-Type", "Event")
            .putHeader("Content-Type", "application/json")
            // Without it the HTTP client sends no body.
            .putHeader("Content-Length", Integer.toString(event.length()))
            .build();
    return signer.sign(
        sign ->
            sign.identity(identity)
                .request(request)
                .payload(ContentStreamProvider.fromUtf8String(event))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lambda")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
  }

  /** Lambda did not take the event; the message holds nothing but the status. */
  private static final class NotAccepted extends RuntimeException {
    NotAccepted(int status) {
      super("Lambda answered an invocation with " + status + ".");
    }
  }
}
