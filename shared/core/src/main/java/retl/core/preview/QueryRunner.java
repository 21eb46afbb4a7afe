package retl.core.preview;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import retl.core.credential.Login;
import retl.core.query.AcceptedQuery;

/** Runs accepted queries on a warehouse, read-only. */
public interface QueryRunner {

  /**
   * Runs a query and reads what is wanted of its result. Never throws for anything that the
   * warehouse does or fails to do, and returns by the deadline with nothing left open or running.
   *
   * @param isCanceled asked about once a second; when it says so, the query is ended on the
   *     warehouse
   */
  Outcome run(
      Login<?> login,
      AcceptedQuery query,
      Preview.Wanted wanted,
      Instant deadline,
      BooleanSupplier isCanceled);

  /** How a run ended. */
  sealed interface Outcome {

    /**
     * It ran.
     *
     * @param rows each as the JSON text of an array, in column order, without line breaks; of a key
     *     that was checked, the values of its columns
     */
    record Rows(Preview.Result result, List<String> rows) implements Outcome {
      public Rows {
        rows = List.copyOf(rows);
      }
    }

    /** Nobody wanted it any more. */
    record Canceled() implements Outcome {}

    /** It did not run, or not to its end. */
    record Failed(Preview.Failure failure) implements Outcome {}
  }
}
