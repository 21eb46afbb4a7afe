package retl.standins;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * What an emulator that others wrote is known to do otherwise than AWS: the tests that notice, each
 * with the reason. Such a test must fail, and counts as skipped. When it passes, the emulator has
 * been mended, and the test's name is to be struck off.
 */
final class KnownDifferences implements InvocationInterceptor {
  private final Map<String, String> reasons;

  /** Of the reasons, each under the name of a test's method. */
  KnownDifferences(Map<String, String> reasons) {
    this.reasons = reasons;
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    intercept(invocation, called);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    intercept(invocation, called);
  }

  private void intercept(
      Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called)
      throws Throwable {
    String test = called.getExecutable().getName();
    String reason = reasons.get(test);
    if (reason == null) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (Throwable e) {
      throw new TestAbortedException("A known difference: " + reason, e);
    }
    fail(test + " is no difference any more: strike it off.");
  }
}
