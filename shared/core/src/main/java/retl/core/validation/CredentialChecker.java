package retl.core.validation;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Login;
import retl.core.query.AcceptedQuery;

/** Runs the checks on a warehouse. */
public interface CredentialChecker {

  /**
   * Runs the checks in their order until one fails, and tells of each as it ends. Never throws for
   * anything that the warehouse does or fails to do, and returns by the deadline with nothing left
   * open.
   *
   * @param query whose tables are checked last; null for the credentials alone
   */
  void check(
      Login<?> login, @Nullable AcceptedQuery query, Instant deadline, Consumer<Check> ended);
}
