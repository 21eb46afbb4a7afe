package retl.aws;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Ids;
import retl.core.Page;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The service's one table. Everything of a workspace lies under one partition key, so no read or
 * write can reach into another workspace without naming it.
 */
public final class Table {
  static final String PK = "PK";
  static final String SK = "SK";
  static final String TTL = "ttl";
  static final String IF_NEW = "attribute_not_exists(PK)";

  // DynamoDB takes sort keys of at most 1,024 bytes; this leaves room for what stands before a name
  // and for its hash.
  private static final int MAX_NAME_BYTES = 896;

  /** By how much more is looked at when what was looked at held too few that a filter lets pass. */
  private static final int LOOK_GROWTH = 4;

  /** At how many items is looked first when a filter may leave some of them out. */
  private static final int FIRST_LOOK = 200;

  private final DynamoDbClient dynamo;
  private final String name;
  private final Tries tries;

  public Table(DynamoDbClient dynamo, String name) {
    this(dynamo, name, Tries.real());
  }

  Table(DynamoDbClient dynamo, String name, Tries tries) {
    this.dynamo = dynamo;
    this.name = name;
    this.tries = tries;
  }

  DynamoDbClient dynamo() {
    return dynamo;
  }

  String name() {
    return name;
  }

  /** For whatever others may keep from being written. */
  Tries tries() {
    return tries;
  }

  static Map<String, AttributeValue> key(String workspace, String sortKey) {
    return Map.of(PK, AttributeValue.fromS("WS#" + workspace), SK, AttributeValue.fromS(sortKey));
  }

  /**
   * The item that makes a name unique. A very long folded name keeps its beginning and ends in its
   * hash.
   */
  static String nameKey(String kind, String foldedName) {
    String beginning = beginning(foldedName);
    boolean isWhole = beginning.length() == foldedName.length();
    return "NAME#" + kind + "#" + (isWhole ? foldedName : beginning + "#" + hash(foldedName));
  }

  /** What the items of all names with this beginning begin with; 896 bytes of it count. */
  static String nameKeys(String kind, String foldedBeginning) {
    return "NAME#" + kind + "#" + beginning(foldedBeginning);
  }

  /**
   * A number in a key, so that the order of the keys is the order of the numbers: with leading
   * zeros up to so many digits. Not by {@code String.format}, which first loads what it knows of
   * the machine's language: 10 ms of a cold start, and other digits for some.
   *
   * @param number 0 or more
   */
  static String ordered(int number, int digits) {
    String text = Integer.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  private static String beginning(String text) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > MAX_NAME_BYTES) {
        return text.substring(0, end);
      }
      end += Character.charCount(codePoint);
    }
    return text;
  }

  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  Optional<Item> get(String workspace, String sortKey) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(get -> get.tableName(name).key(key(workspace, sortKey)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(Item.of(item));
  }

  /** The item of a resource, unless the id is none of its type: ids come from paths and bodies. */
  Optional<Item> find(String workspace, String sortKey, String id, String type) {
    return Ids.isId(id, type) ? get(workspace, sortKey) : Optional.empty();
  }

  /** A new item; its attributes and the key it is written under. */
  TransactWriteItem insert(String workspace, String sortKey, Item item) {
    return put(workspace, sortKey, item, IF_NEW, Map.of());
  }

  TransactWriteItem put(
      String workspace,
      String sortKey,
      Item item,
      String condition,
      Map<String, AttributeValue> values) {
    Map<String, AttributeValue> whole = new HashMap<>(item.attributes());
    whole.putAll(key(workspace, sortKey));
    Put.Builder put = Put.builder().tableName(name).item(whole).conditionExpression(condition);
    if (!values.isEmpty()) {
      put.expressionAttributeValues(values);
    }
    if (condition.contains("#ttl")) {
      put.expressionAttributeNames(Map.of("#ttl", TTL));
    }
    return TransactWriteItem.builder().put(put.build()).build();
  }

  TransactWriteItem update(
      String workspace,
      String sortKey,
      String update,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    Update.Builder change =
        Update.builder()
            .tableName(name)
            .key(key(workspace, sortKey))
            .updateExpression(update)
            .conditionExpression(condition);
    if (!names.isEmpty()) {
      change.expressionAttributeNames(names);
    }
    if (!values.isEmpty()) {
      change.expressionAttributeValues(values);
    }
    return TransactWriteItem.builder().update(change.build()).build();
  }

  /**
   * Makes an item like another one, unless it has another {@code version} by now.
   *
   * @param before as it was read
   * @param counted the attributes that others count: they stay as they are
   * @param condition what must hold of it beside its version; null for nothing
   */
  TransactWriteItem replace(
      String workspace,
      String sortKey,
      Item before,
      Item after,
      Set<String> counted,
      @Nullable String condition) {
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    List<String> sets = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (String attribute : before.attributes().keySet()) {
      if (!after.has(attribute) && !counted.contains(attribute)) {
        names.put("#" + attribute, attribute);
        removed.add("#" + attribute);
      }
    }
    after
        .attributes()
        .forEach(
            (attribute, value) -> {
              if (!counted.contains(attribute)) {
                names.put("#" + attribute, attribute);
                values.put(":" + attribute, value);
                sets.add("#" + attribute + " = :" + attribute);
              }
            });
    values.put(":before", AttributeValue.fromN(Long.toString(before.number("version"))));
    return update(
        workspace,
        sortKey,
        "SET "
            + String.join(", ", sets)
            + (removed.isEmpty() ? "" : " REMOVE " + String.join(", ", removed)),
        "#version = :before" + (condition == null ? "" : " AND " + condition),
        names,
        values);
  }

  /** Writes nothing: only that this holds of an item that must not change meanwhile. */
  TransactWriteItem check(
      String workspace,
      String sortKey,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    ConditionCheck check =
        ConditionCheck.builder()
            .tableName(name)
            .key(key(workspace, sortKey))
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .build();
    return TransactWriteItem.builder().conditionCheck(check).build();
  }

  TransactWriteItem delete(
      String workspace, String sortKey, String condition, Map<String, AttributeValue> values) {
    Delete delete =
        Delete.builder()
            .tableName(name)
            .key(key(workspace, sortKey))
            .conditionExpression(condition)
            .expressionAttributeValues(values)
            .build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  /**
   * Items under a beginning of the sort key, in its order.
   *
   * @param after the sort key to begin behind; null for the first page
   * @param count how many are wanted at most
   */
  List<Item> query(String workspace, String prefix, @Nullable String after, int count) {
    return query(workspace, prefix, after, count, true);
  }

  /** The same in the opposite order of the sort key. */
  List<Item> queryBackwards(String workspace, String prefix, @Nullable String after, int count) {
    return query(workspace, prefix, after, count, false);
  }

  private List<Item> query(
      String workspace, String prefix, @Nullable String after, int count, boolean forwards) {
    List<Item> found = new ArrayList<>();
    Map<String, AttributeValue> start = startBehind(workspace, after);
    do {
      QueryRequest.Builder request =
          queryRequest(workspace, prefix, start, count, null).scanIndexForward(forwards);
      QueryResponse answer = dynamo.query(request.build());
      answer.items().forEach(item -> found.add(Item.of(item)));
      start = answer.lastEvaluatedKey();
    } while (!start.isEmpty() && found.size() < count);
    return found.size() <= count ? found : found.subList(0, count);
  }

  /**
   * One page of the items under a beginning of the sort key for which the filter holds. It looks at
   * a few first, since most may do, and at more and more as long as they are too few.
   *
   * @param most at how many items it looks at most; then the page has fewer items than wanted, or
   *     none, and still a next one
   */
  Page<Item> page(
      String workspace, String prefix, Page.Request page, @Nullable Filter filter, int most) {
    List<Item> found = new ArrayList<>();
    Map<String, AttributeValue> start = startBehind(workspace, page.after());
    int looked = 0;
    int look = filter == null ? page.limit() + 1 : Math.max(page.limit() + 1, FIRST_LOOK);
    do {
      QueryRequest.Builder request =
          queryRequest(workspace, prefix, start, Math.min(look, most - looked), filter);
      QueryResponse answer = dynamo.query(request.build());
      answer.items().forEach(item -> found.add(Item.of(item)));
      start = answer.lastEvaluatedKey();
      looked += answer.scannedCount();
      look *= LOOK_GROWTH;
    } while (!start.isEmpty() && found.size() <= page.limit() && looked < most);
    if (found.size() > page.limit()) {
      List<Item> shown = found.subList(0, page.limit());
      return new Page<>(shown, shown.getLast().text(SK));
    }
    AttributeValue next = start.get(SK);
    return new Page<>(found, next == null ? null : next.s());
  }

  private static Map<String, AttributeValue> startBehind(String workspace, @Nullable String after) {
    return after == null ? Map.of() : key(workspace, after);
  }

  // A limit counts before the filter.
  private QueryRequest.Builder queryRequest(
      String workspace,
      String prefix,
      Map<String, AttributeValue> start,
      int limit,
      @Nullable Filter filter) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":pk", AttributeValue.fromS("WS#" + workspace));
    values.put(":prefix", AttributeValue.fromS(prefix));
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(name)
            .keyConditionExpression("PK = :pk AND begins_with(SK, :prefix)")
            .limit(limit)
            .consistentRead(true);
    if (!start.isEmpty()) {
      query.exclusiveStartKey(start);
    }
    if (filter != null) {
      query.filterExpression(filter.expression());
      if (!filter.names().isEmpty()) {
        query.expressionAttributeNames(filter.names());
      }
      values.putAll(filter.values());
    }
    return query.expressionAttributeValues(values);
  }

  /** The items of these sort keys, in their order, without those that are gone. At most 100. */
  List<Item> getAll(String workspace, List<String> sortKeys) {
    return getEach(sortKeys.stream().map(sortKey -> key(workspace, sortKey)).toList());
  }

  /** The items of these keys, in their order, without those that are gone. At most 100. */
  List<Item> getEach(List<Map<String, AttributeValue>> keys) {
    Map<Map<String, AttributeValue>, Item> found = new HashMap<>();
    Map<String, KeysAndAttributes> wanted =
        keys.isEmpty()
            ? Map.of()
            : Map.of(name, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    while (!wanted.isEmpty()) {
      Map<String, KeysAndAttributes> now = wanted;
      var answer = dynamo.batchGetItem(request -> request.requestItems(now));
      for (Map<String, AttributeValue> item : answer.responses().getOrDefault(name, List.of())) {
        found.put(Map.of(PK, item.get(PK), SK, item.get(SK)), Item.of(item));
      }
      wanted = answer.unprocessedKeys();
    }
    return keys.stream().map(found::get).filter(item -> item != null).toList();
  }

  /** Removes the items of these sort keys, those that are there; at most 25. */
  void deleteAll(String workspace, List<String> sortKeys) {
    List<WriteRequest> deletes =
        sortKeys.stream()
            .map(sortKey -> key(workspace, sortKey))
            .map(key -> WriteRequest.builder().deleteRequest(delete -> delete.key(key)).build())
            .toList();
    Map<String, List<WriteRequest>> wanted = Map.of(name, deletes);
    while (!wanted.isEmpty()) {
      Map<String, List<WriteRequest>> now = wanted;
      wanted = dynamo.batchWriteItem(request -> request.requestItems(now)).unprocessedItems();
    }
  }

  /** What a query leaves out: a DynamoDB filter expression with its names and values. */
  record Filter(String expression, Map<String, String> names, Map<String, AttributeValue> values) {

    /** The items for which all of these hold; null when there is none. */
    static @Nullable Filter all(@Nullable Filter... filters) {
      List<Filter> given = Arrays.stream(filters).filter(filter -> filter != null).toList();
      if (given.isEmpty()) {
        return null;
      }
      Map<String, String> names = new HashMap<>();
      Map<String, AttributeValue> values = new HashMap<>();
      given.forEach(
          filter -> {
            names.putAll(filter.names);
            values.putAll(filter.values);
          });
      return new Filter(
          String.join(" AND ", given.stream().map(Filter::expression).toList()), names, values);
    }

    /** The items whose attribute is this text; null when any will do. */
    static @Nullable Filter equal(String attribute, @Nullable String value) {
      return value == null
          ? null
          : new Filter(
              "#" + attribute + " = :" + attribute,
              Map.of("#" + attribute, attribute),
              Map.of(":" + attribute, AttributeValue.fromS(value)));
    }
  }
}
