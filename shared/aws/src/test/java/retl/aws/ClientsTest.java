package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What the clients make of transactions that meet others on the way. */
class ClientsTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static final String CONFLICT =
      """
      {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
       "Message": "Transaction cancelled",
       "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
      """;
  private static final String CONFLICT_AND_REFUSAL =
      CONFLICT.replace("\"None\"", "\"ConditionalCheckFailed\"");

  private BadConnection connection;
  private Table table;
  private String workspace;

  @BeforeEach
  void connect() {
    connection = BadConnection.to(AWS.dynamo());
    Environment environment = new Environment(AWS.environment(connection.endpoint()));
    table = new Table(new Clients(environment).dynamo(), environment.get(Environment.TABLE));
    workspace = AWS.workspace();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private List<TransactWriteItem> writes() {
    return List.of(
        table.insert(workspace, "THING#1", Item.empty()),
        table.insert(workspace, "THING#2", Item.empty()));
  }

  @Test
  void triesAConflictAgain() {
    connection.answers(CONFLICT).answers(CONFLICT);

    assertThat(table.transact("token-1", writes())).isEqualTo(OptionalInt.empty());
    assertThat(AWS.keys(workspace)).containsExactly("THING#1", "THING#2");
    assertThat(connection.calls()).hasSize(3);
  }

  @Test
  void givesUpAfterThreeTries() {
    connection.answers(CONFLICT).answers(CONFLICT).answers(CONFLICT);

    assertThatThrownBy(() -> table.transact("token-1", writes()))
        .isInstanceOf(TransactionCanceledException.class);
    assertThat(connection.calls()).hasSize(3);
    assertThat(AWS.keys(workspace)).isEmpty();
  }

  @Test
  void takesARefusalForWhatItIs() {
    connection.answers(CONFLICT_AND_REFUSAL);

    assertThat(table.transact("token-1", writes())).isEqualTo(OptionalInt.of(0));
    assertThat(connection.calls()).hasSize(1);
  }

  /** The control: the SDK's own client does not try again. */
  @Test
  void aClientWithoutOurRetriesDoesNot() {
    connection.answers(CONFLICT);
    try (DynamoDbClient plain =
        DynamoDbClient.builder()
            .endpointOverride(connection.endpoint())
            .region(software.amazon.awssdk.regions.Region.EU_CENTRAL_1)
            .build()) {
      assertThatThrownBy(() -> new Table(plain, table.name()).transact("token-1", writes()))
          .isInstanceOf(TransactionCanceledException.class);
    }
    assertThat(connection.calls()).hasSize(1);
  }
}
