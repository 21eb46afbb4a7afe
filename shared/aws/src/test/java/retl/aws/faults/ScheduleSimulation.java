package retl.aws.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import retl.aws.DynamoSchedule;
import retl.aws.DynamoValidations;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.schedule.Dispatcher;
import retl.core.schedule.Due;
import retl.core.schedule.Slots;
import retl.standins.Faults;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A day of the dispatcher over many credentials in DynamoDB Local: {@code ScheduleSimulation
 * [<count>]}.
 */
public final class ScheduleSimulation {
  private static final String TABLE = "simulation";
  private static final int BATCH = 25;
  private static final int WORKSPACES = 1000;
  private static final int PLACES = 5000;

  private ScheduleSimulation() {}

  /** Prints how many were due in a minute, and how long a minute's dispatch took. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    try (LocalAws aws = LocalAws.start(Faults.NONE)) {
      aws.createTable(TABLE);
      fill(aws, count);
      simulate(aws, count);
    }
  }

  private static void fill(LocalAws aws, int count) throws Exception {
    Ids ids = Ids.timeOrdered();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> writes = new ArrayList<>();
      for (int from = 0; from < count; from += BATCH) {
        List<WriteRequest> batch =
            IntStream.range(from, Math.min(count, from + BATCH))
                .mapToObj(number -> item(ids.next("crd"), number))
                .toList();
        writes.add(
            threads.submit(
                () ->
                    aws.dynamo()
                        .batchWriteItem(write -> write.requestItems(Map.of(TABLE, batch)))));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    }
  }

  private static WriteRequest item(String id, int number) {
    String workspace = "ws_" + number % WORKSPACES;
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("PK", AttributeValue.fromS("SLOT#%04d".formatted(Slots.of(id))));
    item.put("SK", AttributeValue.fromS(workspace + "#" + id));
    item.put("workspace", AttributeValue.fromS(workspace));
    item.put("id", AttributeValue.fromS(id));
    item.put("place", AttributeValue.fromS("db" + number % PLACES + ".example.com"));
    return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
  }

  private static void simulate(LocalAws aws, int count) throws IOException {
    World.Ticking clock = new World.Ticking();
    Table table = new Table(aws.dynamo(), TABLE);
    Set<String> seen = new HashSet<>();
    int[] batches = {0};
    Dispatcher dispatcher =
        new Dispatcher(
            new DynamoSchedule(
                table, new DynamoValidations(table, new Receipts(table, clock), clock), clock),
            batch -> {
              batches[0]++;
              batch.stream().map(Due::credentialId).forEach(seen::add);
            },
            new Slots(Slots.COUNT));
    long[] due = new long[Slots.COUNT];
    long[] millis = new long[Slots.COUNT];
    for (int minute = 0; minute < Slots.COUNT; minute++) {
      long start = System.nanoTime();
      due[minute] = dispatcher.dispatch(minute);
      millis[minute] = (System.nanoTime() - start) / 1_000_000;
    }
    System.out.printf(
        "%,d credentials: %,d handed over, %,d different, in %,d batches%n",
        count, LongStream.of(due).sum(), seen.size(), batches[0]);
    print("due in a minute", due);
    print("milliseconds for a minute", millis);
  }

  private static void print(String what, long[] values) {
    long[] sorted = LongStream.of(values).sorted().toArray();
    System.out.printf(
        "%s: least %d, median %d, 99 of 100 %d, most %d%n",
        what,
        sorted[0],
        sorted[sorted.length / 2],
        sorted[sorted.length * 99 / 100],
        sorted[sorted.length - 1]);
  }
}
