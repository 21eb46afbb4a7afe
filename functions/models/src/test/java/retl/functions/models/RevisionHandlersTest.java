package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
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
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.Caller;

class RevisionHandlersTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private Bench bench;
  private Caller editor;
  private String id;

  @BeforeEach
  void saveThreeRevisions() {
    bench = new Bench(AWS);
    editor = bench.editor;
    id = bench.save("Orders", "select 1", "");
    patch("{\"sql\": \"select 2\"}");
    patch("{\"name\": \"Sales\"}");
  }

  private void patch(String body) {
    assertThat(bench.patch(id, body).to(bench.update).status()).isEqualTo(200);
  }

  private Call list() {
    return Call.of("GET /models/{id}/revisions").as(bench.viewer()).id(id);
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
    Call.Answer first = list().query("limit", "2").to(bench.read);
    Call.Answer second =
        list().query("limit", "2").query("cursor", first.text("nextCursor")).to(bench.read);

    assertThat(first.status()).isEqualTo(200);
    assertThat(numbers(first)).containsExactly(3L, 2L);
    assertThat(numbers(second)).containsExactly(1L);
    assertThat(second.json()).doesNotContainKey("nextCursor");
    assertThat(first.body()).doesNotContain("select").contains("\"changed\":[\"sql\"]");
  }

  @Test
  void aCursorIsGoodForItsOwnModelAlone() {
    String cursor = list().query("limit", "1").to(bench.read).text("nextCursor");
    id = bench.save("Other", "select 1", "");

    assertThat(list().query("cursor", cursor).to(bench.read).text("code"))
        .isEqualTo("invalid_cursor");
  }

  @Test
  void readsOneWhole() {
    Call.Answer answer = get("2").to(bench.read);

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
    assertThat(get(n).to(bench.read).text("code")).isEqualTo("not_found");
    assertThat(restore(n).to(bench.update).text("code")).isEqualTo("not_found");
  }

  @Test
  void restoresAsANewRevision() {
    Call.Answer answer = restore("1").to(bench.update);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"4\"");
    assertThat(answer.json())
        .containsEntry("name", "Orders")
        .containsEntry("sql", "select 1")
        .containsEntry("revision", 4L)
        .containsKey("impact");
    assertThat(get("4").to(bench.read).json())
        .containsEntry("restoredFrom", 1L)
        .containsEntry("changed", List.of("name", "sql"));
  }

  @Test
  void tellsTheImpactAloneAndWritesNothing() {
    Call.Answer answer = restore("1").query("validateOnly", "true").to(bench.update);

    assertThat(answer.json()).containsOnlyKeys("impact");
    assertThat(numbers(list().to(bench.read))).containsExactly(3L, 2L, 1L);
  }

  @Test
  void answersARepeatAsTheFirst() {
    Call.Answer first = restore("1").header("idempotency-key", "k").to(bench.update);
    patch("{\"name\": \"Later\"}");
    Call.Answer again = restore("1").header("idempotency-key", "k").to(bench.update);
    Call.Answer other = restore("2").header("idempotency-key", "k").to(bench.update);

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(other.text("code")).isEqualTo("idempotency_mismatch");
    assertThat(numbers(list().to(bench.read))).containsExactly(5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void manySameRequestsAtTheSameTimeRestoreOnce() throws Exception {
    Callable<Call.Answer> call = () -> restore("1").header("idempotency-key", "k").to(bench.update);
    List<Call.Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Call.Answer> answer : threads.invokeAll(Collections.nCopies(8, call))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).extracting(Call.Answer::status).containsOnly(200);
    assertThat(numbers(list().to(bench.read))).containsExactly(4L, 3L, 2L, 1L);
  }

  @Test
  void tellsBadFieldsAndStaleVersions() {
    assertThat(restore("1").body("{\"sql\": \"select 3\"}").to(bench.update).badFields())
        .containsExactly("sql unknown");
    assertThat(restore("1").body("{").to(bench.update).text("code")).isEqualTo("malformed_json");
    assertThat(restore("1").header("if-match", "\"1\"").to(bench.update).status()).isEqualTo(412);
    assertThat(numbers(list().to(bench.read))).hasSize(3);
  }

  @Test
  void endsWithItsModelAndIsUnknownToOthers() {
    Caller viewer = bench.viewer();
    Caller stranger = bench.stranger();

    assertThat(restore("1").as(viewer).to(bench.update).status()).isEqualTo(403);
    assertThat(list().as(stranger).to(bench.read).status()).isEqualTo(404);
    assertThat(get("1").as(stranger).to(bench.read).status()).isEqualTo(404);
    assertThat(restore("1").as(stranger).to(bench.update).status()).isEqualTo(404);
    assertThat(get("1").to(bench.read).status()).isEqualTo(200);
    bench.delete(id).to(bench.delete);
    assertThat(list().to(bench.read).status()).isEqualTo(404);
    assertThat(get("1").to(bench.read).status()).isEqualTo(404);
    assertThat(restore("1").to(bench.update).status()).isEqualTo(404);
  }
}
