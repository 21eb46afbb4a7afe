package retl.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import retl.core.query.AcceptedQuery;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/** Judges made-up texts, and asks the oracle about those that were accepted. */
final class Fuzz {
  private static final int AT_ONCE = 50;

  private final SqlGate gate;
  private final Oracle oracle;
  private long accepted;

  Fuzz(SqlGate gate, Oracle oracle) {
    this.gate = gate;
    this.oracle = oracle;
  }

  long accepted() {
    return accepted;
  }

  /** The breaches among so many texts; stops early when there are enough. */
  List<Oracle.Breach> run(long seed, long cases, int enough) throws IOException {
    Texts texts = new Texts(seed);
    List<Oracle.Breach> breaches = new ArrayList<>();
    List<AcceptedQuery> waiting = new ArrayList<>();
    for (long i = 0; i < cases && breaches.size() < enough; i++) {
      if (gate.judge(texts.next(), Warehouse.POSTGRES) instanceof Verdict.Accepted(var query)) {
        accepted++;
        waiting.add(query);
      }
      if (waiting.size() == AT_ONCE || i == cases - 1) {
        breaches.addAll(oracle.check(waiting));
        waiting.clear();
      }
    }
    return breaches;
  }
}
