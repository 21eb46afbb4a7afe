package retl.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import retl.core.query.AcceptedQuery;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/** Judges made-up texts, and asks the oracle about those that were accepted. */
final class Fuzz {
  private static final int AT_ONCE = 50;

  private final SqlGate gate;
  private final Oracle oracle;
  private long judged;
  private long accepted;

  Fuzz(SqlGate gate, Oracle oracle) {
    this.gate = gate;
    this.oracle = oracle;
  }

  long judged() {
    return judged;
  }

  long accepted() {
    return accepted;
  }

  /** The breaches among so many texts; stops early when there are enough. */
  List<Oracle.Breach> run(long seed, long cases, int enough) throws IOException {
    return run(seed, cases, enough, () -> false);
  }

  /**
   * The breaches among so many texts.
   *
   * @param over asked now and then: whether to stop early
   */
  List<Oracle.Breach> run(long seed, long cases, int enough, BooleanSupplier over)
      throws IOException {
    Texts texts = new Texts(seed);
    List<Oracle.Breach> breaches = new ArrayList<>();
    List<AcceptedQuery> waiting = new ArrayList<>();
    boolean stop = cases <= 0;
    while (!stop) {
      judged++;
      if (gate.judge(texts.next(), Warehouse.POSTGRES) instanceof Verdict.Accepted(var query)) {
        accepted++;
        waiting.add(query);
      }
      if (waiting.size() == AT_ONCE || judged == cases) {
        breaches.addAll(oracle.check(waiting));
        waiting.clear();
        stop = judged == cases || breaches.size() >= enough || over.getAsBoolean();
      }
    }
    return breaches;
  }
}
