package retl.aws.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import retl.aws.DynamoModels;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Role;
import retl.core.model.ModelStore.Filter;
import retl.core.model.ModelSummary;
import retl.core.warehouse.Warehouse;
import retl.standins.Faults;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What a page of models costs in a workspace with many, in DynamoDB Local: {@code ListCosts
 * [<count>]}. It prints requests and read units, which do not depend on the machine.
 */
public final class ListCosts {
  private static final String TABLE = "lists";
  private static final int BATCH = 25;
  private static final int LIMIT = 25;

  private final Caller caller = new Caller("ws_lists", "tok_1", Role.VIEWER, "req-1");
  private int requests;
  private double units;

  private ListCosts() {}

  /** Prints a line for each kind of page. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    try (LocalAws aws = LocalAws.start(Faults.NONE)) {
      aws.createTable(TABLE);
      ListCosts costs = new ListCosts();
      costs.fill(aws.dynamo(), count);
      costs.measure(aws.dynamo(), count);
    }
  }

  private void fill(DynamoDbClient dynamo, int count) {
    List<WriteRequest> writes = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(
            number -> {
              writes.add(put("NAME#MODEL#model %06d".formatted(number), entry(number)));
              writes.add(put("MODEL#" + id(number), row(number)));
            });
    for (int from = 0; from < writes.size(); from += BATCH) {
      List<WriteRequest> batch = writes.subList(from, Math.min(writes.size(), from + BATCH));
      dynamo.batchWriteItem(write -> write.requestItems(Map.of(TABLE, batch)));
    }
  }

  // One of a thousand has the rare credentials; the last one alone is of Snowflake.
  private static Map<String, AttributeValue> entry(int number) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("id", AttributeValue.fromS(id(number)));
    item.put("credentialId", AttributeValue.fromS(number % 1000 == 999 ? "crd_rare" : "crd_most"));
    item.put("warehouse", AttributeValue.fromS(number == 9_999 ? "snowflake" : "postgres"));
    return item;
  }

  private static Map<String, AttributeValue> row(int number) {
    Map<String, AttributeValue> item = entry(number);
    item.put("name", AttributeValue.fromS("Model %06d".formatted(number)));
    item.put("sql", AttributeValue.fromS("select " + "column, ".repeat(250) + "x from t"));
    for (String field : List.of("createdAt", "updatedAt")) {
      item.put(field, AttributeValue.fromS("2026-03-01T12:00:00Z"));
    }
    for (String field : List.of("createdBy", "updatedBy")) {
      item.put(field, AttributeValue.fromS("tok_1"));
    }
    for (String field : List.of("revision", "version", "sourceCount")) {
      item.put(field, AttributeValue.fromN("1"));
    }
    return item;
  }

  private static String id(int number) {
    return "mdl_%026d".formatted(number);
  }

  private WriteRequest put(String sortKey, Map<String, AttributeValue> item) {
    item.put("PK", AttributeValue.fromS("WS#" + caller.workspace()));
    item.put("SK", AttributeValue.fromS(sortKey));
    return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
  }

  private void measure(DynamoDbClient dynamo, int count) {
    Table table = new Table(counting(dynamo), TABLE);
    DynamoModels models = new DynamoModels(table, new Receipts(table, new World.Ticking()));
    System.out.printf("%,d models, pages of %d%n", count, LIMIT);
    print(models, "all", new Filter(null, null, null));
    print(models, "search", new Filter(null, null, "Model 0099"));
    print(models, "filter that nearly all meet", new Filter("crd_most", null, null));
    print(models, "filter that one of 1,000 meets", new Filter("crd_rare", null, null));
    print(models, "filter that the last one meets", new Filter(null, Warehouse.SNOWFLAKE, null));
    print(models, "filter that none meets", new Filter("crd_none", null, null));
  }

  private void print(DynamoModels models, String what, Filter filter) {
    @Nullable String after = null;
    for (int number = 1; number <= 2; number++) {
      requests = 0;
      units = 0;
      Page<ModelSummary> page = models.list(caller, filter, new Page.Request(LIMIT, after));
      System.out.printf(
          "%s, page %d: %d items, %d requests, %.1f read units%n",
          what, number, page.items().size(), requests, units);
      after = page.next();
      if (after == null) {
        return;
      }
    }
  }

  /** The client with its two reads of lists counted. */
  private DynamoDbClient counting(DynamoDbClient dynamo) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            ListCosts.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "query" -> query(dynamo, (QueryRequest) arguments[0]);
                  case "batchGetItem" -> batchGetItem(dynamo, arguments[0]);
                  default -> {
                    try {
                      yield method.invoke(dynamo, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  }
                });
  }

  private QueryResponse query(DynamoDbClient dynamo, QueryRequest request) {
    QueryResponse response =
        dynamo.query(
            request.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build());
    requests++;
    units += response.consumedCapacity().capacityUnits();
    return response;
  }

  @SuppressWarnings("unchecked") // The service gives it as a change of a builder.
  private BatchGetItemResponse batchGetItem(DynamoDbClient dynamo, Object request) {
    BatchGetItemResponse response =
        dynamo.batchGetItem(
            BatchGetItemRequest.builder()
                .applyMutation((Consumer<BatchGetItemRequest.Builder>) request)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build());
    requests++;
    response.consumedCapacity().forEach(each -> units += each.capacityUnits());
    return response;
  }
}
