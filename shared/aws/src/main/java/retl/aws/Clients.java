package retl.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import retl.core.credential.StatusChange;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * The SDK's clients, made once per function. Budgets nest: three attempts of a second each inside
 * three seconds a call, inside the function's own time.
 */
public final class Clients {
  private static final Duration ATTEMPT = Duration.ofSeconds(1);
  private static final Duration CALL = Duration.ofSeconds(3);

  /**
   * Local mode's stand-ins share a busy machine with builds and start cold: they get ten times as
   * long.
   */
  private static final int LOCAL_PATIENCE = 10;

  private static final int ATTEMPTS = 3;

  private final Environment environment;
  private final SdkHttpClient http =
      RenewedHttp.of(
          () -> AwsCrtHttpClient.builder().connectionTimeout(ATTEMPT).maxConcurrency(50).build());

  public Clients(Environment environment) {
    this.environment = environment;
  }

  /** The HTTP client of them all, for clients of other services. */
  public SdkHttpClient http() {
    return http;
  }

  public DynamoDbClient dynamo() {
    return configured(DynamoDbClient.builder().httpClient(http), "DYNAMODB").build();
  }

  public SecretsManagerClient secrets() {
    return configured(SecretsManagerClient.builder().httpClient(http), "SECRETS_MANAGER").build();
  }

  /** Starts jobs on a worker function, given by name or ARN. */
  public LambdaJobs jobs(String function) {
    URI uri =
        endpoint("LAMBDA", "lambda")
            .resolve("/2015-03-31/functions/" + SdkHttpUtils.urlEncode(function) + "/invocations");
    return new LambdaJobs(
        calls(
            "lambda",
            uri,
            Map.of("X-Amz-Invocation-Type", "Event", "Content-Type", "application/json")));
  }

  /** Hands due validations to the FIFO queue of this URL. */
  public SqsDueQueue dueQueue(String queueUrl) {
    return new SqsDueQueue(
        calls("sqs", endpoint("SQS", "sqs"), operation("AmazonSQS.SendMessageBatch", "1.0")),
        queueUrl);
  }

  /** Tells changes of status on the configured bus; nobody without one, as in local mode. */
  public StatusChange.Announcer announcer() {
    return environment
        .optional(Environment.EVENT_BUS)
        .<StatusChange.Announcer>map(bus -> new EventBridgeAnnouncer(putEvents(), bus))
        .orElse(change -> {});
  }

  private SignedCalls putEvents() {
    return calls(
        "events", endpoint("EVENTBRIDGE", "events"), operation("AWSEvents.PutEvents", "1.1"));
  }

  private static Map<String, String> operation(String target, String jsonVersion) {
    return Map.of("X-Amz-Target", target, "Content-Type", "application/x-amz-json-" + jsonVersion);
  }

  private SignedCalls calls(String service, URI uri, Map<String, String> headers) {
    return new SignedCalls(
        http,
        DefaultCredentialsProvider.builder().build(),
        service,
        environment.region(),
        uri,
        headers,
        patient(ATTEMPT));
  }

  private URI endpoint(String variable, String service) {
    String region = environment.region();
    String suffix = Region.of(region).metadata().partition().dnsSuffix();
    return environment
        .endpoint(variable)
        .map(uri -> uri.resolve("/"))
        .orElseGet(() -> URI.create("https://" + service + "." + region + "." + suffix + "/"));
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder, String service) {
    Optional<URI> endpoint = environment.endpoint(service);
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .region(Region.of(environment.region()))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(patient(CALL))
                .apiCallAttemptTimeout(patient(ATTEMPT))
                .retryStrategy(retries())
                .build());
  }

  private Duration patient(Duration budget) {
    return Duration.ofMillis(budget.toMillis() * (environment.isLocal() ? LOCAL_PATIENCE : 1));
  }

  private static StandardRetryStrategy retries() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build();
  }
}
