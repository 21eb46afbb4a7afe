package retl.aws;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.token.Grant;
import retl.core.token.TokenStore;
import retl.core.token.Tokens;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Tokens in the table. What is known of a token is the only item outside a workspace's partition: a
 * token is what tells the workspace, so it must be found without knowing it. Beside it an entry in
 * the workspace's partition names the token, so that a list never looks outside of the workspace.
 */
public final class DynamoTokens implements TokenStore {
  private static final String PREFIX = "TOKEN#";
  private static final String WORKSPACE = "WORKSPACE";

  private final Table table;
  private final Receipts receipts;
  private final Audits audits;
  private final Counts counts;

  /** For functions that issue no tokens. */
  public DynamoTokens(Table table, Receipts receipts) {
    this(table, receipts, Limits.NONE);
  }

  public DynamoTokens(Table table, Receipts receipts, Limits limits) {
    this.counts = new Counts(table, "tokens", limits.tokens());
    this.table = table;
    this.receipts = receipts;
    this.audits = new Audits(table);
  }

  @Override
  public Optional<Kept> find(String tokenId) {
    Map<String, AttributeValue> item =
        table
            .dynamo()
            .getItem(get -> get.tableName(table.name()).key(key(tokenId)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(kept(Item.of(item)));
  }

  // The authorizer may write these two attributes and no others, see template.yaml.
  @Override
  public void noteUse(Kept seen, String hash, Instant at) {
    Map<String, AttributeValue> values =
        Item.empty().text(":hash", hash).text(":seen", seen.hash()).time(":at", at).attributes();
    try {
      table
          .dynamo()
          .updateItem(
              update ->
                  update
                      .tableName(table.name())
                      .key(key(seen.grant().tokenId()))
                      .updateExpression("SET #hash = :hash, lastUsedAt = :at")
                      .conditionExpression("#hash = :seen")
                      .expressionAttributeNames(Map.of("#hash", "hash"))
                      .expressionAttributeValues(values));
    } catch (ConditionalCheckFailedException e) {
      // It was revoked meanwhile, or another call of the same token has just moved it to a new key.
      return;
    }
  }

  @Override
  public Created create(Kept kept, Audit audit, @Nullable Receipt receipt) {
    Transaction<Created> create = new Transaction<>(table);
    writes(kept, audit).forEach(write -> create.add(write, Created.REPEATED));
    if (receipt != null) {
      create.add(receipts.write(kept.grant().workspace(), receipt), Created.REPEATED);
    }
    return count(create, kept.grant()).run(audit.id(), Created.CREATED, null);
  }

  // The operator must be able to get in, also when all places are taken.
  private <R> Transaction<R> count(Transaction<R> create, Grant grant) {
    return grant.createdBy().equals(Tokens.OPERATOR)
        ? counts.addOneAlways(create, grant.workspace())
        : counts.addOne(create, grant.workspace());
  }

  @Override
  public void open(String workspaceName, Kept first, Audit audit) {
    Grant grant = first.grant();
    Transaction<Boolean> open = new Transaction<>(table);
    writes(first, audit).forEach(write -> open.add(write, false));
    open.add(
        table.insert(
            grant.workspace(),
            WORKSPACE,
            Item.empty()
                .text("id", grant.workspace())
                .text("name", workspaceName)
                .time("createdAt", grant.createdAt())),
        false);
    if (!count(open, grant).run(audit.id(), true, null)) {
      throw new IllegalStateException("An id was made twice.");
    }
  }

  private List<TransactWriteItem> writes(Kept kept, Audit audit) {
    Grant grant = kept.grant();
    Map<String, AttributeValue> item = new HashMap<>(item(kept).attributes());
    item.putAll(key(grant.tokenId()));
    Put known =
        Put.builder().tableName(table.name()).item(item).conditionExpression(Table.IF_NEW).build();
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(TransactWriteItem.builder().put(known).build());
    writes.add(
        table.insert(
            grant.workspace(),
            PREFIX + grant.tokenId(),
            Item.empty().text("tokenId", grant.tokenId())));
    writes.addAll(audits.insert(grant.workspace(), audit));
    return writes;
  }

  // The authorizer may read no more of a workspace than that it is there, see template.yaml.
  @Override
  public boolean isOpen(String workspace) {
    return table
        .dynamo()
        .getItem(
            get ->
                get.tableName(table.name())
                    .key(Table.key(workspace, WORKSPACE))
                    .projectionExpression(Table.PK + ", " + Table.SK)
                    .consistentRead(true))
        .hasItem();
  }

  @Override
  public Page<Grant> list(Caller caller, Page.Request page) {
    List<Item> entries = table.query(caller.workspace(), PREFIX, page.after(), page.limit() + 1);
    boolean isLast = entries.size() <= page.limit();
    List<Item> shown = isLast ? entries : entries.subList(0, page.limit());
    List<Grant> grants =
        table.getEach(shown.stream().map(entry -> key(entry.text("tokenId"))).toList()).stream()
            .map(item -> kept(item).grant())
            .filter(grant -> grant.workspace().equals(caller.workspace()))
            .toList();
    return new Page<>(grants, isLast ? null : shown.getLast().text(Table.SK));
  }

  @Override
  public boolean delete(Caller caller, String tokenId, Audit audit) {
    String workspace = caller.workspace();
    Delete entry =
        Delete.builder()
            .tableName(table.name())
            .key(Table.key(workspace, PREFIX + tokenId))
            .conditionExpression("attribute_exists(PK)")
            .build();
    Delete known =
        Delete.builder()
            .tableName(table.name())
            .key(key(tokenId))
            .conditionExpression("workspace = :workspace")
            .expressionAttributeValues(Map.of(":workspace", AttributeValue.fromS(workspace)))
            .build();
    Transaction<Boolean> delete =
        new Transaction<Boolean>(table)
            .add(TransactWriteItem.builder().delete(entry).build(), false)
            .add(TransactWriteItem.builder().delete(known).build(), false)
            .add(audits.insert(workspace, audit), false);
    return counts.removeOne(delete, workspace).run(audit.id(), true, null);
  }

  private static Map<String, AttributeValue> key(String tokenId) {
    AttributeValue value = AttributeValue.fromS(PREFIX + tokenId);
    return Map.of(Table.PK, value, Table.SK, value);
  }

  private static Item item(Kept kept) {
    Grant grant = kept.grant();
    return Item.empty()
        .text("tokenId", grant.tokenId())
        .text("workspace", grant.workspace())
        .text("name", grant.name())
        .text("role", grant.role().wireName())
        .text("hash", kept.hash())
        .time("createdAt", grant.createdAt())
        .text("createdBy", grant.createdBy())
        .time("expiresAt", grant.expiresAt());
  }

  private static Kept kept(Item item) {
    return new Kept(
        new Grant(
            item.text("tokenId"),
            item.text("workspace"),
            item.text("name"),
            Role.valueOf(item.text("role").toUpperCase(Locale.ROOT)),
            item.time("createdAt"),
            item.text("createdBy"),
            item.optionalTime("expiresAt").orElse(null),
            item.optionalTime("lastUsedAt").orElse(null)),
        item.text("hash"));
  }
}
