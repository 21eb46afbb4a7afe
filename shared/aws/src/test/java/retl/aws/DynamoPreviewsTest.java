package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Receipt;
import retl.core.Role;
import retl.core.TestClock;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.warehouse.Column;

class DynamoPreviewsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final Instant NOW = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
  private static final Receipt RECEIPT =
      new Receipt(new Receipt.Once("POST /previews", "key", "hash"), 202, Map.of(), "{}");

  private final Ids ids = Ids.timeOrdered();
  private final TestClock clock = new TestClock();
  private DynamoPreviews store;
  private Caller caller;
  private String workspace;

  @BeforeEach
  void takeAWorkspace() {
    store = new DynamoPreviews(AWS.table(), new Receipts(AWS.table(), clock));
    workspace = AWS.workspace();
    caller = Callers.of(workspace, Role.EDITOR);
  }

  private Preview queued() {
    return queued(ids.next("prv"), new Preview.Wanted.Rows(50));
  }

  private static Preview queued(String id, Preview.Wanted wanted) {
    return new Preview(
        id,
        Preview.Status.QUEUED,
        "crd_1",
        1,
        " select 'é😀'\r\n;",
        wanted,
        null,
        null,
        null,
        NOW.plus(Duration.ofMinutes(2)),
        NOW.plus(Duration.ofMinutes(15)));
  }

  private Preview create() {
    Preview preview = queued();
    assertThat(store.create(caller, preview, audit(preview), null)).isTrue();
    return preview;
  }

  private Audit audit(Preview preview) {
    return Audit.of(
        caller, ids, clock.instant(), "preview.submitted", preview.id(), List.of("sql"));
  }

  private static Preview.Result result(int rowCount) {
    List<Column> columns =
        List.of(
            new Column("id", Column.Type.INT, "int8", false),
            new Column("id", Column.Type.STRING, "text", null));
    return new Preview.Result(
        columns,
        rowCount,
        true,
        3,
        List.of("Some cells were cut."),
        EnumSet.allOf(Guard.class),
        null);
  }

  private List<String> rows(Preview preview, int from, int count) {
    return store.rows(workspace, preview.id(), from, count);
  }

  @Test
  void readsBackEveryStateOfAPreview() {
    Preview queued = create();
    assertThat(store.find(workspace, queued.id())).contains(queued);

    assertThat(store.start(workspace, queued.id())).contains(queued.running());
    assertThat(store.find(workspace, queued.id())).contains(queued.running());

    store.finish(workspace, queued.completed(result(1), 12), List.of("[1,\"a\"]"));
    assertThat(store.find(workspace, queued.id())).contains(queued.completed(result(1), 12));
  }

  @Test
  void readsBackACheckOfAKey() {
    Preview.Wanted.Key key = new Preview.Wanted.Key(ids.next("mdl"), 3, List.of("Id", "é \"a\""));
    Preview queued = queued(ids.next("kch"), key);
    assertThat(store.create(caller, queued, audit(queued), null)).isTrue();
    assertThat(store.find(workspace, queued.id())).contains(queued);

    Preview.Result result =
        new Preview.Result(
            List.of(),
            2,
            false,
            0,
            List.of(),
            Set.of(),
            new Preview.KeyCounts(5_000_000_000L, 7, 2, List.of(4_000_000_000L, 2L)));
    assertThat(store.start(workspace, queued.id())).contains(queued.running());
    store.finish(workspace, queued.completed(result, 12), List.of("[1,\"a\"]", "[2,\"b\"]"));

    assertThat(store.find(workspace, queued.id())).contains(queued.completed(result, 12));
    assertThat(rows(queued, 0, 10)).containsExactly("[1,\"a\"]", "[2,\"b\"]");
    assertThat(store.isCanceled(workspace, queued.id())).isFalse();
  }

  static final List<Preview.Failure> FAILURES =
      List.of(
          new Preview.Failure("query_failed", "no such \"table\"", new Preview.Place(2, 3, 17)),
          new Preview.Failure("timeout", "It took too long.", null));

  @ParameterizedTest
  @FieldSource("FAILURES")
  void readsBackWhyItFailed(Preview.Failure failure) {
    Preview queued = create();

    store.finish(workspace, queued.failed(failure, 5L), List.of());

    assertThat(store.find(workspace, queued.id())).contains(queued.failed(failure, 5L));
    assertThat(rows(queued, 0, 10)).isEmpty();
  }

  @Test
  void isWrittenOncePerIdempotencyKey() {
    Preview first = queued();
    assertThat(store.create(caller, first, audit(first), RECEIPT)).isTrue();
    List<String> before = AWS.keys(workspace);

    Preview second = queued();
    assertThat(store.create(caller, second, audit(second), RECEIPT)).isFalse();
    assertThat(AWS.keys(workspace)).isEqualTo(before);
  }

  @Test
  void startsOnce() {
    Preview preview = create();

    assertThat(store.start(workspace, preview.id())).isPresent();
    assertThat(store.start(workspace, preview.id())).isEmpty();
    store.finish(workspace, preview.completed(result(0), 5), List.of());
    assertThat(store.start(workspace, preview.id())).isEmpty();
  }

  @Test
  void endsOnceWithTheRowsOfThatEnd() {
    Preview preview = create();
    store.finish(workspace, preview.completed(result(2), 5), List.of("[1]", "[2]"));

    store.finish(workspace, preview.completed(result(2), 9), List.of("[8]", "[9]"));
    store.finish(workspace, preview.failed(FAILURES.getLast(), 9L), List.of());

    assertThat(store.find(workspace, preview.id())).contains(preview.completed(result(2), 5));
    assertThat(rows(preview, 0, 10)).containsExactly("[1]", "[2]");
  }

  @Test
  void aPreviewThatIsLostStaysLost() {
    Preview preview = create();
    store.start(workspace, preview.id());
    clock.advance(Duration.ofMinutes(2).minusSeconds(2));

    store.finish(workspace, preview.completed(result(1), 5), List.of("[1]"));
    store.finish(workspace, preview.failed(FAILURES.getLast(), 9L), List.of());

    clock.advance(Duration.ofSeconds(3));
    Preview read = store.find(workspace, preview.id()).orElseThrow().asOf(clock.instant());
    assertThat(read.failure()).extracting(Preview.Failure::code).isEqualTo("worker_lost");
    assertThat(rows(preview, 0, 10)).isEmpty();
  }

  @Test
  void aPreviewThatEndsInTimeEnds() {
    Preview preview = create();
    clock.advance(Duration.ofMinutes(2).minusSeconds(4));

    store.finish(workspace, preview.completed(result(1), 5), List.of("[1]"));

    assertThat(rows(preview, 0, 10)).containsExactly("[1]");
  }

  private Audit canceled(Preview preview) {
    return Audit.of(
        caller, ids, clock.instant(), "preview.canceled", preview.id(), List.of("status"));
  }

  private long audits() {
    return AWS.keys(workspace).stream().filter(key -> key.startsWith("AUDIT#")).count();
  }

  @Test
  void cancelsWhatIsQueued() {
    Preview preview = create();

    store.cancel(caller, preview, canceled(preview));

    assertThat(store.find(workspace, preview.id())).contains(preview.canceled(null));
    assertThat(store.isCanceled(workspace, preview.id())).isTrue();
    assertThat(store.start(workspace, preview.id())).isEmpty();
    assertThat(audits()).isEqualTo(2);
  }

  @Test
  void marksWhatRunsUntilItEnds() {
    Preview preview = create();
    store.start(workspace, preview.id());
    assertThat(store.isCanceled(workspace, preview.id())).isFalse();

    store.cancel(caller, preview, canceled(preview));

    assertThat(store.find(workspace, preview.id())).contains(preview.running());
    assertThat(store.isCanceled(workspace, preview.id())).isTrue();
    assertThat(store.isCanceled(AWS.workspace(), preview.id())).isFalse();
    store.finish(workspace, preview.canceled(7L), List.of());
    assertThat(store.find(workspace, preview.id())).contains(preview.canceled(7L));
    assertThat(audits()).isEqualTo(2);
  }

  @Test
  void givesUpWhatIsQueuedAndNothingElse() {
    Preview.Failure failure = new Preview.Failure("not_started", "Nothing was run.", null);
    Preview queued = create();
    Preview running = create();
    store.start(workspace, running.id());

    store.giveUp(workspace, queued.failed(failure, null));
    store.giveUp(workspace, running.failed(failure, null));

    assertThat(store.find(workspace, queued.id())).contains(queued.failed(failure, null));
    assertThat(store.start(workspace, queued.id())).isEmpty();
    assertThat(store.find(workspace, running.id())).contains(running.running());
  }

  @Test
  void cancelsNothingThatIsOver() {
    Preview preview = create();
    Preview completed = preview.completed(result(1), 5);
    store.finish(workspace, completed, List.of("[1]"));

    store.cancel(caller, preview, canceled(preview));

    assertThat(store.find(workspace, preview.id())).contains(completed);
    assertThat(store.isCanceled(workspace, preview.id())).isFalse();
    assertThat(audits()).isEqualTo(1);
  }

  @Test
  void keepsAFewRowsInThePreviewItself() {
    Preview few = create();
    Preview many = create();
    List<String> before = AWS.keys(workspace);

    store.finish(workspace, few.completed(result(2), 5), List.of("[1]", "[2]"));
    assertThat(AWS.keys(workspace)).isEqualTo(before);
    assertThat(rows(few, 1, 7)).containsExactly("[2]");

    store.finish(workspace, many.completed(result(1), 5), random(1, 30_000));
    assertThat(AWS.keys(workspace)).hasSize(before.size() + 1);
  }

  @Test
  void showsNoRowsBeforeTheEnd() {
    Preview preview = create();
    store.start(workspace, preview.id());
    new RowChunks(AWS.table())
        .write(workspace, "PREVIEW#" + preview.id(), preview.expiresAt(), List.of("[1]"));

    assertThat(rows(preview, 0, 10)).isEmpty();
    assertThat(store.find(workspace, preview.id())).contains(preview.running());
  }

  private static final Random RANDOM = new Random(7);

  static final List<Arguments> ROWS =
      List.of(
          Arguments.of("1,000 small ones", repeated("[1,\"some text\"]", 1000)),
          Arguments.of("1,000 of a kilobyte", random(1000, 1000)),
          Arguments.of("about as many as lie in the preview itself", random(4, 5450)),
          Arguments.of("a few more", random(4, 5500)),
          Arguments.of("three that fill chunks exactly", random(3, 256 * 1024 - 4)),
          Arguments.of("100 of 30 KB", random(100, 30_000)),
          Arguments.of("one of a megabyte", random(1, 1_000_000)),
          Arguments.of("one of 6 MB between small ones", around(random(1, 6_000_000).getFirst())),
          Arguments.of("text of three bytes a character", repeated("[\"数据库\"]".repeat(9000), 9)),
          Arguments.of("half a million emoji", repeated("[\"" + "😀".repeat(2000) + "\"]", 250)),
          Arguments.of("empty ones", repeated("[]", 12)),
          Arguments.of("none", List.of()));

  private static List<String> around(String row) {
    return List.of("[1]", row, "[3]");
  }

  private static List<String> repeated(String row, int count) {
    return Collections.nCopies(count, row);
  }

  // Letters of six bits each: gzip makes three quarters of them, and no less.
  private static List<String> random(int count, int length) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return IntStream.range(0, count)
        .mapToObj(
            row -> {
              StringBuilder text = new StringBuilder("[\"");
              for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(RANDOM.nextInt(64)));
              }
              return text.append("\"]").toString();
            })
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("ROWS")
  void givesEveryPageOfItsRows(String what, List<String> rows) {
    Preview preview = create();

    store.finish(workspace, preview.completed(result(rows.size()), 5), rows);

    for (int pageSize : new int[] {7, 100}) {
      for (int from = 0; from <= rows.size() + pageSize; from += pageSize * 7) {
        List<String> expected =
            rows.subList(Math.min(from, rows.size()), Math.min(from + pageSize, rows.size()));
        assertThat(rows(preview, from, pageSize).equals(expected)).as(what + from).isTrue();
      }
    }
    assertThat(rows(preview, 0, rows.size() + 1).equals(rows)).isTrue();
    assertThat(AWS.items(workspace))
        .filteredOn(item -> item.has("bytes"))
        .allMatch(item -> item.bytes("bytes").length <= 380 * 1024)
        .allMatch(item -> item.number("ttl") == preview.expiresAt().getEpochSecond());
  }

  @Test
  void findsNothingInAnotherWorkspace() {
    Preview preview = create();
    String other = AWS.workspace();
    store.finish(workspace, preview.completed(result(1), 5), List.of("[1]"));

    assertThat(store.find(other, preview.id())).isEmpty();
    assertThat(store.rows(other, preview.id(), 0, 10)).isEmpty();
    assertThat(store.start(other, preview.id())).isEmpty();
    store.finish(other, preview.completed(result(1), 5), List.of());
    assertThat(store.find(other, preview.id())).isEmpty();
    assertThat(rows(preview, 0, 10)).containsExactly("[1]");
  }

  @Test
  void findsNothingUnderWhatIsNoId() {
    Preview preview = create();
    store.finish(workspace, preview.completed(result(1), 5), List.of("[1]"));

    AWS.keys(workspace).stream()
        .filter(key -> key.startsWith("PREVIEW#") && !key.equals("PREVIEW#" + preview.id()))
        .forEach(key -> assertThat(store.find(workspace, key.substring(8))).isEmpty());
    assertThat(store.find(workspace, "x".repeat(2000))).isEmpty();
    assertThat(store.rows(workspace, preview.id() + "#ROWS", 0, 10)).isEmpty();
  }
}
