package retl.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;
import retl.sql.SqlGate;

/** Measures the gate over corpora of queries. */
@Command(name = "corpus", description = "Measures the query gate.", mixinStandardHelpOptions = true)
public final class CorpusCommand {
  @Spec private @Nullable CommandSpec spec;

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CorpusCommand()).execute(args));
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  @Command(description = "What is accepted, refused and parsed, by dialect and origin.")
  int rates(
      @Option(names = "--corpora", required = true) Path corpora,
      @Option(names = "--refusals", description = "Print every refused text.") boolean refusals)
      throws IOException {
    TreeMap<String, int[]> counts = new TreeMap<>();
    TreeMap<String, Integer> reasons = new TreeMap<>();
    try (SqlGate gate = new SqlGate()) {
      for (Corpora.Text text : Corpora.legit(corpora)) {
        String dialect = text.dialect().wireName();
        Verdict verdict = gate.judge(text.sql(), text.dialect());
        count(counts, dialect, verdict);
        count(counts, dialect + " " + text.origin(), verdict);
        if (verdict instanceof Verdict.Refused refused) {
          reasons.merge(dialect + " " + refused.reason(), 1, Integer::sum);
          if (refusals) {
            out()
                .printf(
                    "%s\t%s\t%s%n",
                    dialect, refused.reason(), text.sql().replaceAll("\\p{Cntrl}", " "));
          }
        }
      }
      counts.forEach(
          (name, count) ->
              out()
                  .printf(
                      "%s: %d queries, %d accepted (%.2f %%), %d parsed (%.1f %%)%n",
                      name,
                      count[0],
                      count[1],
                      100.0 * count[1] / count[0],
                      count[2],
                      100.0 * count[2] / count[1]));
      reasons.forEach((reason, count) -> out().printf("refused: %s %d%n", reason, count));
      List<Corpora.Text> attacks = Corpora.attacks(corpora);
      long passed =
          attacks.stream()
              .filter(a -> gate.judge(a.sql(), a.dialect()) instanceof Verdict.Accepted)
              .count();
      out().printf("attacks: %d, accepted %d%n", attacks.size(), passed);
    }
    return 0;
  }

  private static void count(Map<String, int[]> counts, String name, Verdict verdict) {
    int[] count = counts.computeIfAbsent(name, key -> new int[3]);
    count[0]++;
    if (verdict instanceof Verdict.Accepted(var query)) {
      count[1]++;
      count[2] += query.lineage().parsed() ? 1 : 0;
    }
  }

  @Command(description = "How long the queries of the corpus take, warm.")
  int times(
      @Option(names = "--corpora", required = true) Path corpora,
      @Option(names = "--rounds", defaultValue = "30") int rounds)
      throws IOException {
    List<Corpora.Text> texts = Corpora.legit(corpora);
    try (SqlGate gate = new SqlGate()) {
      percentiles("lexer and gate", SqlGate.ofTokens(), texts, rounds);
      percentiles("with tree", gate, texts, rounds);
      slope(gate, "select list", "coalesce(t.a, 'x') AS b", "FROM t");
      slope(gate, "conditions", "1", "FROM t WHERE a = 1" + " OR b = 2".repeat(20));
    }
    return 0;
  }

  /**
   * Of the last third of the rounds, every single time counts: as a clock sees it, and as the
   * threads were at work, which other work on the machine does not change.
   */
  private void percentiles(String name, SqlGate gate, List<Corpora.Text> texts, int rounds) {
    int counted = Math.max(1, rounds / 3);
    long[] nanos = new long[texts.size() * counted];
    long[] busy = new long[nanos.length];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < texts.size(); i++) {
        Corpora.Text text = texts.get(i);
        boolean ofCpu = round % 2 == 0;
        long work = ofCpu ? work() : 0;
        long start = System.nanoTime();
        gate.judge(text.sql(), text.dialect());
        long time = System.nanoTime() - start;
        int counting = round - (rounds - counted);
        if (counting >= 0) {
          nanos[counting * texts.size() + i] = time;
          busy[counting * texts.size() + i] = ofCpu ? work() - work : 0;
        }
      }
    }
    print(name, nanos);
    print(name + ", at work", Arrays.stream(busy).filter(time -> time > 0).toArray());
  }

  private void print(String name, long[] nanos) {
    Arrays.sort(nanos);
    out()
        .printf(
            "%s: p50 %.2f µs, p90 %.2f µs, p99 %.2f µs, longest %.2f ms%n",
            name,
            nanos[nanos.length / 2] / 1e3,
            nanos[(int) (nanos.length * 0.9)] / 1e3,
            nanos[(int) (nanos.length * 0.99)] / 1e3,
            nanos[nanos.length - 1] / 1e6);
    out().flush();
  }

  /** How long this thread was at work until now; the gate has none that does its work. */
  private static long work() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** The best of some times for growing texts; linear when the time per KiB stays the same. */
  private void slope(SqlGate tree, String name, String item, String end) {
    SqlGate tokens = SqlGate.ofTokens();
    for (int items = 50; items <= 1_600; items *= 2) {
      String sql = "SELECT " + String.join(",\n", Collections.nCopies(items, item)) + "\n" + end;
      double kib = sql.length() / 1024.0;
      out()
          .printf(
              "%s, %.1f KiB: lexer and gate %.1f µs/KiB, with tree %.1f µs/KiB%n",
              name, kib, best(tokens, sql) / 1e3 / kib, best(tree, sql) / 1e3 / kib);
    }
    out().flush();
  }

  private static long best(SqlGate gate, String sql) {
    return IntStream.range(0, 200)
        .mapToLong(
            i -> {
              long start = System.nanoTime();
              gate.judge(sql, Warehouse.POSTGRES);
              return System.nanoTime() - start;
            })
        .min()
        .orElseThrow();
  }

  @Command(description = "How long hostile texts hold a thread, and whether one is left.")
  int worst(
      @Option(names = "--cases", defaultValue = "1000") int cases,
      @Option(names = "--seed", defaultValue = "1") long seed) {
    Hostile hostile = new Hostile(seed);
    Warehouse[] dialects = Warehouse.values();
    long longest = 0;
    long longestTokens = 0;
    int refused = 0;
    try (SqlGate gate = new SqlGate()) {
      SqlGate tokens = SqlGate.ofTokens();
      for (int i = 0; i < cases; i++) {
        String text = hostile.next();
        Warehouse dialect = dialects[i % dialects.length];
        long start = System.nanoTime();
        refused += tokens.judge(text, dialect) instanceof Verdict.Refused ? 1 : 0;
        long judged = System.nanoTime();
        gate.judge(text, dialect);
        long held = System.nanoTime() - judged;
        longestTokens = Math.max(longestTokens, judged - start);
        if (held > longest) {
          longest = held;
          out()
              .printf(
                  "%.1f ms: %s…%n", longest / 1e6, text.substring(0, Math.min(100, text.length())));
          out().flush();
        }
      }
      long end = System.nanoTime();
      while (watches()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      out()
          .printf(
              "%d texts, %d refused: lexer and gate at most %.1f ms; with tree a thread is held at"
                  + " most %.1f ms; the one that watches was gone %.1f s after the last text%n",
              cases, refused, longestTokens / 1e6, longest / 1e6, (System.nanoTime() - end) / 1e9);
    }
    return 0;
  }

  /** Whether the gate has a thread of its own. */
  private static boolean watches() {
    Thread[] all = new Thread[Thread.activeCount() + 8];
    return Arrays.stream(all, 0, Thread.enumerate(all))
        .anyMatch(thread -> thread.getName().equals("sql-tree-watch"));
  }
}
