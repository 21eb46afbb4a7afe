package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/**
 * The queries of a corpus that the project may not carry. Some of them use what a model may not do:
 * {@code attacks.tsv} asks for the refusal of just these constructs. They count as refused on
 * purpose, and every one is listed in {@code target/legit-refusals.tsv}.
 */
class LegitTest {
  private static final Map<Warehouse, Double> REACH =
      Map.of(Warehouse.SNOWFLAKE, 99.4, Warehouse.REDSHIFT, 99.7, Warehouse.POSTGRES, 99.5);

  private static final Set<String> ON_PURPOSE =
      Set.of("stage", "dynamic_name", "session_variable", "model_method", "side_effect_function");

  private static final class Count {
    int all;
    int accepted;
    int onPurpose;
    int parsed;

    double rate() {
      return 100.0 * accepted / (all - onPurpose);
    }

    @Override
    public String toString() {
      return "all %d, accepted %d (%.2f %% without the %d refused on purpose), parsed %d (%.1f %%)"
          .formatted(all, accepted, rate(), onPurpose, parsed, 100.0 * parsed / accepted);
    }
  }

  private final Map<String, Count> counts = new TreeMap<>();
  private final List<String> refusals = new ArrayList<>();

  @Test
  void acceptsRealQueries() throws IOException {
    String corpora = System.getProperty("corpora", "");
    assumeFalse(corpora.isBlank(), "Needs -Dcorpora=<folder that holds sql/legit.jsonl>");

    try (SqlGate gate = new SqlGate()) {
      for (Corpus.Legit query : Corpus.legit(Path.of(corpora))) {
        judge(gate, query);
      }
    }

    Files.write(Path.of("target/legit-refusals.tsv"), refusals);
    Files.write(
        Path.of("target/legit-rates.txt"),
        counts.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    REACH.forEach(
        (dialect, reach) ->
            assertThat(Objects.requireNonNull(counts.get(dialect.wireName())).rate())
                .as(dialect.title())
                .isGreaterThanOrEqualTo(reach));
  }

  private void judge(SqlGate gate, Corpus.Legit query) {
    String dialect = query.dialect().wireName();
    switch (gate.judge(query.sql(), query.dialect())) {
      case Verdict.Accepted(var accepted) -> {
        count(dialect, true, false, accepted.lineage().parsed());
        count(dialect + " " + query.origin(), true, false, accepted.lineage().parsed());
      }
      case Verdict.Refused(var kind, var reason, var message, var at) -> {
        count(dialect, false, ON_PURPOSE.contains(reason), false);
        count(dialect + " " + query.origin(), false, ON_PURPOSE.contains(reason), false);
        refusals.add(
            String.join("\t", dialect, query.origin(), reason, query.sql().replace("\n", "\\n")));
      }
    }
  }

  private void count(String name, boolean accepted, boolean onPurpose, boolean parsed) {
    Count count = counts.computeIfAbsent(name, key -> new Count());
    count.all++;
    count.accepted += accepted ? 1 : 0;
    count.onPurpose += onPurpose ? 1 : 0;
    count.parsed += parsed ? 1 : 0;
  }
}
