package retl.sql;

import java.util.concurrent.CancellationException;
import net.sf.jsqlparser.parser.CCJSqlParserTokenManager;
import net.sf.jsqlparser.parser.SimpleCharStream;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.Token;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a text for the parser, until somebody stops them. The parser asks its own flag for
 * interruption in few places, and can look ahead for minutes between them; but nothing that it does
 * goes on without tokens.
 */
final class StoppableTokens extends CCJSqlParserTokenManager {
  private volatile @Nullable Token first;
  private volatile boolean stopped;

  StoppableTokens(String text) {
    super(new SimpleCharStream(new StringProvider(text), 1, 1));
  }

  @Override
  public Token getNextToken() {
    if (stopped) {
      throw new CancellationException("Nobody waits for this tree any more");
    }
    Token next = super.getNextToken();
    if (first == null) {
      first = next;
    }
    return next;
  }

  /**
   * Ends the parser, from another thread. It reads tokens again and again from the chain that they
   * form, so that is cut everywhere: the next one is then asked for here, or missing.
   */
  void stop() {
    stopped = true;
    Token token = first;
    while (token != null) {
      Token next = token.next;
      token.next = null;
      token = next;
    }
  }
}
