package retl.sql;

import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDDELETE;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDINSERT;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDUPDATE;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTWITHFUNCTIONDECLARATION;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.Node;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.ForMode;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import retl.core.query.Lineage;

/**
 * Reads accepted queries as trees, with JSqlParser. The tree confirms what the gate decided, and
 * tells the lineage. A query that the parser does not understand in time has none: the gate's
 * verdict stands then.
 *
 * <p>Parsing happens on few threads of its own, because nothing can stop the parser for sure: it is
 * asked to, and whoever waits goes on. The threads are made when they are needed, end when they are
 * idle, and never keep the JVM alive.
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

  private static Thread thread(Runnable work) {
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

  private static final class Parse {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Canonical canonical;
    private final CCJSqlParser parser;

    Parse(Tokens tokens, Dialect dialect) {
      this.tokens = tokens;
      this.dialect = dialect;
      this.canonical = Canonical.of(tokens, dialect);
      this.parser = new CCJSqlParser(new StringProvider(canonical.text()));
      parser.withAllowComplexParsing(true);
    }

    void stop() {
      parser.interrupted = true;
    }

    Lineage read() throws ParseException, Refusal {
      Statement statement = parser.Statement();
      Node root = parser.getASTRoot();
      if (!(statement instanceof Select select)) {
        throw refusal("a statement that is no query");
      }
      Optional<String> write = write(root);
      if (write.isPresent()) {
        throw refusal(write.get());
      }
      return new LineageReader(canonical, dialect).read(select, root);
    }

    private Refusal refusal(String what) {
      int last = tokens.size() - 1;
      return new Refusal(Rule.TREE_WRITES, tokens.start(0), tokens.end(last), what);
    }

    private static Optional<String> write(Node node) {
      Optional<String> write =
          switch (node.getId()) {
            case JJTPARENTHESEDINSERT -> Optional.of("an INSERT");
            case JJTPARENTHESEDUPDATE -> Optional.of("an UPDATE");
            case JJTPARENTHESEDDELETE -> Optional.of("a DELETE");
            case JJTWITHFUNCTIONDECLARATION -> Optional.of("a function");
            default ->
                node.jjtGetValue() instanceof Select select ? write(select) : Optional.empty();
          };
      for (int i = 0; i < node.jjtGetNumChildren() && write.isEmpty(); i++) {
        write = write(node.jjtGetChild(i));
      }
      return write;
    }

    private static Optional<String> write(Select select) {
      if (select instanceof PlainSelect plain
          && (plain.getIntoTempTable() != null
              || (plain.getIntoTables() != null && !plain.getIntoTables().isEmpty()))) {
        return Optional.of("an INTO");
      }
      ForMode mode = select.getForMode();
      boolean locks = mode != null && mode != ForMode.READ_ONLY && mode != ForMode.FETCH_ONLY;
      return locks ? Optional.of("a row lock") : Optional.empty();
    }
  }
}
