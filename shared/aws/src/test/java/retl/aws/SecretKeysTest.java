package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class SecretKeysTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private final StillClock clock = new StillClock();
  private final SecretsManagerClient client = AWS.secretsManager();

  /** No other test has it. */
  private final String secret = "retl-" + UUID.randomUUID() + "/keys";

  @BeforeEach
  void generate() {
    client.createSecret(create -> create.name(secret).secretString("first"));
  }

  private SecretKeys instance() {
    return new SecretKeys(() -> client, secret, clock);
  }

  private void rotate(String value) {
    client.putSecretValue(put -> put.secretId(secret).secretString(value));
  }

  @Test
  void everyInstanceHasTheSameKeysAndEachPurposeItsOwn() {
    assertThat(instance().key("token", "HmacSHA256"))
        .isEqualTo(instance().key("token", "HmacSHA256"))
        .isNotEqualTo(instance().key("cursor", "HmacSHA256"));
    assertThat(instance().key("token", "HmacSHA256").getEncoded()).hasSize(32);
  }

  @Test
  void keysOfARehearsalAreNoneOfTheDeployment() {
    SecretKeys keys = instance();
    String other = "retl-" + UUID.randomUUID() + "/keys";
    client.createSecret(create -> create.name(other).secretString("other"));

    assertThat(keys.rehearsal().key("token", "AES"))
        .isNotEqualTo(keys.key("token", "AES"))
        .isEqualTo(new SecretKeys(() -> client, other, clock).rehearsal().key("token", "AES"));
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
    private Instant now = Instant.now();

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
