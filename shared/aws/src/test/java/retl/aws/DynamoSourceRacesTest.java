package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retl.core.Page;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.source.Source;
import retl.core.source.SourceStore.Created;
import retl.core.source.SourceStore.Deleted;
import retl.core.source.SourceStore.Filter;
import retl.core.source.SourceStore.Written;

/** Connecting, moving and removing sources, with many at it at the same time. */
class DynamoSourceRacesTest {
  @RegisterExtension static final LocalAws AWS = new LocalAws();

  /** How often connecting meets deleting; more of it, {@code -Drounds=1000}, takes longer. */
  private static final int ROUNDS = Integer.getInteger("rounds", 50);

  private static final Filter ALL = new Filter(null, null, null);

  private Bench bench;
  private String modelId;

  @BeforeEach
  void takeAWorkspaceWithAModel() {
    bench = new Bench(AWS);
    modelId = bench.save("Orders");
  }

  private Created create(Source source) {
    return bench.sources.create(bench.caller, source, bench.audit(source.id()), null);
  }

  private Source saved(String name) {
    Source source = bench.source(name, modelId);
    assertThat(create(source)).isEqualTo(Created.CREATED);
    return source;
  }

  private int count(String modelId) {
    return bench.find(modelId).sourceCount();
  }

  private List<String> names(String modelId) {
    Filter ofModel = new Filter(modelId, null, null);
    Page.Request page = new Page.Request(100, null);
    return bench.sources.list(bench.caller, ofModel, page).items().stream()
        .map(Source::name)
        .toList();
  }

  @Test
  void countsEverySourceThatConnectsAtTheSameTime() throws Exception {
    List<Callable<Created>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Source source = bench.source("Source " + i, modelId);
      calls.add(() -> create(source));
    }

    assertThat(Bench.atOnce(calls)).containsOnly(Created.CREATED);

    assertThat(count(modelId)).isEqualTo(64);
    assertThat(names(modelId)).hasSize(64);
  }

  @Test
  void countsExactlyWhileSourcesComeMoveAndGo() throws Exception {
    String other = bench.save("Model " + bench.ids.next("x"));
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Source leaving = saved("Leaving " + i);
      Source moving = saved("Moving " + i);
      Source coming = bench.source("Coming " + i, modelId);
      Source moved = bench.changed(moving, moving.name(), other, true);
      calls.add(() -> bench.sources.delete(bench.caller, leaving, bench.audit(leaving.id())));
      calls.add(() -> bench.sources.update(bench.caller, moving, moved, bench.audit(moving.id())));
      calls.add(() -> create(coming));
    }

    assertThat(Bench.atOnce(calls)).containsOnly(Deleted.DELETED, Written.WRITTEN, Created.CREATED);

    assertThat(count(modelId)).isEqualTo(names(modelId).size());
    assertThat(count(other)).isEqualTo(names(other).size());
    assertThat(names(other)).hasSize(8);
  }

  @Test
  void oneOfManyAtTheSameTimeGetsTheName() throws Exception {
    List<Callable<Created>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Source source = bench.source("Orders", modelId);
      calls.add(() -> create(source));
    }

    List<Object> ends = Bench.atOnce(calls);

    assertThat(Collections.frequency(ends, Created.CREATED)).isEqualTo(1);
    assertThat(Collections.frequency(ends, Created.NAME_TAKEN)).isEqualTo(31);
    assertThat(count(modelId)).isEqualTo(1);
  }

  @Test
  void ofConnectingAndDeletingTheModelExactlyOneWins() throws Exception {
    int connected = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String model = bench.save("Model " + bench.ids.next("x"));
      Model before = bench.models.find(bench.caller.workspace(), model).orElseThrow();
      Source source = bench.source("Round " + round, model);
      List<Callable<Object>> calls =
          List.of(
              () -> create(source),
              () -> bench.models.delete(bench.caller, before, bench.audit(model)));

      List<Object> ends = Bench.atOnce(round % 2 == 0 ? calls : calls.reversed());

      boolean isConnected = ends.contains(Created.CREATED);
      assertThat(ends)
          .containsExactlyInAnyOrder(
              isConnected ? Created.CREATED : Created.MODEL_GONE,
              isConnected ? ModelStore.Deleted.IN_USE : ModelStore.Deleted.DELETED);
      connected += isConnected ? 1 : 0;
    }

    System.out.println("Connecting won against deleting: " + connected + " of " + ROUNDS);
    assertThat(all()).hasSize(connected);
    assertThat(withoutTheirModel()).isEmpty();
  }

  /** The control: a model that is looked at first and deleted then leaves a source behind. */
  @Test
  void aDeletionThatOnlyLooksFirstIsFoundOut() {
    Source source = bench.source("Orders", modelId);
    assertThat(count(modelId)).isZero();
    create(source);
    AWS.table()
        .dynamo()
        .deleteItem(
            delete ->
                delete
                    .tableName(AWS.table().name())
                    .key(Table.key(bench.caller.workspace(), "MODEL#" + modelId)));

    assertThat(withoutTheirModel()).containsExactly("Orders");
  }

  private List<String> withoutTheirModel() {
    return all().stream()
        .filter(source -> bench.models.find(bench.caller.workspace(), source.modelId()).isEmpty())
        .map(Source::name)
        .toList();
  }

  private List<Source> all() {
    List<Source> all = new ArrayList<>();
    @Nullable String after = null;
    do {
      Page<Source> page = bench.sources.list(bench.caller, ALL, new Page.Request(100, after));
      all.addAll(page.items());
      after = page.next();
    } while (after != null);
    return all;
  }
}
