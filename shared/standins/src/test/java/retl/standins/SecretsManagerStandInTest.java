package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** Values, versions and labels, as the real client sees them. */
class SecretsManagerStandInTest {
  private static final String TOKEN = "11111111-1111-1111-1111-111111111111";
  private static final String OTHER = "22222222-2222-2222-2222-222222222222";
  private static final String THIRD = "33333333-3333-3333-3333-333333333333";

  private AwsStandIns server;
  private SecretsManagerClient client;

  @BeforeEach
  void start() throws IOException {
    server =
        AwsStandIns.start(
            0, SecretsManagerStandIn.inMemory(), new LambdaStandIn(name -> Optional.empty()));
    client = SdkClients.client(SecretsManagerClient.builder(), server.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void theTokenOfACreateBecomesItsVersion() {
    CreateSecretResponse created = create("prod/db", "pässword", TOKEN);

    assertThat(created.versionId()).isEqualTo(TOKEN);
    assertThat(created.arn()).matches("arn:aws:secretsmanager:.*:secret:prod/db-[A-Za-z0-9]{6}");
    var value = client.getSecretValue(get -> get.secretId("prod/db"));
    assertThat(value.secretString()).isEqualTo("pässword");
    assertThat(value.versionId()).isEqualTo(TOKEN);
    assertThat(value.versionStages()).containsExactly("AWSCURRENT");
    assertThat(value.arn()).isEqualTo(created.arn());
    assertThat(value.createdDate()).isNotNull();
  }

  @Test
  void aRepeatedCreateIsAnsweredAsTheFirst() {
    CreateSecretResponse first = create("a", "x", TOKEN);
    CreateSecretResponse again = create("a", "x", TOKEN);

    assertThat(again.arn()).isEqualTo(first.arn());
    assertThat(again.versionId()).isEqualTo(TOKEN);
  }

  @Test
  void aCreateOverAnotherSecretIsRefused() {
    create("a", "x", TOKEN);

    assertThatThrownBy(() -> create("a", "y", TOKEN)).isInstanceOf(ResourceExistsException.class);
    assertThatThrownBy(() -> create("a", "x", OTHER)).isInstanceOf(ResourceExistsException.class);
    assertThat(text("a")).isEqualTo("x");
  }

  @Test
  void manyCreatesWithOneTokenMakeOneVersion() throws Exception {
    Callable<String> create = () -> create("a", "x", TOKEN).versionId();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> answer : threads.invokeAll(Collections.nCopies(16, create))) {
        assertThat(answer.get()).isEqualTo(TOKEN);
      }
    }
    assertThat(client.describeSecret(d -> d.secretId("a")).versionIdsToStages())
        .containsOnlyKeys(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"has space", "umläut", "back\\slash", "colon:", "exclamation!"})
  void refusesANameOutsideTheGrammar(String name) {
    assertThatThrownBy(() -> create(name, "x", TOKEN))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("name");
  }

  @Test
  void takesTheLongestNameAndValueAndNotOneMore() {
    create("n".repeat(512), "x".repeat(65_536), TOKEN);

    assertThatThrownBy(() -> create("n".repeat(513), "x", TOKEN))
        .isInstanceOf(SecretsManagerException.class);
    assertThatThrownBy(() -> create("long", "x".repeat(65_537), TOKEN))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> create("wide", "ü".repeat(32_769), TOKEN))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(
            () ->
                client.createSecret(
                    c -> c.name("bytes").secretBinary(SdkBytes.fromByteArray(new byte[65_537]))))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void keepsBytesAsTheyAre() {
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 10, 127, -128});
    client.createSecret(c -> c.name("bin").secretBinary(bytes));

    var value = client.getSecretValue(get -> get.secretId("bin"));
    assertThat(value.secretBinary()).isEqualTo(bytes);
    assertThat(value.secretString()).isNull();
  }

  @Test
  void refusesBothTextAndBytes() {
    assertThatThrownBy(
            () ->
                client.createSecret(
                    c ->
                        c.name("both")
                            .secretString("x")
                            .secretBinary(SdkBytes.fromString("y", UTF_8))))
        .isInstanceOf(InvalidParameterException.class);
  }

  @Test
  void aNewVersionTakesTheCurrentLabelAndLeavesThePreviousOne() {
    create("a", "one", TOKEN);

    var put = put("a", "two", OTHER);

    assertThat(put.versionStages()).containsExactly("AWSCURRENT");
    assertThat(text("a")).isEqualTo("two");
    assertThat(
            client.getSecretValue(g -> g.secretId("a").versionStage("AWSPREVIOUS")).secretString())
        .isEqualTo("one");
    assertThat(client.getSecretValue(g -> g.secretId("a").versionId(TOKEN)).secretString())
        .isEqualTo("one");
    put("a", "three", THIRD);
    assertThat(stages())
        .isEqualTo(Map.of(OTHER, List.of("AWSPREVIOUS"), THIRD, List.of("AWSCURRENT")));
  }

  @Test
  void aRepeatedPutDoesNothingAndOtherContentIsRefused() {
    create("a", "one", TOKEN);
    put("a", "two", OTHER);
    put("a", "three", THIRD);

    assertThat(put("a", "two", OTHER).versionStages()).containsExactly("AWSPREVIOUS");
    assertThat(text("a")).isEqualTo("three");
    assertThatThrownBy(() -> put("a", "else", OTHER)).isInstanceOf(ResourceExistsException.class);
    assertThat(client.getSecretValue(g -> g.secretId("a").versionId(OTHER)).secretString())
        .isEqualTo("two");
  }

  @Test
  void aPendingVersionBecomesCurrentByItsLabel() {
    create("a", "one", TOKEN);
    client.putSecretValue(
        p ->
            p.secretId("a")
                .secretString("two")
                .clientRequestToken(OTHER)
                .versionStages("AWSPENDING"));
    assertThat(text("a")).isEqualTo("one");

    assertThatThrownBy(
            () ->
                client.updateSecretVersionStage(
                    u -> u.secretId("a").versionStage("AWSCURRENT").moveToVersionId(OTHER)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining(TOKEN);
    client.updateSecretVersionStage(
        u ->
            u.secretId("a")
                .versionStage("AWSCURRENT")
                .moveToVersionId(OTHER)
                .removeFromVersionId(TOKEN));

    assertThat(text("a")).isEqualTo("two");
    assertThat(stages().get(OTHER)).containsExactlyInAnyOrder("AWSPENDING", "AWSCURRENT");
    assertThat(stages().get(TOKEN)).containsExactly("AWSPREVIOUS");
  }

  @Test
  void theCurrentLabelCannotBeTakenOff() {
    create("a", "one", TOKEN);

    assertThatThrownBy(
            () ->
                client.updateSecretVersionStage(
                    u -> u.secretId("a").versionStage("AWSCURRENT").removeFromVersionId(TOKEN)))
        .isInstanceOf(InvalidParameterException.class);
  }

  @Test
  void aLabelOfOnesOwnComesAndGoes() {
    create("a", "one", TOKEN);
    client.updateSecretVersionStage(
        u -> u.secretId("a").versionStage("mine").moveToVersionId(TOKEN));
    assertThat(stages().get(TOKEN)).containsExactly("AWSCURRENT", "mine");

    client.updateSecretVersionStage(
        u -> u.secretId("a").versionStage("mine").removeFromVersionId(TOKEN));

    assertThat(stages().get(TOKEN)).containsExactly("AWSCURRENT");
  }

  @Test
  void aSecretWithoutAValueHasNoneToGetUntilThePut() {
    client.createSecret(c -> c.name("empty"));
    assertThatThrownBy(() -> text("empty"))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("AWSCURRENT");

    client.putSecretValue(p -> p.secretId("empty").secretString("x").versionStages("mine"));

    assertThat(text("empty")).isEqualTo("x");
  }

  @Test
  void findsByNameArnAndArnWithoutItsEnd() {
    String arn = create("a/b", "x", TOKEN).arn();

    assertThat(text("a/b")).isEqualTo("x");
    assertThat(text(arn)).isEqualTo("x");
    assertThat(text(arn.substring(0, arn.length() - 7))).isEqualTo("x");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    create("a", "x", TOKEN);

    assertThatThrownBy(() -> text("b")).isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.getSecretValue(g -> g.secretId("a").versionId(OTHER)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.getSecretValue(g -> g.secretId("a").versionStage("mine")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> put("b", "x", TOKEN)).isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.deleteSecret(d -> d.secretId("b")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void anIdAndALabelMustNameTheSameVersion() {
    create("a", "one", TOKEN);
    put("a", "two", OTHER);

    assertThatThrownBy(
            () ->
                client.getSecretValue(
                    g -> g.secretId("a").versionId(TOKEN).versionStage("AWSCURRENT")))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void keepsAHundredVersionsOfManyMore() {
    create("a", "0", TOKEN);
    IntStream.rangeClosed(1, 120)
        .forEach(i -> client.putSecretValue(p -> p.secretId("a").secretString("v" + i)));

    assertThat(text("a")).isEqualTo("v120");
    assertThatThrownBy(() -> client.getSecretValue(g -> g.secretId("a").versionId(TOKEN)))
        .isInstanceOf(ResourceNotFoundException.class);
    Set<String> labels =
        stages().values().stream().flatMap(List::stream).collect(Collectors.toSet());
    assertThat(labels).containsExactlyInAnyOrder("AWSCURRENT", "AWSPREVIOUS");
  }

  private CreateSecretResponse create(String name, String text, String token) {
    return client.createSecret(c -> c.name(name).secretString(text).clientRequestToken(token));
  }

  private PutSecretValueResponse put(String name, String text, String token) {
    return client.putSecretValue(
        p -> p.secretId(name).secretString(text).clientRequestToken(token));
  }

  private String text(String id) {
    return client.getSecretValue(get -> get.secretId(id)).secretString();
  }

  private Map<String, List<String>> stages() {
    return client.describeSecret(d -> d.secretId("a")).versionIdsToStages();
  }
}
