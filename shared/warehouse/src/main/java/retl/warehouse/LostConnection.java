package retl.warehouse;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import retl.core.preview.Preview.Failure;
import retl.warehouse.SocketGuard.DeadlinePassed;
import retl.warehouse.SocketGuard.TooMuchReceived;

/** What it means when a query ends without a word of the server's. */
public final class LostConnection {
  /** More than a driver, or this service, takes for one result. */
  public static final Failure TOO_LARGE =
      new Failure(
          "result_too_large", "The rows are too large: select fewer or shorter columns.", null);

  static final Failure TIMED_OUT =
      new Failure(
          "timed_out", "The warehouse did not answer within the time that a run has.", null);

  private static final Failure BROKEN =
      new Failure(
          "connection_lost", "The connection to the warehouse broke while the query ran.", null);

  private LostConnection() {}

  static Failure failure(SQLException error) {
    List<Throwable> reasons = new ArrayList<>(List.of(error.getSuppressed()));
    for (Throwable each = error; each != null; each = each.getCause()) {
      reasons.add(each);
    }
    if (reasons.stream().anyMatch(TooMuchReceived.class::isInstance)) {
      return TOO_LARGE;
    }
    boolean isTooLate =
        reasons.stream()
            .anyMatch(it -> it instanceof DeadlinePassed || it instanceof SocketTimeoutException);
    return isTooLate ? TIMED_OUT : BROKEN;
  }
}
