package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.DynamoCredentials;
import retl.aws.LocalAws;
import retl.aws.Receipts;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Callers;
import retl.core.Ids;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.Samples;

class RevisionHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static CreateModelHandler create;
  private static ReadModelsHandler read;
  private static UpdateModelHandler update;
  private static DeleteModelHandler delete;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private Caller editor;
  private String credentialId;
  private String id;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateModelHandler(wiring);
    read = new ReadModelsHandler(wiring);
    update = new UpdateModelHandler(wiring);
    delete = new DeleteModelHandler(wiring);
  }

  @BeforeEach
  void saveThreeRevisions() {
    editor = Callers.of(AWS.workspace(), Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    DynamoCredentials store = new DynamoCredentials(AWS.table(), new Receipts(AWS.table(), clock));
    Audit audit = Audit.of(editor, ids, clock.instant(), "thing.made", credential.id(), List.of());
    store.begin(editor, credential, null);
    store.activate(editor, credential, audit, null);
    credentialId = credential.id();
    id = save("Orders");
    patch("{\"sql\": \"select 2\"}");
    patch("{\"name\": \"Sales\"}");
  }

  private String save(String name) {
    String body =
        """
        {"name": "%s", "credentialId": "%s", "sql": "select 1"}\
        """
            .formatted(name, credentialId);
    return Call.of("POST /models").as(editor).body(body).to(create).text("id");
  }

  private void patch(String body) {
    assertThat(Call.of("PATCH /models/{id}").as(editor).id(id).body(body).to(update).status())
        .isEqualTo(200);
  }

  private Call list() {
    return Call.of("GET /models/{id}/revisions")
        .as(Callers.of(editor.workspace(), Role.VIEWER))
        .id(id);
  }

  private Call get(String n) {
    return Call.of("GET /models/{id}/revisions/{n}").as(editor).id(id).inPath("n", n);
  }

  private Call restore(String n) {
    return Call.of("POST /models/{id}/revisions/{n}/restore").as(editor).id(id).inPath("n", n);
  }

  private static List<Object> numbers(Call.Answer answer) {
    List<Object> numbers = new ArrayList<>();
    ((List<?>) answer.json().getOrDefault("items", List.of()))
        .forEach(item -> numbers.add(((Map<?, ?>) item).get("revision")));
    return numbers;
  }

  @Test
  void listsNewestFirstInPagesWithoutQueries() {
    Call.Answer first = list().query("limit", "2").to(read);
    Call.Answer second =
        list().query("limit", "2").query("cursor", first.text("nextCursor")).to(read);

    assertThat(first.status()).isEqualTo(200);
    assertThat(numbers(first)).containsExactly(3L, 2L);
    assertThat(numbers(second)).containsExactly(1L);
    assertThat(second.json()).doesNotContainKey("nextCursor");
    assertThat(first.body()).doesNotContain("select").contains("\"changed\":[\"sql\"]");
  }

  @Test
  void aCursorIsGoodForItsOwnModelAlone() {
    String cursor = list().query("limit", "1").to(read).text("nextCursor");
    id = save("Other");

    assertThat(list().query("cursor", cursor).to(read).text("code")).isEqualTo("invalid_cursor");
  }

  @Test
  void readsOneWhole() {
    Call.Answer answer = get("2").to(read);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    assertThat(answer.json())
        .containsEntry("revision", 2L)
        .containsEntry("name", "Orders")
        .containsEntry("sql", "select 2")
        .containsEntry("changed", List.of("sql"))
        .containsEntry("savedBy", "tok_editor")
        .containsKey("savedAt")
        .doesNotContainKeys("columns", "verified", "restoredFrom", "acceptedBreaks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "01", "-1", "x", "99999999999", "1#", "é"})
  void knowsNoOtherNumber(String n) {
    assertThat(get(n).to(read).text("code")).isEqualTo("not_found");
    assertThat(restore(n).to(update).text("code")).isEqualTo("not_found");
  }

  @Test
  void restoresAsANewRevision() {
    Call.Answer answer = restore("1").to(update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"4\"");
    assertThat(answer.json())
        .containsEntry("name", "Orders")
        .containsEntry("sql", "select 1")
        .containsEntry("revision", 4L)
        .containsKey("impact");
    assertThat(get("4").to(read).json())
        .containsEntry("restoredFrom", 1L)
        .containsEntry("changed", List.of("name", "sql"));
  }

  @Test
  void tellsTheImpactAloneAndWritesNothing() {
    Call.Answer answer = restore("1").query("validateOnly", "true").to(update);

    assertThat(answer.json()).containsOnlyKeys("impact");
    assertThat(numbers(list().to(read))).containsExactly(3L, 2L, 1L);
  }

  @Test
  void answersARepeatAsTheFirst() {
    Call.Answer first = restore("1").header("idempotency-key", "k").to(update);
    patch("{\"name\": \"Later\"}");
    Call.Answer again = restore("1").header("idempotency-key", "k").to(update);
    Call.Answer other = restore("2").header("idempotency-key", "k").to(update);

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(other.text("code")).isEqualTo("idempotency_mismatch");
    assertThat(numbers(list().to(read))).containsExactly(5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void manySameRequestsAtTheSameTimeRestoreOnce() throws Exception {
    Callable<Call.Answer> call = () -> restore("1").header("idempotency-key", "k").to(update);
    List<Call.Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Call.Answer> answer : threads.invokeAll(Collections.nCopies(8, call))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).extracting(Call.Answer::status).containsOnly(200);
    assertThat(numbers(list().to(read))).containsExactly(4L, 3L, 2L, 1L);
  }

  @Test
  void tellsBadFieldsAndStaleVersions() {
    assertThat(restore("1").body("{\"sql\": \"select 3\"}").to(update).badFields())
        .containsExactly("sql unknown");
    assertThat(restore("1").body("{").to(update).text("code")).isEqualTo("malformed_json");
    assertThat(restore("1").header("if-match", "\"1\"").to(update).status()).isEqualTo(412);
    assertThat(numbers(list().to(read))).hasSize(3);
  }

  @Test
  void endsWithItsModelAndIsUnknownToOthers() {
    Caller viewer = Callers.of(editor.workspace(), Role.VIEWER);
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    assertThat(restore("1").as(viewer).to(update).status()).isEqualTo(403);
    assertThat(list().as(stranger).to(read).status()).isEqualTo(404);
    assertThat(get("1").as(stranger).to(read).status()).isEqualTo(404);
    assertThat(restore("1").as(stranger).to(update).status()).isEqualTo(404);
    assertThat(get("1").to(read).status()).isEqualTo(200);
    Call.of("DELETE /models/{id}").as(editor).id(id).to(delete);
    assertThat(list().to(read).status()).isEqualTo(404);
    assertThat(get("1").to(read).status()).isEqualTo(404);
    assertThat(restore("1").to(update).status()).isEqualTo(404);
  }
}
