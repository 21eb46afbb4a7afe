package retl.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import retl.functions.service.AuthorizeCallerHandler;

/**
 * All functions that have a snapshot in one, made as Lambda makes each; it answers as the
 * authorizer.
 */
public final class EveryFunction implements RequestStreamHandler {
  private final List<RequestStreamHandler> handlers = new ArrayList<>();

  public EveryFunction() throws IOException, ReflectiveOperationException {
    for (Template.Function function : PrimingTest.primed()) {
      handlers.add(
          Class.forName(function.handler())
              .asSubclass(RequestStreamHandler.class)
              .getConstructor()
              .newInstance());
    }
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    for (RequestStreamHandler handler : handlers) {
      if (handler instanceof AuthorizeCallerHandler) {
        handler.handleRequest(input, output, context);
      }
    }
  }
}
