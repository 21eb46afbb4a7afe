package retl.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import retl.core.query.Verdict;
import retl.sql.SqlGate;

/** How long the gate takes for the queries of a corpus, one after the other: p50, p99 and so on. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(1)
public class CorpusBenchmark {

  /** The folder that holds the corpus: {@code -p corpora=…}. */
  @Param("")
  public String corpora = "";

  private final SqlGate tokens = SqlGate.ofTokens();
  private final SqlGate tree = new SqlGate();
  private List<Corpora.Text> texts = List.of();
  private int next;

  /** Reads the corpus. */
  @Setup
  public void read() throws IOException {
    texts = Corpora.legit(Path.of(corpora));
    Collections.shuffle(texts, new Random(1));
  }

  /** Ends the gate's threads. */
  @TearDown
  public void close() {
    tree.close();
  }

  private Corpora.Text next() {
    next = (next + 1) % texts.size();
    return texts.get(next);
  }

  /** Lexer and gate alone. */
  @Benchmark
  public Verdict tokens() {
    Corpora.Text text = next();
    return tokens.judge(text.sql(), text.dialect());
  }

  /** With the tree and the lineage. */
  @Benchmark
  public Verdict tree() {
    Corpora.Text text = next();
    return tree.judge(text.sql(), text.dialect());
  }
}
