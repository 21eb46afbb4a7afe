package retl.aws;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
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

/**
 * Signed requests to a service of which we need one operation: made with the SDK's own signer, HTTP
 * client and retry strategy. The SDK's client for it would do the same from a jar of megabytes, a
 * quarter of a function's zip.
 */
final class SignedCalls {
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final String service;
  private final String region;
  private final URI uri;
  private final Map<String, String> headers;
  private final Executor timer;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final StandardRetryStrategy retries =
      AwsRetryStrategy.standardRetryStrategy().toBuilder()
          .retryOnException(Failed.class)
          .retryOnException(IOException.class)
          .build();

  /**
   * Calls of one operation.
   *
   * @param service the name under which it is signed
   * @param headers that every call has; they say which operation it is
   * @param attempt how long one try may take
   */
  SignedCalls(
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      String service,
      String region,
      URI uri,
      Map<String, String> headers,
      Duration attempt) {
    this.http = http;
    this.credentials = credentials;
    this.service = service;
    this.region = region;
    this.uri = uri;
    this.headers = Map.copyOf(headers);
    this.timer = CompletableFuture.delayedExecutor(attempt.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Posts a body, again when the call fails.
   *
   * @throws RuntimeException after the last try; it says the status and nothing of the body
   */
  void post(String body, Accepting accepting) {
    RetryToken token =
        retries.acquireInitialToken(AcquireInitialTokenRequest.create(service)).token();
    while (true) {
      try {
        postOnce(body, accepting);
        return;
      } catch (IOException | Failed failure) {
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

  private void postOnce(String body, Accepting accepting) throws IOException {
    SignedRequest signed = sign(body.getBytes(StandardCharsets.UTF_8));
    ExecutableHttpRequest request =
        http.prepareRequest(
            HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElseThrow())
                .build());
    // The HTTP client waits for ever; the SDK's own clients end an attempt in the same way.
    timer.execute(request::abort);
    HttpExecuteResponse response = request.call();
    String answer = "";
    try (AbortableInputStream stream =
        response.responseBody().orElseGet(AbortableInputStream::createEmpty)) {
      answer = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    int status = response.httpResponse().statusCode();
    if (!accepting.isAccepted(status, answer)) {
      throw new Failed(service, status);
    }
  }

  private SignedRequest sign(byte[] body) {
    AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(uri);
    headers.forEach(request::putHeader);
    // Without it the HTTP client sends no body.
    request.putHeader("Content-Length", Integer.toString(body.length));
    return signer.sign(
        sign ->
            sign.identity(identity)
                .request(request.build())
                .payload(ContentStreamProvider.fromByteArray(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
  }

  /** Whether an answer says that the whole call was taken. */
  @FunctionalInterface
  interface Accepting {
    boolean isAccepted(int status, String answer);
  }

  /** The service did not take the call. */
  private static final class Failed extends RuntimeException {
    Failed(String service, int status) {
      super("The service " + service + " did not take a call; it answered with " + status + ".");
    }
  }
}
