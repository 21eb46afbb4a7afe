package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Problem;
import retl.core.model.Model;

/** Changing and deleting models, with many at it at the same time. */
class DynamoModelRacesTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  private Bench bench;

  @BeforeEach
  void takeAWorkspaceWithCredentials() {
    bench = new Bench(AWS);
  }

  @Test
  void manyChangesAtTheSameTimeLoseNone() throws Exception {
    String id = bench.save("Orders");
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      String name = "Name " + i;
      String description = "Description " + i;
      calls.add(
          i % 2 == 0
              ? () -> bench.rename(id, name)
              : () -> bench.patch(id, Map.of("description", description)));
    }

    List<Object> ends = Bench.atOnce(calls);

    assertThat(ends).allMatch(end -> end instanceof Model);
    assertThat(ends.stream().map(end -> ((Model) end).revision()))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(2, 65).boxed().toList());
    assertThat(bench.find(id).revision()).isEqualTo(65);
    assertThat(bench.keys("MODEL#" + id + "#REV#")).hasSize(65);
    assertThat(bench.keys("NAME#MODEL#")).hasSize(1);
    assertThat(bench.names()).containsExactly(bench.find(id).name());
    assertThat(bench.keys("AUDIT#")).hasSize(2 + 64);
  }

  @Test
  void oneOfManyGetsTheNewName() throws Exception {
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String id = bench.save("Old " + i);
      calls.add(() -> bench.rename(id, "Wanted"));
    }

    List<Object> ends = Bench.atOnce(calls);

    assertThat(ends.stream().filter(end -> end instanceof Model)).hasSize(1);
    assertThat(ends.stream().filter(end -> end instanceof Problem.NameTaken)).hasSize(15);
    assertThat(bench.keys("NAME#MODEL#")).hasSize(16);
    assertThat(bench.names()).hasSize(16).containsOnlyOnce("Wanted");
  }

  @Test
  void aModelIsDeletedOnceWhateverRenamesItMeanwhile() throws Exception {
    for (int round = 0; round < 10; round++) {
      String id = bench.save("Orders");
      List<Callable<Object>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "Name " + i;
        calls.add(() -> bench.rename(id, name));
        calls.add(
            () -> {
              bench.delete(id);
              return "deleted";
            });
      }

      List<Object> ends = Bench.atOnce(calls);

      assertThat(ends.stream().filter("deleted"::equals)).hasSize(1);
      assertThat(ends)
          .allMatch(
              end ->
                  end.equals("deleted")
                      || end instanceof Model
                      || end.equals(new Problem.NotFound("model")));
      assertThat(bench.keys("NAME#MODEL#")).isEmpty();
      assertThat(bench.countOn(bench.credentialId)).isZero();
      assertThat(bench.models.find(bench.caller.workspace(), id)).isEmpty();
    }
  }
}
