package retl.sql;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import retl.core.query.Lineage;

/**
 * Reads accepted queries as trees, with JSqlParser. The tree confirms what the gate decided, and
 * tells the lineage. A query that the parser does not understand in time has none: the gate's
 * verdict stands then.
 *
 * <p>Parsing happens on few threads of its own, with large stacks, and is stopped when it takes too
 * long. The threads are made when they are needed, end when they are idle, and never keep the JVM
 * alive.
 */
final class Trees implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** The parser is recursive, and a query can nest 200 brackets deep. */
  private static final long STACK_BYTES = 16L << 20;

  private final Duration limit;
  private final ThreadPoolExecutor threads;

  /**
   * @param limit how long anybody waits for a tree
   */
  Trees(Duration limit) {
    this(limit, Trees::thread);
  }

  Trees(Duration limit, ThreadFactory factory) {
    this.limit = limit;
    int size = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            factory);
    threads.allowCoreThreadTimeOut(true);
  }

  static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "sql-tree", STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /** The lineage of a query; unknown when there is no tree of it. */
  Lineage read(Tokens tokens, Dialect dialect) throws Refusal {
    Parse parse = new Parse(tokens, dialect);
    Future<Lineage> future = threads.submit(parse::read);
    try {
      return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      parse.stop();
      future.cancel(true);
      threads.purge();
      return Lineage.UNKNOWN;
    } catch (InterruptedException e) {
      parse.stop();
      future.cancel(true);
      Thread.currentThread().interrupt();
      return Lineage.UNKNOWN;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      // Whatever else the parser throws at a strange query means that it does not understand it.
      return Lineage.UNKNOWN;
    }
  }

  /** How many threads are alive, for tests. */
  int alive() {
    return threads.getPoolSize();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
