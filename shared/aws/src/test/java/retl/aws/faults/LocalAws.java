package retl.aws.faults;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import retl.standins.AwsStandIns;
import retl.standins.DynamoDbLocal;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** DynamoDB Local and the stand-in for Secrets Manager, with the real clients for both. */
final class LocalAws implements AutoCloseable {
  private final DynamoDbLocal database;
  private final AwsStandIns standIns;
  private final DynamoDbClient dynamo;
  private final SecretsManagerClient secretsManager;

  private LocalAws(DynamoDbLocal database, AwsStandIns standIns) {
    this.database = database;
    this.standIns = standIns;
    this.dynamo = client(DynamoDbClient.builder(), database.endpoint());
    this.secretsManager = client(SecretsManagerClient.builder(), standIns.endpoint());
  }

  static LocalAws start(Faults faults) throws IOException {
    return new LocalAws(
        DynamoDbLocal.start(null, 0),
        AwsStandIns.start(
            0,
            new SecretsManagerStandIn(null, Clock.systemUTC(), faults),
            new LambdaStandIn(name -> Optional.empty())));
  }

  DynamoDbClient dynamo() {
    return dynamo;
  }

  SecretsManagerClient secretsManager() {
    return secretsManager;
  }

  void createTable(String name) {
    retl.aws.LocalAws.createTable(dynamo, name);
  }

  private static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C client(
      B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .overrideConfiguration(
            configuration -> configuration.apiCallTimeout(Duration.ofSeconds(30)))
        .httpClient(AwsCrtHttpClient.builder().build())
        .build();
  }

  @Override
  public void close() {
    secretsManager.close();
    dynamo.close();
    standIns.close();
    database.close();
  }
}
