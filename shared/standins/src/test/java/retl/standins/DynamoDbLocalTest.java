package retl.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

@Execution(ExecutionMode.CONCURRENT)
class DynamoDbLocalTest {
  private static final Map<String, AttributeValue> ROW =
      Map.of("PK", AttributeValue.fromS("a"), "text", AttributeValue.fromS("kept"));

  @Test
  void startsEmptyInMemoryAndForgetsAtTheEnd() throws IOException {
    for (int start = 0; start < 2; start++) {
      try (DynamoDbLocal local = DynamoDbLocal.start(null, 0);
          DynamoDbClient client = client(local.endpoint())) {
        assertThat(client.listTables().tableNames()).isEmpty();
        writeRow(client);
      }
    }
  }

  @Test
  void keepsInItsFolderWhatWasWrittenBeforeAKill(@TempDir Path folder) throws Exception {
    DynamoDbLocal killed = DynamoDbLocal.start(folder, 0);
    try (DynamoDbClient client = client(killed.endpoint())) {
      writeRow(client);
    }
    kill(killed);

    try (DynamoDbLocal local = DynamoDbLocal.start(folder, 0);
        DynamoDbClient client = client(local.endpoint())) {
      assertThat(
              client.getItem(get -> get.tableName("rows").key(Map.of("PK", ROW.get("PK")))).item())
          .isEqualTo(ROW);
    }
  }

  @Test
  void listensOnLoopbackOnly() throws IOException {
    try (DynamoDbLocal local = DynamoDbLocal.start(null, 0)) {
      int port = local.endpoint().getPort();
      InetAddress otherLoopback = InetAddress.ofLiteral("127.0.0.2");

      new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
      assertThatThrownBy(() -> new Socket(otherLoopback, port).close())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void endsWhenTheProcessThatStartedItEnds() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String child = parent.inputReader().readLine();
    ProcessHandle emulator = ProcessHandle.of(Long.parseLong(child)).orElseThrow();

    parent.destroyForcibly();

    assertThat(emulator.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  void saysWhyItDidNotStart() throws IOException {
    try (DynamoDbLocal first = DynamoDbLocal.start(null, 0)) {
      int taken = first.endpoint().getPort();

      assertThatThrownBy(() -> DynamoDbLocal.start(null, taken))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not start")
          .hasMessageContaining("Address already in use");
    }
  }

  /** Starts one, says which process it is, and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      DynamoDbLocal.start(null, 0);
      System.out.println(ProcessHandle.current().children().findFirst().orElseThrow().pid());
      Thread.currentThread().join();
    }
  }

  private static void kill(DynamoDbLocal local) throws Exception {
    ProcessHandle process = local.process().toHandle();
    process.destroyForcibly();
    process.onExit().get(20, TimeUnit.SECONDS);
  }

  private static void writeRow(DynamoDbClient client) {
    var key = KeySchemaElement.builder().attributeName("PK").keyType(KeyType.HASH).build();
    var type =
        AttributeDefinition.builder()
            .attributeName("PK")
            .attributeType(ScalarAttributeType.S)
            .build();
    client.createTable(
        create ->
            create
                .tableName("rows")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key)
                .attributeDefinitions(type));
    client.putItem(put -> put.tableName("rows").item(ROW));
  }

  private static DynamoDbClient client(URI endpoint) {
    return SdkClients.client(DynamoDbClient.builder(), endpoint);
  }
}
