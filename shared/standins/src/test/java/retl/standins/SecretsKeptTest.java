package retl.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** What becomes of secrets with time, in lists, on disk and under faults. */
class SecretsKeptTest {
  @TempDir Path folder;
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Queue<Faults.Fault> faults = new ArrayDeque<>();
  private AwsStandIns server;
  private SecretsManagerClient client;

  @BeforeEach
  void start() throws IOException {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    var secrets =
        new SecretsManagerStandIn(
            folder.resolve("secrets"),
            clock,
            operation -> faults.isEmpty() ? Faults.Fault.NONE : faults.remove());
    server = AwsStandIns.start(0, secrets, new LambdaStandIn(name -> Optional.empty()));
    client =
        SdkClients.client(
            SecretsManagerClient.builder()
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry())),
            server.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void aDeletedSecretIsGoneAfterItsWindow() {
    create("a");
    var deleted = client.deleteSecret(d -> d.secretId("a"));
    assertThat(deleted.deletionDate()).isEqualTo(now.plus(Duration.ofDays(30)));
    assertThat(client.describeSecret(d -> d.secretId("a")).deletedDate()).isEqualTo(now);

    now = now.plus(Duration.ofDays(30)).minusMillis(1);
    client.restoreSecret(r -> r.secretId("a"));
    client.deleteSecret(d -> d.secretId("a"));
    now = now.plus(Duration.ofDays(30));

    assertThatThrownBy(() -> client.restoreSecret(r -> r.secretId("a")))
        .isInstanceOf(ResourceNotFoundException.class);
    create("a");
  }

  @Test
  void aForcedDeleteFreesTheNameAtOnceAndIsNeverRefused() throws IOException {
    create("a");
    client.deleteSecret(d -> d.secretId("a").recoveryWindowInDays(7L));

    client.deleteSecret(d -> d.secretId("a").forceDeleteWithoutRecovery(true));
    client.deleteSecret(d -> d.secretId("a").forceDeleteWithoutRecovery(true));

    assertThat(files()).isEmpty();
    create("a");
  }

  @Test
  void listsByPrefixInPagesThatSurviveADelete() {
    IntStream.range(0, 25).forEach(i -> create("stack/" + (char) ('a' + i)));
    create("other");
    ListSecretsResponse first = list("stack/", null);
    assertThat(names(first)).startsWith("stack/y", "stack/x").hasSize(10);
    client.deleteSecret(d -> d.secretId("stack/p"));

    ListSecretsResponse second = list("stack/", first.nextToken());
    ListSecretsResponse third = list("stack/", second.nextToken());

    assertThat(names(second)).startsWith("stack/o").hasSize(10);
    assertThat(names(third)).endsWith("stack/a").hasSize(5);
    assertThat(third.nextToken()).isNull();
  }

  @Test
  void refusesTheTokenOfAnotherSearchAndAGarbledOne() {
    IntStream.range(0, 11).forEach(i -> create("stack/" + i));
    String token = list("stack/", null).nextToken();

    for (String other : List.of(token + "x", "garbled")) {
      assertThatThrownBy(() -> list("stack/", other).nextToken())
          .isInstanceOf(InvalidNextTokenException.class);
    }
    assertThatThrownBy(() -> list("stack", token)).isInstanceOf(InvalidNextTokenException.class);
  }

  @Test
  void showsDeletedSecretsInAListWhenAskedOnly() {
    create("a");
    create("b");
    client.deleteSecret(d -> d.secretId("a"));

    assertThat(names(client.listSecrets())).containsExactly("b");
    assertThat(names(client.listSecrets(l -> l.includePlannedDeletion(true))))
        .containsExactly("b", "a");
  }

  @Test
  void tagsComeAndGoAndCanBeSearched() {
    create("a");
    client.tagResource(t -> t.secretId("a").tags(tag("stack", "dev"), tag("workspace", "w1")));
    client.untagResource(u -> u.secretId("a").tagKeys("workspace"));
    create("b");

    assertThat(client.describeSecret(d -> d.secretId("a")).tags())
        .containsExactly(tag("stack", "dev"));
    var filter = Filter.builder().key(FilterNameStringType.TAG_VALUE).values("de").build();
    assertThat(names(client.listSecrets(l -> l.filters(filter)))).containsExactly("a");
  }

  @Test
  void readsItsFolderAtTheNextStart() throws IOException {
    create("a/b");
    client.putSecretValue(p -> p.secretId("a/b").secretString("newer"));
    client.tagResource(t -> t.secretId("a/b").tags(tag("stack", "dev")));
    String arn = client.describeSecret(d -> d.secretId("a/b")).arn();
    create("gone");
    client.deleteSecret(d -> d.secretId("gone"));
    stop();

    start();

    assertThat(text("a/b")).isEqualTo("newer");
    assertThat(
            client
                .getSecretValue(g -> g.secretId("a/b").versionStage("AWSPREVIOUS"))
                .secretString())
        .isEqualTo("value of a/b");
    assertThat(client.describeSecret(d -> d.secretId("a/b")).arn()).isEqualTo(arn);
    assertThat(client.describeSecret(d -> d.secretId("a/b")).tags())
        .containsExactly(tag("stack", "dev"));
    assertThatThrownBy(() -> text("gone")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void onlyTheOwnerCanReadTheFolder() throws IOException {
    create("a");

    assertThat(permissions(folder.resolve("secrets"))).isEqualTo("rwx------");
    assertThat(files())
        .hasSize(1)
        .allSatisfy(f -> assertThat(permissions(f)).isEqualTo("rw-------"));
  }

  @Test
  void aHalfWrittenFileOfAKilledProcessIsNotSeen() throws IOException {
    create("a");
    stop();
    Path file = files().getFirst();
    Files.writeString(file.resolveSibling(file.getFileName() + ".part"), "{\"name\":");

    start();

    assertThat(names(client.listSecrets())).containsExactly("a");
  }

  @Test
  void whatCannotBeWrittenIsRefusedAndNotSeen() throws IOException {
    Files.delete(folder.resolve("secrets"));

    assertThatThrownBy(() -> create("a"))
        .isInstanceOf(SecretsManagerException.class)
        .extracting("statusCode")
        .isEqualTo(500);
    assertThat(client.listSecrets().secretList()).isEmpty();
  }

  @Test
  void aThrottledCallHasNoEffect() {
    faults.add(Faults.Fault.THROTTLED);

    assertThatThrownBy(() -> create("a"))
        .isInstanceOfSatisfying(
            SecretsManagerException.class, e -> assertThat(e.isThrottlingException()).isTrue());
    assertThat(client.listSecrets().secretList()).isEmpty();
  }

  @Test
  void aCallWhoseAnswerIsLostHasItsEffect() {
    faults.add(Faults.Fault.ANSWER_LOST);

    assertThatThrownBy(() -> create("a")).isInstanceOf(SdkClientException.class);
    assertThat(text("a")).isEqualTo("value of a");
  }

  private void create(String name) {
    client.createSecret(
        c -> c.name(name).secretString("value of " + name).clientRequestToken("0".repeat(36)));
    now = now.plusMillis(1);
  }

  private String text(String id) {
    return client.getSecretValue(get -> get.secretId(id)).secretString();
  }

  private ListSecretsResponse list(String prefix, @Nullable String token) {
    var filter = Filter.builder().key(FilterNameStringType.NAME).values(prefix).build();
    return client.listSecrets(l -> l.filters(filter).maxResults(10).nextToken(token));
  }

  private static List<String> names(ListSecretsResponse list) {
    return list.secretList().stream().map(SecretListEntry::name).toList();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      return files.toList();
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
