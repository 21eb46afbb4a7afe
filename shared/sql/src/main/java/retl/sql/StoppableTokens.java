package retl.sql;

import java.util.concurrent.CancellationException;
import net.sf.jsqlparser.parser.CCJSqlParserTokenManager;
import net.sf.jsqlparser.parser.SimpleCharStream;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.Token;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one text after the other for the parser, until somebody stops them. The parser asks
 * its own flag for interruption in few places, and can look ahead for minutes between them; but
 * nothing that it does goes on without tokens.
 */
final class StoppableTokens extends CCJSqlParserTokenManager {
  private volatile @Nullable Token first;
  private volatile boolean stopped;

  StoppableTokens() {
    super(new SimpleCharStream(new StringProvider(""), 1, 1));
  }

  /** Begins with a text, whatever was read before. */
  void begin(String text) {
    input_stream.ReInit(new StringProvider(text), 1, 1);
    ReInit(input_stream);
    first = null;
  }

  @Override
  public Token getNextToken() {
    if (stopped) {
      throw new CancellationException("This tree takes too long");
    }
    Token next = super.getNextToken();
    if (first == null) {
      first = next;
    }
    return next;
  }

  /**
   * Ends the parser, from another thread, for ever. It reads tokens again and again from the chain
   * that they form, so that is cut everywhere: the next one is then asked for here, or missing.
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
