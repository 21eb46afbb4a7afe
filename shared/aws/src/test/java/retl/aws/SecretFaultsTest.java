package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.standins.AwsStandIns;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** What becomes of calls to Secrets Manager that are turned away, or whose answers are lost. */
@Execution(ExecutionMode.CONCURRENT)
class SecretFaultsTest {
  private static final SecretStore.Key KEY = new SecretStore.Key("ws1", "crd_1", 1);
  private static final Secret SECRET = new Secret(Map.of("password", "s3cret-pässword"));

  private final Deque<Faults.Fault> faults = new ArrayDeque<>();
  private AwsStandIns standIns;
  private SecretsManagerClient client;
  private SecretsManagerSecrets secrets;

  @BeforeEach
  void start() throws IOException {
    standIns =
        AwsStandIns.start(
            0,
            new SecretsManagerStandIn(null, Clock.systemUTC(), operation -> nextFault()),
            new LambdaStandIn(name -> Optional.empty()));
    client =
        new Clients(
                new Environment(
                    Map.of(
                        "AWS_ACCESS_KEY_ID",
                        "local",
                        "AWS_SECRET_ACCESS_KEY",
                        "local",
                        "AWS_REGION",
                        "eu-central-1",
                        "AWS_ENDPOINT_URL",
                        standIns.endpoint().toString())))
            .secrets();
    secrets = new SecretsManagerSecrets(client, "retl", null);
  }

  @AfterEach
  void stop() {
    client.close();
    standIns.close();
  }

  private Faults.Fault nextFault() {
    return faults.isEmpty() ? Faults.Fault.NONE : faults.removeFirst();
  }

  @Test
  void aLostAnswerIsNoConflict() {
    faults.add(Faults.Fault.ANSWER_LOST);
    secrets.put(KEY, SECRET);
    faults.add(Faults.Fault.ANSWER_LOST);
    secrets.deleteNow(new SecretStore.Key("ws1", "val_1", 1));

    assertThat(secrets.get(KEY)).isEqualTo(SECRET);
  }

  @Test
  void triesAgainWhenItIsThrottledAndGivesUpAfterThreeTries() {
    faults.addAll(Collections.nCopies(2, Faults.Fault.THROTTLED));
    secrets.put(KEY, SECRET);
    assertThat(secrets.get(KEY)).isEqualTo(SECRET);

    faults.addAll(Collections.nCopies(3, Faults.Fault.THROTTLED));
    assertThatThrownBy(() -> secrets.get(KEY)).isInstanceOf(SecretsManagerException.class);
    assertThat(faults).isEmpty();
  }
}
