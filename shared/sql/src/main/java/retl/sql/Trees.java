package retl.sql;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.sf.jsqlparser.parser.ParseException;
import org.jspecify.annotations.Nullable;
import retl.core.query.Lineage;

/**
 * Reads accepted queries as trees, with JSqlParser. The tree confirms what the gate decided, and
 * tells the lineage. A query that the parser does not understand in time has none: the gate's
 * verdict stands then.
 *
 * <p>A query is parsed by the thread that asks, since to hand it to another one takes longer than
 * to parse it. One thread watches for parses that take too long, and stops them; it is made when
 * there is something to watch, ends when there is nothing, and never keeps the JVM alive.
 */
final class Trees implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** How many times it is looked, within the limit, whether a parse takes longer. */
  private static final int LOOKS = 8;

  private final Duration limit;
  private final Set<Parse> running = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watched = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor watch;

  /** Making the parser's lexer takes a tenth of what parsing with it does, so it is used again. */
  private final BlockingQueue<StoppableTokens> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /**
   * @param limit after how long a parse is stopped; it can take an eighth longer until it is seen
   */
  Trees(Duration limit) {
    this.limit = limit;
    this.watch = new ScheduledThreadPoolExecutor(1, Trees::thread);
    watch.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    watch.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sql-tree-watch");
    thread.setDaemon(true);
    return thread;
  }

  /** The lineage of a query; unknown when there is no tree of it. */
  Lineage read(Tokens tokens, Dialect dialect) throws Refusal {
    @Nullable StoppableTokens used = idle.poll();
    StoppableTokens source = used == null ? new StoppableTokens() : used;
    Parse parse = new Parse(tokens, dialect, source, System.nanoTime() + limit.toNanos());
    running.add(parse);
    try {
      look();
      Lineage lineage = parse.read();
      // What has failed may be in a state from which it cannot begin again.
      parse.end();
      idle.offer(source);
      return lineage;
    } catch (ParseException | RuntimeException | StackOverflowError e) {
      // Whatever the parser throws at a strange query means that it does not understand it.
      return Lineage.UNKNOWN;
    } finally {
      running.remove(parse);
    }
  }

  /** Has the running parses looked after, if they are not already. */
  private void look() {
    if (watched.compareAndSet(false, true)) {
      Future<?> _ = watch.schedule(this::stopLate, limit.toNanos() / LOOKS, TimeUnit.NANOSECONDS);
    }
  }

  private void stopLate() {
    // First: whatever happens below, the next query has somebody look again.
    watched.set(false);
    running.stream().filter(Parse::isLate).forEach(Parse::stop);
    if (!running.isEmpty()) {
      look();
    }
  }

  /** Whether the thread that watches is alive, for tests. */
  boolean watches() {
    return watch.getPoolSize() > 0;
  }

  @Override
  public void close() {
    watch.shutdownNow();
    running.forEach(Parse::stop);
  }
}
