package retl.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import retl.standins.AwsStandIns;
import retl.standins.DynamoDbLocal;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import retl.standins.SqsStandIn;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/**
 * AWS on this machine: DynamoDB Local with the service's table, and stand-ins for Secrets Manager,
 * SQS and Lambda, whose functions note what they were given; or an emulator that others wrote, see
 * {@code Outside}. It is started once for all tests of a module; a test that wants to be alone
 * takes a {@link #workspace()} of its own.
 */
public final class LocalAws implements BeforeAllCallback {
  private @Nullable Running running;

  @Override
  public void beforeAll(ExtensionContext context) {
    Optional<URI> outside = Outside.endpoint(context);
    // JUnit closes what lies in this store when all tests have ended.
    running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(LocalAws.class))
            .computeIfAbsent(outside, key -> Running.start(outside), Running.class);
  }

  private Running running() {
    if (running == null) {
      throw new IllegalStateException("Register it as an extension in a static field.");
    }
    return running;
  }

  /** The environment of a function here. */
  public Map<String, String> environment() {
    return running().environment;
  }

  /** The same environment with another endpoint for DynamoDB. */
  public Map<String, String> environment(URI dynamo) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString());
    return environment;
  }

  /** Where DynamoDB answers. */
  public URI dynamo() {
    return running().dynamo;
  }

  /** The service's table. */
  public Table table() {
    return running().table;
  }

  /** A table that no other test has, such as the service's. */
  public Table newTable() {
    Table table = new Table(table().dynamo(), "retl-" + UUID.randomUUID());
    createTable(table.dynamo(), table.name());
    return table;
  }

  /** The client that the service would use. */
  public SecretsManagerClient secretsManager() {
    return running().secretsManager;
  }

  /** The names of all secrets. */
  public List<String> secretNames() {
    return secretsManager().listSecretsPaginator().stream()
        .flatMap(page -> page.secretList().stream())
        .map(SecretListEntry::name)
        .toList();
  }

  /** A workspace that no other test has. */
  public String workspace() {
    return "ws_" + UUID.randomUUID();
  }

  /** The sort keys of all that is kept for a workspace, but of its counts, in their order. */
  public List<String> keys(String workspace) {
    return allKeys(workspace).filter(key -> !key.startsWith("COUNT#")).toList();
  }

  private Stream<String> allKeys(String workspace) {
    return items(workspace).stream().map(item -> item.text(Table.SK));
  }

  /** Everything that is kept for a workspace, in the order of the sort keys. */
  List<Item> items(String workspace) {
    return table()
        .dynamo()
        .queryPaginator(
            query ->
                query
                    .tableName(table().name())
                    .consistentRead(true)
                    .keyConditionExpression("PK = :pk")
                    .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS("WS#" + workspace))))
        .items()
        .stream()
        .map(Item::of)
        .toList();
  }

  /** All that is kept for a workspace, as text: to look for what must not be there. */
  public String everything(String workspace) {
    return items(workspace).stream()
        .map(item -> item.attributes().toString())
        .collect(Collectors.joining("\n"));
  }

  /** Removes what has this beginning of the sort key, as DynamoDB does when its time has come. */
  public void forget(String workspace, String beginning) {
    allKeys(workspace)
        .filter(key -> key.startsWith(beginning))
        .forEach(
            key ->
                table()
                    .dynamo()
                    .deleteItem(
                        delete -> delete.tableName(table().name()).key(Table.key(workspace, key))));
  }

  /** What was handed to workers of a workspace until now: the function's name and its event. */
  public List<String> jobs(String workspace) {
    // A hand-over is answered before the worker begins.
    running().lambda.awaitIdle();
    return running().jobs.stream().filter(job -> job.contains(workspace)).toList();
  }

  /** What was sent to the queue for a workspace until now, as its function is handed it. */
  public List<String> messages(String workspace) {
    running().drain.run();
    return running().messages.stream().filter(event -> event.contains(workspace)).toList();
  }

  /** Makes a table as template.yaml makes the service's own. */
  public static void createTable(DynamoDbClient dynamo, String name) {
    List<KeySchemaElement> keys = new ArrayList<>();
    List<AttributeDefinition> types = new ArrayList<>();
    Map<String, KeyType> schema = Map.of(Table.PK, KeyType.HASH, Table.SK, KeyType.RANGE);
    for (String key : List.of(Table.PK, Table.SK)) {
      keys.add(KeySchemaElement.builder().attributeName(key).keyType(schema.get(key)).build());
      types.add(
          AttributeDefinition.builder()
              .attributeName(key)
              .attributeType(ScalarAttributeType.S)
              .build());
    }
    dynamo.createTable(
        create ->
            create
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys)
                .attributeDefinitions(types));
  }

  private static final class Running implements AutoCloseable {
    private final Deque<Runnable> ends = new ArrayDeque<>();
    private final URI dynamo;
    private final LambdaStandIn lambda;
    private final Runnable drain;
    private final List<String> jobs = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment;
    private final SecretsManagerClient secretsManager;
    private final Table table;

    private Running(@Nullable URI outside) throws IOException {
      lambda =
          new LambdaStandIn(
              name ->
                  Optional.of(
                      (requestId, event, answer) ->
                          jobs.add(name + " " + new String(event.readAllBytes(), UTF_8))));
      SqsStandIn sqs =
          new SqsStandIn(
              url ->
                  Optional.of(
                      (requestId, event, answer) ->
                          messages.add(new String(event.readAllBytes(), UTF_8))),
              Clock.systemUTC());
      AwsStandIns standIns = AwsStandIns.start(0, SecretsManagerStandIn.inMemory(), lambda, sqs);
      ends.push(standIns::close);
      environment = environment(standIns.endpoint());
      if (outside == null) {
        DynamoDbLocal dynamoDb = DynamoDbLocal.start(null, 0);
        ends.push(dynamoDb::close);
        dynamo = dynamoDb.endpoint();
        drain = sqs::awaitIdle;
      } else {
        OutsideQueue queue = new OutsideQueue(outside);
        ends.push(queue::close);
        dynamo = outside;
        drain = () -> messages.addAll(queue.drain());
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", outside.toString());
        environment.put("AWS_ENDPOINT_URL_SQS", outside.toString());
        environment.put(Environment.VALIDATION_QUEUE, queue.url());
      }
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString());
      Clients clients = new Clients(new Environment(environment));
      secretsManager = clients.secrets();
      secretsManager.createSecret(
          create -> create.name("retl/keys").secretString("a secret of sixty-four characters"));
      table = new Table(clients.dynamo(), "retl-test");
      try {
        createTable(table.dynamo(), table.name());
      } catch (ResourceInUseException e) {
        // A second try: the first call of a cold emulator can take longer than an attempt may.
        table.dynamo().waiter().waitUntilTableExists(wait -> wait.tableName(table.name()));
      }
    }

    static Running start(Optional<URI> outside) {
      try {
        return new Running(outside.orElse(null));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Map<String, String> environment(URI standIns) {
      return new HashMap<>(
          Map.ofEntries(
              Map.entry("AWS_REGION", "eu-central-1"),
              Map.entry("AWS_ACCESS_KEY_ID", "local"),
              Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
              Map.entry("AWS_ENDPOINT_URL", standIns.toString()),
              // Patience with calls on a busy machine comes with it.
              Map.entry(Environment.LOCAL_MODE, "true"),
              Map.entry(Environment.TABLE, "retl-test"),
              Map.entry(Environment.SECRET_PREFIX, "retl"),
              Map.entry(Environment.KEYS_SECRET, "retl/keys"),
              Map.entry(Environment.VALIDATION_FUNCTION, "run-validation"),
              Map.entry(Environment.PREVIEW_FUNCTION, "run-preview"),
              Map.entry(Environment.VALIDATION_QUEUE, "due"),
              Map.entry(Environment.MODELS_LIMIT, "1000"),
              Map.entry(Environment.SOURCES_LIMIT, "1000"),
              Map.entry(Environment.CREDENTIALS_LIMIT, "1000"),
              Map.entry(Environment.TOKENS_LIMIT, "1000"),
              Map.entry(Environment.PREVIEWS_LIMIT, "50"),
              Map.entry(Environment.VALIDATE_EVERY, "1440")));
    }

    @Override
    public void close() {
      ends.forEach(Runnable::run);
    }
  }
}
