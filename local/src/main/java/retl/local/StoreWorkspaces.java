package retl.local;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retl.aws.Clients;
import retl.aws.DynamoTokens;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.Role;
import retl.core.token.Tokens;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;

/** What a deployment does once, done over the local stores: table, keys and first tokens. */
final class StoreWorkspaces implements Workspaces {
  private static final List<String> KEY = List.of("PK", "SK");
  private static final int KEY_BYTES = 32;

  private final Environment environment;
  private final DynamoDbClient dynamo;
  private final SecretsManagerClient secrets;

  StoreWorkspaces(Map<String, String> variables) {
    this.environment = new Environment(variables);
    Clients clients = new Clients(environment);
    this.dynamo = clients.dynamo();
    this.secrets = clients.secrets();
  }

  @Override
  public void prepare() {
    createTable(environment.get(Environment.TABLE));
    createKeys(environment.get(Environment.KEYS_SECRET));
    LocalService.WORKSPACES.forEach(this::open);
  }

  // What the bootstrap function does of a workspace, under an id that is easy to type.
  private void open(String workspace) {
    try {
      dynamo.putItem(
          put ->
              put.tableName(environment.get(Environment.TABLE))
                  .item(
                      Map.of(
                          "PK", AttributeValue.fromS("WS#" + workspace),
                          "SK", AttributeValue.fromS("WORKSPACE"),
                          "id", AttributeValue.fromS(workspace),
                          "name", AttributeValue.fromS(workspace)))
                  .conditionExpression("attribute_not_exists(PK)"));
    } catch (ConditionalCheckFailedException e) {
      // It is there since an earlier start.
      return;
    }
  }

  // The table of template.yaml, without what a local one has no use for.
  private void createTable(String name) {
    try {
      dynamo.createTable(
          create ->
              create
                  .tableName(name)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      KEY.stream()
                          .map(
                              key ->
                                  AttributeDefinition.builder()
                                      .attributeName(key)
                                      .attributeType(ScalarAttributeType.S)
                                      .build())
                          .toList())
                  .keySchema(element("PK", KeyType.HASH), element("SK", KeyType.RANGE)));
    } catch (ResourceInUseException e) {
      // It is there since an earlier start.
      return;
    }
  }

  private static KeySchemaElement element(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private void createKeys(String name) {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    try {
      secrets.createSecret(
          create -> create.name(name).secretString(HexFormat.of().formatHex(random)));
    } catch (ResourceExistsException e) {
      // They are there since an earlier start, and everything sealed with them stays good.
      return;
    }
  }

  @Override
  public Map<String, String> issue(String workspace) {
    Clock clock = Clock.systemUTC();
    Table table = new Table(dynamo, environment.get(Environment.TABLE));
    Tokens tokens =
        new Tokens(
            new DynamoTokens(table, new Receipts(table, clock)),
            new SecretKeys(() -> secrets, environment.get(Environment.KEYS_SECRET), clock),
            Ids.timeOrdered(),
            clock);
    Map<String, String> issued = new LinkedHashMap<>();
    for (Role role : List.of(Role.ADMIN, Role.EDITOR, Role.VIEWER)) {
      issued.put(role.wireName(), tokens.issue(workspace, role, null).reveal());
    }
    return issued;
  }
}
