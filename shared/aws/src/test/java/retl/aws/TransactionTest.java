package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retl.core.Refusals.problemOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Problem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What becomes of transactions that meet others on the way. */
class TransactionTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String CONFLICT =
      """
      {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
       "Message": "Transaction cancelled",
       "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
      """;
  private static final String IN_PROGRESS =
      """
      {"__type": "com.amazonaws.dynamodb.v20120810#TransactionInProgressException",
       "Message": "It has not ended"}
      """;

  private final List<Duration> pauses = new ArrayList<>();
  private BadConnection connection;
  private Table table;
  private String workspace;

  @BeforeEach
  void connect() {
    connection = BadConnection.to(AWS.dynamo());
    Environment environment = new Environment(AWS.environment(connection.endpoint()));
    table =
        new Table(
            new Clients(environment).dynamo(),
            environment.get(Environment.TABLE),
            new Tries(pauses::add));
    workspace = AWS.workspace();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private Transaction<String> writes() {
    return new Transaction<String>(table)
        .add(table.insert(workspace, "THING#1", Item.empty()), "first")
        .add(table.insert(workspace, "THING#2", Item.empty()), "second");
  }

  @Test
  void waitsForItsTurn() {
    Collections.nCopies(Tries.MOST - 1, CONFLICT).forEach(connection::answers);

    assertThat(writes().run(workspace, "written", null)).isEqualTo("written");
    assertThat(AWS.keys(workspace)).containsExactly("THING#1", "THING#2");
    assertThat(pauses).hasSize(Tries.MOST - 1);
  }

  @Test
  void waitsForItsOwnFirstTry() {
    // The SDK tries three times by itself.
    Collections.nCopies(3, IN_PROGRESS).forEach(connection::answers);

    assertThat(writes().run(workspace, "written", null)).isEqualTo("written");
    assertThat(pauses).hasSize(1);
  }

  @Test
  void pausesLongerAndLongerButNotForLong() {
    for (int round = 0; round < 50; round++) {
      new Tries(pauses::add).until(Optional::empty);
    }

    assertThat(pauses).hasSize(50 * (Tries.MOST - 1));
    assertThat(pauses).allMatch(pause -> pause.toMillis() >= 1 && pause.toMillis() <= 250);
    assertThat(longestOf(0)).isLessThanOrEqualTo(10);
    assertThat(longestOf(1)).isGreaterThan(10).isLessThanOrEqualTo(20);
    assertThat(pauses.stream().distinct()).hasSizeGreaterThan(100);
  }

  private long longestOf(int number) {
    return IntStream.range(0, 50)
        .mapToLong(round -> pauses.get(round * (Tries.MOST - 1) + number).toMillis())
        .max()
        .orElseThrow();
  }

  @Test
  void saysSoWhenItsTurnNeverComes() {
    Collections.nCopies(2 * Tries.MOST, CONFLICT).forEach(connection::answers);

    assertThat(writes().run(workspace, "written", "contended")).isEqualTo("contended");
    assertThat(problemOf(() -> writes().run(workspace, "written", null)))
        .isEqualTo(new Problem.Busy());
    assertThat(connection.calls()).hasSize(2 * Tries.MOST);
    assertThat(AWS.keys(workspace)).isEmpty();
  }

  @Test
  void takesARefusalForWhatItIs() {
    connection.answers(
        CONFLICT
            .replace("TransactionConflict", "ConditionalCheckFailed")
            .replace("None", "TransactionConflict"));

    assertThat(writes().run(workspace, "written", null)).isEqualTo("second");
    assertThat(connection.calls()).hasSize(1);
  }

  @Test
  void doesNotTryWhatCannotSucceed() {
    connection.answers(CONFLICT.replace("TransactionConflict", "ValidationError"));

    assertThatThrownBy(() -> writes().run(workspace, "written", null))
        .isInstanceOf(TransactionCanceledException.class);
    assertThat(connection.calls()).hasSize(1);
  }

  /** The control: nobody but the loop tries again. */
  @Test
  void aSingleTryDoesNotWait() {
    connection.answers(CONFLICT);

    assertThat(writes().tryOnce(workspace, "written")).isEmpty();
    assertThat(connection.calls()).hasSize(1);
  }
}
