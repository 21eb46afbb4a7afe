package retl.aws;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import retl.core.Role;
import retl.core.token.TokenStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tokens in the table. These are the only items outside a workspace's partition: a token is what tells the workspace,
 * so it must be found without knowing it.
 */
public final class DynamoTokens implements TokenStore {
  private final Table table;

  public DynamoTokens(Table table) {
    this.table = table;
  }

  @Override
  public Optional<Grant> find(String tokenId) {
    Map<String, AttributeValue> item =
        table
            .dynamo()
            .getItem(get -> get.tableName(table.name()).key(key(tokenId)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(grant(Item.of(item)));
  }

  @Override
  public void put(Grant grant) {
    Item item =
        Item.empty()
            .text("tokenId", grant.tokenId())
            .text("workspace", grant.workspace())
            .text("role", grant.role().wireName())
            .text("hash", grant.hash())
            .time("expiresAt", grant.expiresAt());
    item.attributes().putAll(key(grant.tokenId()));
    table.dynamo().putItem(put -> put.tableName(table.name()).item(item.attributes()));
  }

  private static Map<String, AttributeValue> key(String tokenId) {
    AttributeValue value = AttributeValue.fromS("TOKEN#" + tokenId);
    return Map.of(Table.PK, value, Table.SK, value);
  }

  private static Grant grant(Item item) {
    return new Grant(
        item.text("tokenId"),
        item.text("workspace"),
        Role.valueOf(item.text("role").toUpperCase(Locale.ROOT)),
        item.text("hash"),
        item.optionalTime("expiresAt").orElse(null));
  }
}
