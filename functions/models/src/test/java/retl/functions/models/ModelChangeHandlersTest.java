package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.params.provider.CsvSource;
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

class ModelChangeHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private static CreateModelHandler create;
  private static ReadModelsHandler read;
  private static UpdateModelHandler update;
  private static DeleteModelHandler delete;

  private final Ids ids = Ids.timeOrdered();
  private final Clock clock = Clock.systemUTC();
  private Caller editor;
  private String credentialId;

  @BeforeAll
  static void wire() {
    Wiring wiring = new Wiring(AWS.environment());
    create = new CreateModelHandler(wiring);
    read = new ReadModelsHandler(wiring);
    update = new UpdateModelHandler(wiring);
    delete = new DeleteModelHandler(wiring);
  }

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    editor = Callers.of(AWS.workspace(), Role.EDITOR);
    Credential credential = Samples.credential(ids.next("crd"), "Shop");
    DynamoCredentials store = new DynamoCredentials(AWS.table(), new Receipts(AWS.table(), clock));
    Audit audit = Audit.of(editor, ids, clock.instant(), "thing.made", credential.id(), List.of());
    store.begin(editor, credential, null);
    store.activate(editor, credential, audit, null);
    credentialId = credential.id();
  }

  private String save(String name) {
    String body =
        """
        {"name": "%s", "credentialId": "%s", "sql": "select id from customers", "description": "d"}
        """
            .formatted(name, credentialId);
    return Call.of("POST /models").as(editor).body(body).to(create).text("id");
  }

  private Call patch(String id, String body) {
    return Call.of("PATCH /models/{id}").as(editor).id(id).body(body);
  }

  private Call delete(String id) {
    return Call.of("DELETE /models/{id}").as(editor).id(id);
  }

  private Call.Answer get(String id) {
    return Call.of("GET /models/{id}").as(editor).id(id).to(read);
  }

  @Test
  void changesAModelAndReadsItBack() {
    String id = save("Orders");

    Call.Answer changed = patch(id, "{\"name\": \"Sales\", \"description\": null}").to(update);

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.json())
        .containsEntry("name", "Sales")
        .containsEntry("revision", 2L)
        .doesNotContainKey("description");
    Map<String, Object> model = new HashMap<>(changed.json());
    assertThat(model.remove("impact")).isNotNull();
    assertThat(get(id).json()).isEqualTo(model);
    assertThat(save("Orders")).isNotEqualTo(id);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "{\"name\": \"\"} | name invalid",
        "{\"name\": null} | name missing",
        "{\"description\": 5} | description wrong_type",
        "{\"primaryKey\": []} | primaryKey invalid",
        "{\"primaryKey\": [\"id\"]} | primaryKey not_verified",
        "{\"version\": 9} | version unknown",
        "[] | wrong_type",
      })
  void tellsBadFieldsAndWritesNothing(String body, String bad) {
    String id = save("Orders");
    List<String> before = AWS.keys(editor.workspace());

    Call.Answer answer = patch(id, body).to(update);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.badFields()).containsExactly(bad);
    assertThat(AWS.keys(editor.workspace())).isEqualTo(before);
  }

  @Test
  void changesAndDeletesTheVersionThatWasMeantAlone() {
    String id = save("Orders");
    patch(id, "{\"name\": \"Sales\"}").to(update);

    Call.Answer stale = patch(id, "{\"name\": \"x\"}").header("if-match", "\"1\"").to(update);
    Call.Answer staleDelete = delete(id).header("if-match", "\"1\"").to(delete);

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.text("code")).isEqualTo("version_conflict");
    assertThat(staleDelete.status()).isEqualTo(412);
    assertThat(get(id).text("name")).isEqualTo("Sales");
    assertThat(patch(id, "{\"name\": \"x\"}").header("if-match", "\"2\"").to(update).status())
        .isEqualTo(200);
    assertThat(delete(id).header("if-match", "\"3\"").to(delete).status()).isEqualTo(204);
  }

  @Test
  void tellsATakenName() {
    save("Orders");
    String id = save("Other");

    Call.Answer answer = patch(id, "{\"name\": \"ORDERS\"}").to(update);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("name_taken");
  }

  @Test
  void deletesOnce() {
    String id = save("Orders");

    Call.Answer deleted = delete(id).to(delete);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(get(id).status()).isEqualTo(404);
    assertThat(delete(id).to(delete).status()).isEqualTo(404);
    assertThat(patch(id, "{\"name\": \"x\"}").to(update).status()).isEqualTo(404);
    assertThat(save("Orders")).isNotEqualTo(id);
  }

  @Test
  void takesNoViewerAndFindsNothingOfOthers() {
    String id = save("Orders");
    Caller viewer = Callers.of(editor.workspace(), Role.VIEWER);
    Caller stranger = Callers.of(AWS.workspace(), Role.ADMIN);

    assertThat(patch(id, "{").as(viewer).to(update).status()).isEqualTo(403);
    assertThat(delete(id).as(viewer).to(delete).status()).isEqualTo(403);
    assertThat(patch(id, "{}").as(stranger).to(update).status()).isEqualTo(404);
    assertThat(delete(id).as(stranger).to(delete).status()).isEqualTo(404);
    assertThat(get(id).text("name")).isEqualTo("Orders");
  }

  @Test
  void oneOfManyCreatesTheName() throws Exception {
    String body =
        """
        {"name": "Orders", "credentialId": "%s", "sql": "select 1"}\
        """
            .formatted(credentialId);
    Callable<Integer> call =
        () -> Call.of("POST /models").as(editor).body(body).to(create).status();
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
      for (Future<Integer> status : threads.invokeAll(java.util.Collections.nCopies(32, call))) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
  }
}
