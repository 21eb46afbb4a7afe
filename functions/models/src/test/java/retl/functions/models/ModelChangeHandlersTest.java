package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.Caller;

class ModelChangeHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private Bench bench;
  private Caller editor;

  @BeforeEach
  void takeAWorkspace() {
    bench = new Bench(AWS);
    editor = bench.editor;
  }

  private String save(String name) {
    return bench.save(name, "select id from customers", ", \"description\": \"d\"");
  }

  @Test
  void changesAModelAndReadsItBack() {
    String id = save("Orders");

    Call.Answer changed =
        bench.patch(id, "{\"name\": \"Sales\", \"description\": null}").to(bench.update);

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.json())
        .containsEntry("name", "Sales")
        .containsEntry("revision", 2L)
        .doesNotContainKey("description");
    Map<String, Object> model = new HashMap<>(changed.json());
    assertThat(model.remove("impact")).isNotNull();
    assertThat(bench.get(id).json()).isEqualTo(model);
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
    List<String> before = bench.keys();

    Call.Answer answer = bench.patch(id, body).to(bench.update);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.badFields()).containsExactly(bad);
    assertThat(bench.keys()).isEqualTo(before);
  }

  @Test
  void changesAndDeletesTheVersionThatWasMeantAlone() {
    String id = save("Orders");
    bench.patch(id, "{\"name\": \"Sales\"}").to(bench.update);

    Call.Answer stale =
        bench.patch(id, "{\"name\": \"x\"}").header("if-match", "\"1\"").to(bench.update);
    Call.Answer staleDelete = bench.delete(id).header("if-match", "\"1\"").to(bench.delete);

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.text("code")).isEqualTo("version_conflict");
    assertThat(staleDelete.status()).isEqualTo(412);
    assertThat(bench.get(id).text("name")).isEqualTo("Sales");
    assertThat(
            bench
                .patch(id, "{\"name\": \"x\"}")
                .header("if-match", "\"2\"")
                .to(bench.update)
                .status())
        .isEqualTo(200);
    assertThat(bench.delete(id).header("if-match", "\"3\"").to(bench.delete).status())
        .isEqualTo(204);
  }

  @Test
  void tellsATakenName() {
    save("Orders");
    String id = save("Other");

    Call.Answer answer = bench.patch(id, "{\"name\": \"ORDERS\"}").to(bench.update);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("name_taken");
  }

  @Test
  void deletesOnce() {
    String id = save("Orders");

    Call.Answer deleted = bench.delete(id).to(bench.delete);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(bench.get(id).status()).isEqualTo(404);
    assertThat(bench.delete(id).to(bench.delete).status()).isEqualTo(404);
    assertThat(bench.patch(id, "{\"name\": \"x\"}").to(bench.update).status()).isEqualTo(404);
    assertThat(save("Orders")).isNotEqualTo(id);
  }

  @Test
  void takesNoViewerAndFindsNothingOfOthers() {
    String id = save("Orders");
    Caller viewer = bench.viewer();
    Caller stranger = bench.stranger();

    assertThat(bench.patch(id, "{").as(viewer).to(bench.update).status()).isEqualTo(403);
    assertThat(bench.delete(id).as(viewer).to(bench.delete).status()).isEqualTo(403);
    assertThat(bench.patch(id, "{}").as(stranger).to(bench.update).status()).isEqualTo(404);
    assertThat(bench.delete(id).as(stranger).to(bench.delete).status()).isEqualTo(404);
    assertThat(bench.get(id).text("name")).isEqualTo("Orders");
  }

  @Test
  void oneOfManyCreatesTheName() throws Exception {
    String body =
        """
        {"name": "Orders", "credentialId": "%s", "sql": "select 1"}\
        """
            .formatted(bench.credential.id());
    Callable<Integer> call =
        () -> Call.of("POST /models").as(editor).body(body).to(bench.create).status();
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
      for (Future<Integer> status : threads.invokeAll(java.util.Collections.nCopies(32, call))) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
  }
}
