package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  private @Nullable AwsStandIns server;
  private SecretsManagerClient client;

  /** No other test has it: an emulator keeps what others wrote. */
  private final String prefix = UUID.randomUUID() + "/";

  @BeforeEach
  void start() throws IOException {
    client = SdkClients.client(SecretsManagerClient.builder(), endpoint());
  }

  /** Where Secrets Manager answers. */
  URI endpoint() throws IOException {
    server =
        AwsStandIns.start(
            0, SecretsManagerStandIn.inMemory(), new LambdaStandIn(name -> Optional.empty()));
    return server.endpoint();
  }

  @AfterEach
  void stop() {
    client.close();
    if (server != null) {
      server.close();
    }
  }

  @Test
  void theTokenOfACreateBecomesItsVersion() {
    CreateSecretResponse created = create("prod/db", "pässword", TOKEN);

    assertThat(created.versionId()).isEqualTo(TOKEN);
    assertThat(created.arn())
        .matches("arn:aws:secretsmanager:.*:secret:" + prefix + "prod/db-[A-Za-z0-9]{6}");
    var value = client.getSecretValue(get -> get.secretId(prefix + "prod/db"));
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
    assertThat(client.describeSecret(d -> d.secretId(prefix + "a")).versionIdsToStages())
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
  void takesTheLongestNameAndNotOneMore() {
    create("n".repeat(512 - prefix.length()), "x", TOKEN);

    assertThatThrownBy(() -> create("n".repeat(513 - prefix.length()), "x", TOKEN))
        .isInstanceOf(SecretsManagerException.class);
  }

  @Test
  void takesTheLongestValueAndNotOneMore() {
    create("a", "x".repeat(65_536), TOKEN);

    assertThatThrownBy(() -> create("long", "x".repeat(65_537), TOKEN))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> create("wide", "ü".repeat(32_769), TOKEN))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[65_537]);
    assertThatThrownBy(() -> client.createSecret(c -> c.name(prefix + "bytes").secretBinary(bytes)))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void keepsBytesAsTheyAre() {
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 10, 127, -128});
    client.createSecret(c -> c.name(prefix + "bin").secretBinary(bytes));

    var value = client.getSecretValue(get -> get.secretId(prefix + "bin"));
    assertThat(value.secretBinary()).isEqualTo(bytes);
    assertThat(value.secretString()).isNull();
  }

  @Test
  void refusesBothTextAndBytes() {
    assertThatThrownBy(
            () ->
                client.createSecret(
                    c ->
                        c.name(prefix + "both")
                            .secretString("x")
                            .secretBinary(SdkBytes.fromString("y", UTF_8))))
        .isInstanceOf(InvalidParameterException.class);
  }

  @Test
  void aNewVersionTakesTheCurrentLabelAndLeavesThePreviousOne() {
    String first = create("a", "one", TOKEN).versionId();

    var put = put("a", "two", OTHER);

    assertThat(put.versionStages()).containsExactly("AWSCURRENT");
    assertThat(text("a")).isEqualTo("two");
    assertThat(
            client
                .getSecretValue(g -> g.secretId(prefix + "a").versionStage("AWSPREVIOUS"))
                .secretString())
        .isEqualTo("one");
    assertThat(client.getSecretValue(g -> g.secretId(prefix + "a").versionId(first)).secretString())
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
    assertThat(client.getSecretValue(g -> g.secretId(prefix + "a").versionId(OTHER)).secretString())
        .isEqualTo("two");
  }

  @Test
  void aPendingVersionBecomesCurrentByItsLabel() {
    String first = create("a", "one", TOKEN).versionId();
    client.putSecretValue(
        p ->
            p.secretId(prefix + "a")
                .secretString("two")
                .clientRequestToken(OTHER)
                .versionStages("AWSPENDING"));
    assertThat(text("a")).isEqualTo("one");

    assertThatThrownBy(
            () ->
                client.updateSecretVersionStage(
                    u ->
                        u.secretId(prefix + "a").versionStage("AWSCURRENT").moveToVersionId(OTHER)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining(first);
    client.updateSecretVersionStage(
        u ->
            u.secretId(prefix + "a")
                .versionStage("AWSCURRENT")
                .moveToVersionId(OTHER)
                .removeFromVersionId(first));

    assertThat(text("a")).isEqualTo("two");
    assertThat(stages().get(OTHER)).containsExactlyInAnyOrder("AWSPENDING", "AWSCURRENT");
    assertThat(stages().get(first)).containsExactly("AWSPREVIOUS");
  }

  @Test
  void theCurrentLabelCannotBeTakenOff() {
    String first = create("a", "one", TOKEN).versionId();

    assertThatThrownBy(
            () ->
                client.updateSecretVersionStage(
                    u ->
                        u.secretId(prefix + "a")
                            .versionStage("AWSCURRENT")
                            .removeFromVersionId(first)))
        .isInstanceOf(InvalidParameterException.class);
  }

  @Test
  void aLabelOfOnesOwnComesAndGoes() {
    String first = create("a", "one", TOKEN).versionId();
    client.updateSecretVersionStage(
        u -> u.secretId(prefix + "a").versionStage("mine").moveToVersionId(first));
    assertThat(stages().get(first)).containsExactly("AWSCURRENT", "mine");

    client.updateSecretVersionStage(
        u -> u.secretId(prefix + "a").versionStage("mine").removeFromVersionId(first));

    assertThat(stages().get(first)).containsExactly("AWSCURRENT");
  }

  @Test
  void aSecretWithoutAValueHasNoneToGetUntilThePut() {
    client.createSecret(c -> c.name(prefix + "empty"));
    assertThatThrownBy(() -> text("empty"))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("AWSCURRENT");

    client.putSecretValue(
        p -> p.secretId(prefix + "empty").secretString("x").versionStages("mine"));

    assertThat(text("empty")).isEqualTo("x");
  }

  @Test
  void findsByNameArnAndArnWithoutItsEnd() {
    String arn = create("a/b", "x", TOKEN).arn();

    assertThat(text("a/b")).isEqualTo("x");
    assertThat(textOf(arn)).isEqualTo("x");
    assertThat(textOf(arn.substring(0, arn.length() - 7))).isEqualTo("x");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    create("a", "x", TOKEN);

    assertThatThrownBy(() -> text("b")).isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.getSecretValue(g -> g.secretId(prefix + "a").versionId(OTHER)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(
            () -> client.getSecretValue(g -> g.secretId(prefix + "a").versionStage("mine")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> put("b", "x", TOKEN)).isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.deleteSecret(d -> d.secretId(prefix + "b")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void anIdAndALabelMustNameTheSameVersion() {
    String first = create("a", "one", TOKEN).versionId();
    put("a", "two", OTHER);

    assertThatThrownBy(
            () ->
                client.getSecretValue(
                    g -> g.secretId(prefix + "a").versionId(first).versionStage("AWSCURRENT")))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void keepsAHundredVersionsOfManyMore() {
    create("a", "0", TOKEN);
    IntStream.rangeClosed(1, 120)
        .forEach(i -> client.putSecretValue(p -> p.secretId(prefix + "a").secretString("v" + i)));

    assertThat(text("a")).isEqualTo("v120");
    assertThatThrownBy(() -> client.getSecretValue(g -> g.secretId(prefix + "a").versionId(TOKEN)))
        .isInstanceOf(ResourceNotFoundException.class);
    Set<String> labels =
        stages().values().stream().flatMap(List::stream).collect(Collectors.toSet());
    assertThat(labels).containsExactlyInAnyOrder("AWSCURRENT", "AWSPREVIOUS");
  }

  @Test
  void aDeletedSecretIsNotReadUntilItIsRestored() {
    create("a", "x", TOKEN);
    client.deleteSecret(d -> d.secretId(prefix + "a").recoveryWindowInDays(7L));

    assertThatThrownBy(() -> text("a")).isInstanceOf(InvalidRequestException.class);
    assertThat(client.describeSecret(d -> d.secretId(prefix + "a")).deletedDate()).isNotNull();
    client.restoreSecret(r -> r.secretId(prefix + "a"));

    assertThat(text("a")).isEqualTo("x");
    assertThat(client.describeSecret(d -> d.secretId(prefix + "a")).deletedDate()).isNull();
  }

  @Test
  void aDeletedSecretIsNotWritten() {
    create("a", "x", TOKEN);
    client.deleteSecret(d -> d.secretId(prefix + "a").recoveryWindowInDays(7L));

    assertThatThrownBy(() -> put("a", "y", OTHER)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void theNameOfADeletedSecretIsTakenUntilItIsGone() {
    create("a", "x", TOKEN);
    client.deleteSecret(d -> d.secretId(prefix + "a").recoveryWindowInDays(7L));
    assertThatThrownBy(() -> create("a", "y", OTHER)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aForcedDeleteFreesTheNameAndIsNeverRefused() {
    create("a", "x", TOKEN);

    client.deleteSecret(d -> d.secretId(prefix + "a").forceDeleteWithoutRecovery(true));
    client.deleteSecret(d -> d.secretId(prefix + "a").forceDeleteWithoutRecovery(true));

    create("a", "y", OTHER);
    assertThat(text("a")).isEqualTo("y");
  }

  @Test
  void refusesAWindowOutsideItsRangeOrBesideForce() {
    create("a", "x", TOKEN);

    for (long days : List.of(6L, 31L)) {
      assertThatThrownBy(
              () -> client.deleteSecret(d -> d.secretId(prefix + "a").recoveryWindowInDays(days)))
          .isInstanceOf(InvalidParameterException.class);
    }
    assertThatThrownBy(
            () ->
                client.deleteSecret(
                    d ->
                        d.secretId(prefix + "a")
                            .recoveryWindowInDays(7L)
                            .forceDeleteWithoutRecovery(true)))
        .isInstanceOf(InvalidParameterException.class);
    assertThat(text("a")).isEqualTo("x");
  }

  @Test
  void aBatchNamesWhatItCouldNotGet() {
    create("a", "x", TOKEN);
    create("b", "y", TOKEN);
    client.deleteSecret(d -> d.secretId(prefix + "b"));

    var batch =
        client.batchGetSecretValue(b -> b.secretIdList(prefix + "a", prefix + "b", prefix + "c"));

    assertThat(batch.secretValues()).extracting("secretString").containsExactly("x");
    assertThat(batch.errors())
        .extracting("secretId", "errorCode")
        .containsExactly(
            tuple(prefix + "b", "InvalidRequestException"),
            tuple(prefix + "c", "ResourceNotFoundException"));
  }

  private CreateSecretResponse create(String name, String text, String token) {
    return client.createSecret(
        c -> c.name(prefix + name).secretString(text).clientRequestToken(token));
  }

  private PutSecretValueResponse put(String name, String text, String token) {
    return client.putSecretValue(
        p -> p.secretId(prefix + name).secretString(text).clientRequestToken(token));
  }

  private String text(String name) {
    return textOf(prefix + name);
  }

  private String textOf(String id) {
    return client.getSecretValue(get -> get.secretId(id)).secretString();
  }

  private Map<String, List<String>> stages() {
    return client.describeSecret(d -> d.secretId(prefix + "a")).versionIdsToStages();
  }
}
