package retl.benchmarks;

import java.util.Collections;
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
import retl.core.warehouse.Warehouse;
import retl.sql.SqlGate;

/** How long the gate takes for texts of typical and of extreme shapes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class GateBenchmark {

  /** What is judged. */
  @Param({"SHORT", "TYPICAL", "IN_LIST", "LONGEST"})
  public Shape shape = Shape.SHORT;

  /** Which texts there are. */
  public enum Shape {
    SHORT("SELECT id, lower(email) AS email FROM users WHERE deleted_at IS NULL"),
    TYPICAL(
        """
        -- Active customers with what they spent
        WITH orders AS (
          SELECT user_id, sum(total) AS total, max(created_at) AS last_order
          FROM shop.orders
          WHERE status NOT IN ('canceled', 'refunded') /* both count as lost */
          GROUP BY user_id
        ), final AS (
          SELECT u.id, u.email, coalesce(o.total, 0) AS total, o.last_order
          FROM shop.users u
          LEFT JOIN orders o ON o.user_id = u.id
          WHERE u.deleted_at IS NULL AND u.email LIKE '%@example.com'
        )
        SELECT * FROM final ORDER BY total DESC;
        """),
    IN_LIST(
        "SELECT * FROM t WHERE a IN ("
            + String.join(", ", Collections.nCopies(10_000, "1234"))
            + ")"),
    LONGEST(
        "SELECT "
            + String.join("\n  , ", Collections.nCopies(1_800, "coalesce(t.a, 'x') AS b -- note"))
            + "\nFROM t");

    private final String text;

    Shape(String text) {
      this.text = text;
    }
  }

  private final SqlGate tokens = SqlGate.ofTokens();
  private final SqlGate tree = new SqlGate();

  /** All shapes must be accepted, or something else is measured. */
  @Setup
  public void check() {
    if (!(tree.judge(shape.text, Warehouse.POSTGRES) instanceof Verdict.Accepted)) {
      throw new IllegalStateException("Refused: " + shape);
    }
  }

  /** Ends the gate's threads. */
  @TearDown
  public void close() {
    tree.close();
  }

  /** Lexer and gate alone. */
  @Benchmark
  public Verdict tokens() {
    return tokens.judge(shape.text, Warehouse.POSTGRES);
  }

  /** With the tree and the lineage. */
  @Benchmark
  public Verdict tree() {
    return tree.judge(shape.text, Warehouse.POSTGRES);
  }
}
