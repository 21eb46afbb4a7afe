package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;
import retl.local.Template.Function;

/** What a function is told about its invocation; its log goes to the standard error, by line. */
final class LocalContext implements Context {
  private static final LambdaLogger TO_STANDARD_ERROR =
      new LambdaLogger() {
        @Override
        public void log(String message) {
          System.err.println(message.stripTrailing().replace("\r", "\\r").replace("\n", "\\n"));
        }

        @Override
        public void log(byte[] message) {
          log(new String(message, UTF_8));
        }
      };

  private final Function function;
  private final String requestId;
  private final long deadline;

  LocalContext(Function function, String requestId) {
    this.function = function;
    this.requestId = requestId;
    this.deadline = System.nanoTime() + function.timeout().toNanos();
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + function.id();
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return function.id();
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:" + function.id();
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
  }

  @Override
  public int getMemoryLimitInMB() {
    return 1024;
  }

  @Override
  public LambdaLogger getLogger() {
    return TO_STANDARD_ERROR;
  }
}
