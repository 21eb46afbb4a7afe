package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retl.standins.AwsStandIns;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class SecretKeysTest {
  private static final String ID = "retl/keys";

  private final StillClock clock = new StillClock();
  private AwsStandIns standIns;
  private SecretsManagerClient client;

  @BeforeEach
  void start() throws IOException {
    standIns =
        AwsStandIns.start(
            0,
            new SecretsManagerStandIn(null, clock, Faults.NONE),
            new LambdaStandIn(name -> Optional.empty()));
    client = client(standIns.endpoint());
    client.createSecret(create -> create.name(ID).secretString("first"));
  }

  @AfterEach
  void stop() {
    client.close();
    standIns.close();
  }

  private static SecretsManagerClient client(URI endpoint) {
    return SecretsManagerClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(AwsCrtHttpClient.create())
        .build();
  }

  private SecretKeys instance() {
    return new SecretKeys(client, ID, clock);
  }

  private void rotate(String value) {
    client.putSecretValue(put -> put.secretId(ID).secretString(value));
  }

  @Test
  void everyInstanceHasTheSameKeysAndEachPurposeItsOwn() {
    assertThat(instance().key("token", "HmacSHA256"))
        .isEqualTo(instance().key("token", "HmacSHA256"))
        .isNotEqualTo(instance().key("cursor", "HmacSHA256"));
    assertThat(instance().key("token", "HmacSHA256").getEncoded()).hasSize(32);
  }

  @Test
  void beforeTheFirstRotationThereIsOneKey() {
    SecretKeys keys = instance();

    assertThat(keys.valid("token", "AES")).containsExactly(keys.key("token", "AES"));
  }

  @Test
  void anInstanceThatHasNotSeenARotationKnowsTheKeysThatOthersUse() {
    SecretKeys old = instance();
    assertThat(old.valid("token", "AES")).hasSize(1);
    rotate("second");
    SecretKeys fresh = instance();

    assertThat(old.valid("token", "AES")).contains(fresh.key("token", "AES"));
    assertThat(fresh.valid("token", "AES")).hasSize(2).contains(old.key("token", "AES"));
  }

  @Test
  void theNewKeyIsUsedWhenEveryInstanceHasLookedAgain() {
    SecretKeys keys = instance();
    var before = keys.key("token", "AES");
    rotate("second");
    clock.now = clock.now.plus(SecretKeys.LOOK_AGAIN);
    assertThat(keys.valid("token", "AES")).hasSize(2);
    assertThat(keys.key("token", "AES")).isEqualTo(before);

    clock.now = clock.now.plus(SecretKeys.UNUSED);

    assertThat(keys.key("token", "AES")).isNotEqualTo(before);
    assertThat(keys.valid("token", "AES")).containsExactly(keys.key("token", "AES"), before);
  }

  @Test
  void theSecondRotationEndsTheFirstKey() {
    var first = instance().key("token", "AES");
    rotate("second");
    rotate("third");

    assertThat(instance().valid("token", "AES")).hasSize(2).doesNotContain(first);
  }

  /** A clock that stands still until it is moved. */
  private static final class StillClock extends Clock {
    private Instant now = Instant.now().minus(Duration.ofDays(1));

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
