package retl.aws;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import retl.core.credential.SecretStore;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Notes of unfinished work in the table, under a partition key of their own, so that the sweeper
 * finds those of all workspaces by one query. The partition holds what the last minutes left, a few
 * items as a rule.
 */
public final class DynamoUnfinished implements Unfinished.Store {
  private static final String PARTITION = "UNFINISHED";
  private static final String CLAIMED = "claimed";

  private final Table table;

  public DynamoUnfinished(Table table) {
    this.table = table;
  }

  @Override
  public void note(Unfinished work, Instant since) {
    table.dynamo().putItem(put -> put.tableName(table.name()).item(item(work, since)));
  }

  TransactWriteItem noting(Unfinished work, Instant since) {
    Put put = Put.builder().tableName(table.name()).item(item(work, since)).build();
    return TransactWriteItem.builder().put(put).build();
  }

  /** Crosses out a loose secret, unless it is given up already. */
  TransactWriteItem crossingOut(SecretStore.Key key) {
    Delete delete =
        Delete.builder()
            .tableName(table.name())
            .key(key(new Unfinished.LooseSecret(key)))
            .conditionExpression("attribute_exists(PK) AND attribute_not_exists(#claimed)")
            .expressionAttributeNames(Map.of("#claimed", CLAIMED))
            .build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  /** From now on nobody can cross this secret out; false when it is not noted. */
  boolean claim(Unfinished.LooseSecret secret) {
    try {
      table
          .dynamo()
          .updateItem(
              update ->
                  update
                      .tableName(table.name())
                      .key(key(secret))
                      .updateExpression("SET #claimed = :true")
                      .conditionExpression("attribute_exists(PK)")
                      .expressionAttributeNames(Map.of("#claimed", CLAIMED))
                      .expressionAttributeValues(Map.of(":true", AttributeValue.fromBool(true))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  @Override
  public List<Unfinished> olderThan(Instant time, int count) {
    return table
        .dynamo()
        .queryPaginator(
            query ->
                query
                    .tableName(table.name())
                    .consistentRead(true)
                    .keyConditionExpression("PK = :pk")
                    .filterExpression("since < :time")
                    .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(PARTITION), ":time", millis(time))))
        .items()
        .stream()
        .limit(count)
        .map(item -> work(Item.of(item)))
        .toList();
  }

  @Override
  public void done(Unfinished work) {
    table.dynamo().deleteItem(delete -> delete.tableName(table.name()).key(key(work)));
  }

  private static Map<String, AttributeValue> item(Unfinished work, Instant since) {
    Item item =
        Item.empty().text("workspace", work.workspace()).number("since", since.toEpochMilli());
    item.attributes().putAll(key(work));
    switch (work) {
      case Unfinished.LooseSecret(var key) ->
          item.text("kind", "secret").text("owner", key.owner()).number("version", key.version());
      case Unfinished.StaleModels stale ->
          item.text("kind", "models")
              .text("credentialId", stale.credentialId())
              .number("targetVersion", stale.targetVersion());
      case Unfinished.LeftRevisions left ->
          item.text("kind", "revisions").text("modelId", left.modelId());
      case Unfinished.UntoldChange(var change) ->
          item.text("kind", "change")
              .text("credentialId", change.credentialId())
              .text("name", change.name())
              .text("from", change.from().wireName())
              .text("to", change.to().wireName())
              .text("code", change.code())
              .text("validationId", change.validationId())
              .time("at", change.at());
    }
    return item.attributes();
  }

  private static Unfinished work(Item item) {
    String workspace = item.text("workspace");
    return switch (item.text("kind")) {
      case "secret" ->
          new Unfinished.LooseSecret(
              new SecretStore.Key(workspace, item.text("owner"), (int) item.number("version")));
      case "models" ->
          new Unfinished.StaleModels(
              workspace, item.text("credentialId"), (int) item.number("targetVersion"));
      case "revisions" -> new Unfinished.LeftRevisions(workspace, item.text("modelId"));
      case "change" ->
          new Unfinished.UntoldChange(
              new StatusChange(
                  workspace,
                  item.text("credentialId"),
                  item.text("name"),
                  CredentialItems.status(item.text("from")),
                  CredentialItems.status(item.text("to")),
                  item.optionalText("code").orElse(null),
                  item.text("validationId"),
                  item.time("at")));
      case String kind -> throw new IllegalStateException("A note is of unknown kind: " + kind);
    };
  }

  private static Map<String, AttributeValue> key(Unfinished work) {
    String sortKey =
        switch (work) {
          case Unfinished.LooseSecret(var key) -> "SECRET#" + key.path();
          case Unfinished.StaleModels stale ->
              "MODELS#%s/%s/%d"
                  .formatted(stale.workspace(), stale.credentialId(), stale.targetVersion());
          case Unfinished.LeftRevisions left ->
              "REVISIONS#%s/%s".formatted(left.workspace(), left.modelId());
          case Unfinished.UntoldChange(var change) ->
              "CHANGE#%s/%s".formatted(change.workspace(), change.validationId());
        };
    return Map.of(
        Table.PK, AttributeValue.fromS(PARTITION), Table.SK, AttributeValue.fromS(sortKey));
  }

  private static AttributeValue millis(Instant time) {
    return AttributeValue.fromN(Long.toString(time.toEpochMilli()));
  }
}
