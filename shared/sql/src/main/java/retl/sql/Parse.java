package retl.sql;

import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDDELETE;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDINSERT;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTPARENTHESEDUPDATE;
import static net.sf.jsqlparser.parser.CCJSqlParserTreeConstants.JJTWITHFUNCTIONDECLARATION;

import java.util.Optional;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.Node;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.feature.FeatureConfiguration;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.ForMode;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import retl.core.query.Lineage;

/** One query on its way through the parser; another thread can stop it. */
final class Parse {
  private final Tokens tokens;
  private final Dialect dialect;
  private final StoppableTokens source;
  private final long deadline;
  private final Canonical canonical;
  private boolean ended;

  /**
   * @param source nobody else's until the parse has ended
   * @param deadline when it is late, by {@link System#nanoTime()}
   */
  Parse(Tokens tokens, Dialect dialect, StoppableTokens source, long deadline) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.source = source;
    this.deadline = deadline;
    this.canonical = Canonical.of(tokens, dialect);
  }

  /** Whether it takes too long. */
  boolean isLate() {
    return System.nanoTime() - deadline > 0;
  }

  /**
   * Makes {@link #read} end within milliseconds, by an exception. Called again, it ends what got
   * past the first call.
   */
  synchronized void stop() {
    if (!ended) {
      source.stop();
    }
  }

  /** From now on the tokens are somebody else's and are not stopped. */
  synchronized void end() {
    ended = true;
  }

  /** The lineage of the query, when the tree shows that it only reads. */
  Lineage read() throws ParseException, Refusal {
    try {
      return read(parser(false));
    } catch (ParseException e) {
      // Conditions nested in certain ways need the grammar that looks far ahead.
      return read(parser(true));
    }
  }

  private CCJSqlParser parser(boolean complex) {
    source.begin(canonical.text());
    return new ParserOfTokens(source).withAllowComplexParsing(complex);
  }

  /** JSqlParser keeps its configuration in a stream that a parser of tokens does not have. */
  private static final class ParserOfTokens extends CCJSqlParser {
    ParserOfTokens(StoppableTokens source) {
      super(source);
    }

    @Override
    public FeatureConfiguration getConfiguration() {
      return token_source.configuration;
    }
  }

  private Lineage read(CCJSqlParser parser) throws ParseException, Refusal {
    Statement statement = parser.Statement();
    Node root = parser.getASTRoot();
    if (!(statement instanceof Select select)) {
      throw refusal("a statement that is no query");
    }
    Optional<String> write = write(root);
    if (write.isPresent()) {
      throw refusal(write.get());
    }
    return new LineageReader(canonical, dialect, this::isLate).read(select, root);
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
          default -> node.jjtGetValue() instanceof Select select ? write(select) : Optional.empty();
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
