package retl.callers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import retl.aws.Clients;
import retl.aws.Environment;
import retl.aws.Table;
import retl.local.Functions;
import retl.local.Template;
import retl.standins.AwsStandIns;
import retl.standins.DynamoDbLocal;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * AWS as far as the service needs it, on this machine, for one test class. Workers are accepted and
 * never run. What functions log is kept, and the console stays quiet.
 */
final class Clouds implements AutoCloseable {
  private static final String KEYS_SECRET = "retl/keys";

  private final DynamoDbLocal dynamoLocal = DynamoDbLocal.start(null, 0);
  private final AwsStandIns standIns =
      AwsStandIns.start(
          0,
          new SecretsManagerStandIn(null, Clock.systemUTC(), Faults.NONE),
          new LambdaStandIn(name -> Optional.of((requestId, event, answer) -> {})));
  private final PrintStream console = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  // Without the service's time-outs, which a busy machine may miss while a table is made.
  private final DynamoDbClient dynamo =
      DynamoDbClient.builder()
          .endpointOverride(dynamoLocal.endpoint())
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
          .httpClient(AwsCrtHttpClient.create())
          .build();
  private final SecretsManagerClient secrets;

  Clouds() throws IOException {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    secrets = new Clients(new Environment(environment("any", dynamoLocal.endpoint()))).secrets();
    secrets.createSecret(create -> create.name(KEYS_SECRET).secretString("k".repeat(64)));
  }

  /** Everything that functions have logged. */
  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  DynamoDbClient dynamo() {
    return dynamo;
  }

  SecretsManagerClient secrets() {
    return secrets;
  }

  URI dynamoEndpoint() {
    return dynamoLocal.endpoint();
  }

  Table table(String name) {
    return new Table(dynamo, name);
  }

  /** A deployment over a new table of this name. */
  Deployment deploy(String table, Map<String, String> more) throws IOException {
    createTable(table);
    return deployAgain(table, dynamoLocal.endpoint(), more);
  }

  /** A deployment over a table that is there, reached at this address. */
  Deployment deployAgain(String table, URI dynamo, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(environment(table, dynamo));
    environment.putAll(more);
    Template template = Template.read(Path.of(System.getProperty("projectRoot"), "template.yaml"));
    return new Deployment(template, Functions.of(template, environment));
  }

  private Map<String, String> environment(String table, URI dynamo) {
    Map<String, String> environment = new HashMap<>();
    environment.put(Environment.TABLE, table);
    environment.put(Environment.KEYS_SECRET, KEYS_SECRET);
    environment.put(Environment.SECRET_PREFIX, "retl");
    environment.put(Environment.SECRET_KEY, "");
    environment.put(Environment.OPEN_HOSTS, "");
    environment.put("OPEN_RANGES", "");
    environment.put("REDSHIFT_ROLES", "");
    environment.put("REDSHIFT_WORKSPACES", "");
    environment.put("ROLE_PRINCIPAL", "");
    environment.put("EVENT_BUS", "");
    for (String variable : List.of("ISSUER", "AUDIENCE", "WORKSPACES", "ROLES")) {
      environment.put("OIDC_" + variable, "");
    }
    environment.put("VALIDATE_EVERY_MINUTES", "1440");
    environment.put(Environment.LOCAL_MODE, "true");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL", standIns.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString());
    return environment;
  }

  private void createTable(String table) {
    dynamo.createTable(
        create ->
            create
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key("PK", KeyType.HASH), key("SK", KeyType.RANGE))
                .attributeDefinitions(
                    List.of("PK", "SK").stream()
                        .map(
                            name ->
                                AttributeDefinition.builder()
                                    .attributeName(name)
                                    .attributeType(ScalarAttributeType.S)
                                    .build())
                        .toList()));
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  @Override
  public void close() {
    System.setErr(console);
    secrets.close();
    dynamo.close();
    standIns.close();
    dynamoLocal.close();
  }
}
