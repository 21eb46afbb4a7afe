package retl.functions.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.api.Call;
import retl.aws.LocalAws;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.credential.Credential;

/** What the reads of models answer: one of them, lists, and the sources that use one. */
class ReadModelsHandlerTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private Bench bench;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    bench = new Bench(AWS);
  }

  private String save(String name) {
    return bench.save(name, "select 1", "");
  }

  private Call list() {
    return Call.of("GET /models").as(bench.viewer());
  }

  private static List<String> names(Call.Answer answer) {
    return ((List<?>) answer.json().getOrDefault("items", List.of()))
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get("name"))).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mdl_0123456789abcdefghijklmnop",
        "mdl_1",
        "",
        "crd_0123456789abcdefghijklmnop",
        "é",
        "a#b"
      })
  void knowsNothingUnderOtherIds(String id) {
    assertThat(Call.of("GET /models/{id}").as(bench.editor).id(id).to(bench.read).text("code"))
        .isEqualTo("not_found");
    assertThat(
            Call.of("GET /models/{id}")
                .as(bench.editor)
                .id(id + "x".repeat(3000))
                .to(bench.read)
                .status())
        .isEqualTo(404);
  }

  @Test
  void readsNoItemThatLiesBelowAModel() {
    String id = save("a");

    bench.keys().stream()
        .filter(key -> key.startsWith("MODEL#" + id + "#"))
        .map(key -> key.substring("MODEL#".length()))
        .forEach(
            below ->
                assertThat(
                        Call.of("GET /models/{id}")
                            .as(bench.editor)
                            .id(below)
                            .to(bench.read)
                            .status())
                    .isEqualTo(404));
  }

  @Test
  void isAsUnknownInAnotherWorkspaceAsAMissingOne() {
    String id = save("a");
    Caller stranger = bench.stranger();

    Call.Answer foreign = Call.of("GET /models/{id}").as(stranger).id(id).to(bench.read);
    Call.Answer missing =
        Call.of("GET /models/{id}").as(stranger).id(Ids.timeOrdered().next("mdl")).to(bench.read);

    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.body().replaceAll("mdl_[0-9a-z]+", "X"))
        .isEqualTo(missing.body().replaceAll("mdl_[0-9a-z]+", "X"));
    assertThat(names(Call.of("GET /models").as(stranger).to(bench.read))).isEmpty();
  }

  @Test
  void listsInPagesWithoutQueries() {
    for (String name : List.of("c", "a", "e", "b", "d")) {
      save(name);
    }

    Call.Answer first = list().query("limit", "2").to(bench.read);
    Call.Answer second =
        list().query("limit", "2").query("cursor", first.text("nextCursor")).to(bench.read);
    Call.Answer third =
        list().query("limit", "2").query("cursor", second.text("nextCursor")).to(bench.read);

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(names(second)).containsExactly("c", "d");
    assertThat(names(third)).containsExactly("e");
    assertThat(third.json()).doesNotContainKey("nextCursor");
    assertThat(first.body()).doesNotContain("sql", "columns");
    assertThat(names(list().to(bench.read))).hasSize(5);
  }

  @Test
  void filtersLists() {
    Credential other = bench.credential("Other");
    save("Alpha");
    bench.save("alpine", other, "select 1", "");

    assertThat(names(list().query("search", "ALP").to(bench.read)))
        .containsExactly("Alpha", "alpine");
    assertThat(names(list().query("credentialId", other.id()).to(bench.read)))
        .containsExactly("alpine");
    assertThat(names(list().query("credentialId", "none").to(bench.read))).isEmpty();
    assertThat(names(list().query("warehouse", "postgres").to(bench.read))).hasSize(2);
    assertThat(names(list().query("warehouse", "redshift").to(bench.read))).isEmpty();
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "limit, 0, invalid_parameter",
    "limit, 101, invalid_parameter",
    "limit, ten, invalid_parameter",
    "warehouse, mysql, invalid_parameter",
    "warehouse, '', invalid_parameter",
    "cursor, garbage, invalid_cursor",
    "cursor, '', invalid_cursor",
  })
  void refusesBadParameters(String name, String value, String code) {
    Call.Answer answer = list().query(name, value).to(bench.read);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo(code);
  }

  @Test
  void takesACursorOnlyForTheListThatItIsFrom() {
    for (String name : List.of("a", "b", "c")) {
      save(name);
    }
    String cursor = list().query("limit", "1").to(bench.read).text("nextCursor");
    Caller stranger = bench.stranger();

    Set<String> codes = new HashSet<>();
    codes.add(list().query("cursor", cursor).query("search", "b").to(bench.read).text("code"));
    codes.add(
        list().query("cursor", cursor).query("warehouse", "postgres").to(bench.read).text("code"));
    codes.add(
        Call.of("GET /models").as(stranger).query("cursor", cursor).to(bench.read).text("code"));

    assertThat(codes).containsExactly("invalid_cursor");
    assertThat(names(list().query("cursor", cursor).to(bench.read))).containsExactly("b", "c");
  }

  @Test
  void listsTheSourcesThatUseAModel() {
    String id = save("Orders");
    String other = save("Other");
    bench.connect("Weekly", id);
    bench.connect("Daily", id);
    bench.connect("Elsewhere", other);
    Call call = Call.of("GET /models/{id}/sources").as(bench.editor).id(id);

    Call.Answer first = call.query("limit", "1").to(bench.read);
    Call.Answer second = call.query("cursor", first.text("nextCursor")).to(bench.read);

    assertThat(names(first)).containsExactly("Daily");
    assertThat(names(second)).containsExactly("Weekly");
    assertThat(Call.of("GET /models/{id}").as(bench.editor).id(id).to(bench.read).json())
        .containsEntry("sourceCount", 2L)
        .containsEntry("version", 3L);
    assertThat(
            Call.of("GET /models/{id}/sources").as(bench.stranger()).id(id).to(bench.read).status())
        .isEqualTo(404);
  }
}
