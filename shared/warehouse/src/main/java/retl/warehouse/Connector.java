package retl.warehouse;

import java.time.Duration;
import retl.core.credential.Login;
import retl.core.credential.Settings;

/**
 * One kind of warehouse behind its own driver. This and the {@link Session} that it opens are all
 * that differs between warehouses; deadlines, budgets and the order of things are in {@link
 * Warehouses}. {@code docs/how-to/add-a-warehouse.md} goes through it step by step.
 *
 * @param <S> how such a warehouse is reached
 */
public interface Connector<S extends Settings> {

  /** The settings that are this connector's. */
  Class<S> settings();

  /**
   * Opens a session that is used for one job and then dropped: whatever a query did to it, nobody
   * else ever sees it. Every socket must be of the guard, so that it reaches only addresses that
   * are open and ends in time; before anything else {@link SocketGuard#requireOpen} judges the
   * host. The URL carries what the driver can read nowhere else, and the driver's own parse of it
   * is compared with what was meant.
   *
   * @param guard ends the login in time; later it ends the whole job
   * @param left how long the job may take, for the server to keep too
   * @throws CheckFailed with a fault in our own words; what driver or server said before the login
   *     stays in here
   */
  Session open(Login<S> login, SocketGuard guard, Duration left) throws CheckFailed;
}
