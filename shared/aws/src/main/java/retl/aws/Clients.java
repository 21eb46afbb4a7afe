package retl.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import retl.core.credential.StatusChange;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
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
  private final AwsCredentialsProvider credentials;
  private final SdkHttpClient http =
      RenewedHttp.of(
          () -> AwsCrtHttpClient.builder().connectionTimeout(ATTEMPT).maxConcurrency(50).build());

  private final ScheduledThreadPoolExecutor timeouts = timeouts();

  public Clients(Environment environment) {
    this.environment = environment;
    this.credentials = credentials(environment);
  }

  /**
   * Where Lambda keeps a function's own credentials: at an address when a snapshot is taken of it,
   * else in variables. The SDK's own search looks at four more places that no function has, and a
   * start would load them all.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS:
   *     Defined runtime environment variables</a>
   */
  private static AwsCredentialsProvider credentials(Environment environment) {
    if (environment.optional("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()) {
      return ContainerCredentialsProvider.create();
    }
    String id = environment.get("AWS_ACCESS_KEY_ID");
    String key = environment.get("AWS_SECRET_ACCESS_KEY");
    Optional<String> token = environment.optional("AWS_SESSION_TOKEN");
    return StaticCredentialsProvider.create(
        token.isPresent()
            ? AwsSessionCredentials.create(id, key, token.get())
            : AwsBasicCredentials.create(id, key));
  }

  /** The function's own credentials, for clients of other services. */
  public AwsCredentialsProvider credentials() {
    return credentials;
  }

  /** The HTTP client of them all, for clients of other services. */
  public SdkHttpClient http() {
    return http;
  }

  public DynamoDbClient dynamo() {
    // Unasked it would look through variables and profiles for whether to discover endpoints: a
    // function uses its region's, or the one that it is given.
    DynamoDbClientBuilder builder =
        DynamoDbClient.builder().httpClient(http).endpointDiscoveryEnabled(false);
    return configured(builder, "DYNAMODB").build();
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
        http, credentials, service, environment.region(), uri, headers, patient(ATTEMPT));
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
        .credentialsProvider(credentials)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(patient(CALL))
                .apiCallAttemptTimeout(patient(ATTEMPT))
                .retryStrategy(retries())
                .scheduledExecutorService(timeouts)
                .build());
  }

  // The SDK's own executor keeps what it need not do any more until the time for it, twice for
  // each call.
  private static ScheduledThreadPoolExecutor timeouts() {
    ScheduledThreadPoolExecutor timeouts =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "timeouts");
              thread.setDaemon(true);
              return thread;
            });
    timeouts.setRemoveOnCancelPolicy(true);
    return timeouts;
  }

  /** How many calls and attempts would be ended at some time if nothing happened. */
  int pendingTimeouts() {
    return timeouts.getQueue().size();
  }

  private Duration patient(Duration budget) {
    return Duration.ofMillis(budget.toMillis() * (environment.isLocal() ? LOCAL_PATIENCE : 1));
  }

  private static StandardRetryStrategy retries() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build();
  }
}
