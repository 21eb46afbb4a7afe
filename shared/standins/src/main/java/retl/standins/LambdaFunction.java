package retl.standins;

import java.io.InputStream;
import java.io.OutputStream;

/** One function: reads its event, writes its answer, throws when it fails. */
@FunctionalInterface
public interface LambdaFunction {
  /**
   * Runs the function once.
   *
   * @param requestId the id of this invocation, in the answer's headers too
   */
  void invoke(String requestId, InputStream event, OutputStream answer) throws Exception;
}
