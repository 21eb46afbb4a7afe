package retl.functions.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.api.TestContext;
import retl.api.json.Json;
import retl.aws.DynamoUnfinished;
import retl.aws.LocalAws;
import retl.aws.SecretsManagerSecrets;
import retl.core.Callers;
import retl.core.Role;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.Sweeper;
import retl.core.credential.Unfinished;
import retl.core.schedule.Slots;

/** What the schedules of the deployment invoke. */
class ScheduleHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  /** Midnight of a day, in minutes. */
  private static final long DAY =
      Duration.between(Instant.EPOCH, Instant.parse("2026-03-01T00:00:00Z")).toMinutes();

  private static CreateCredentialHandler create;
  private static DispatchValidationsHandler dispatch;
  private static SweepCredentialsHandler sweep;

  private final TestContext context = new TestContext();
  private String workspace;

  @BeforeAll
  static void wire() {
    create = new CreateCredentialHandler(new Wiring(AWS.environment()));
    dispatch = new DispatchValidationsHandler(new DispatchWiring(AWS.environment()));
    sweep = new SweepCredentialsHandler(new SweepWiring(AWS.environment()));
  }

  @BeforeEach
  void takeAWorkspace() {
    workspace = AWS.workspace();
  }

  private String createCredential(String name) {
    return Call.of("POST /credentials")
        .as(Callers.of(workspace, Role.ADMIN))
        .body(
            """
            {"name": "%s", "warehouse": "postgres", "skipValidation": true,
             "settings": {"host": "db.example.com", "database": "shop", "user": "report"},
             "secret": {"password": "s3cret-pass"}}"""
                .formatted(name))
        .to(create)
        .text("id");
  }

  private String invoke(RequestStreamHandler handler, String event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), answer, context);
    return answer.toString(UTF_8);
  }

  private void dispatchAt(long minute) throws IOException {
    Instant time = Instant.EPOCH.plus(Duration.ofMinutes(minute));
    invoke(dispatch, "{\"time\": \"" + time + "\"}");
  }

  private static Map<?, ?> fields(String line) {
    return (Map<?, ?>) Objects.requireNonNull(Json.parse(line));
  }

  @Test
  void handsOverEachCredentialInItsMinuteOfTheDay() throws IOException {
    String id = createCredential("Shop");
    long slot = Slots.of(id);

    dispatchAt(DAY + (slot + 1) % Slots.COUNT);
    assertThat(AWS.messages(workspace)).isEmpty();

    dispatchAt(DAY + slot);
    dispatchAt(DAY + Slots.COUNT + slot);
    assertThat(AWS.messages(workspace))
        .hasSize(2)
        .allMatch(event -> event.contains(id) && !event.contains("s3cret"));
  }

  @Test
  void aScheduleThatFiresTwiceHandsOverOnce() throws IOException {
    long slot = Slots.of(createCredential("Shop"));

    dispatchAt(DAY + slot);
    dispatchAt(DAY + slot);

    assertThat(AWS.messages(workspace)).hasSize(1);
  }

  @Test
  void saysHowManyWereHandedOver() throws IOException {
    dispatchAt(DAY + Slots.of(createCredential("Shop")));

    Map<?, ?> line = fields(context.lines().getLast());
    assertThat(line.get("event")).isEqualTo("dispatched");
    assertThat((Long) line.get("sent")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"time\": 5}", "{\"time\": \"noon\"}", ""})
  void failsOnAnEventWithoutItsTimeSoThatTheSchedulerTriesAgain(String event) {
    assertThatThrownBy(() -> invoke(dispatch, event)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void sweepsWhatIsOldAndLeavesWhatIsYoung() throws IOException {
    SecretStore.Key old = secret("crd_00000000000000000000000001", Sweeper.GRACE.plusMinutes(1));
    SecretStore.Key young = secret("crd_00000000000000000000000002", Duration.ZERO);

    invoke(sweep, "{}");

    assertThat(secrets()).contains(name(young)).doesNotContain(name(old));
    assertThat(fields(context.lines().getLast()).get("event")).isEqualTo("swept");
    assertThat((Long) fields(context.lines().getLast()).get("ended")).isPositive();
  }

  /** A secret that is in no row, noted as loose this long ago. */
  private SecretStore.Key secret(String owner, Duration ago) {
    SecretStore.Key key = new SecretStore.Key(workspace, owner, 1);
    new DynamoUnfinished(AWS.table())
        .note(new Unfinished.LooseSecret(key), Instant.now().minus(ago));
    new SecretsManagerSecrets(AWS.secretsManager(), "retl", null)
        .put(key, new Secret(Map.of("password", "x")));
    return key;
  }

  private static String name(SecretStore.Key key) {
    return "retl/" + key.workspace() + "/" + key.owner() + "/v" + key.version();
  }

  private List<String> secrets() {
    return AWS.secretNames().stream().filter(name -> name.contains(workspace)).toList();
  }
}
