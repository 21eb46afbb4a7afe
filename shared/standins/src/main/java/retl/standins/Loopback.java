package retl.standins;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of DynamoDB Local's own JVM, with three things that its own main has no option
 * for: it listens on loopback only, it takes any free port and says which, and it ends when its
 * standard input ends, so that it never outlives the JVM that started it, however that one died.
 *
 * <p>Everything is reached by reflection because those jars are on no class path of ours.
 */
final class Loopback {
  /** What stands before the port in the line that says that the server answers. */
  static final String READY = "DynamoDB Local answers on port ";

  private Loopback() {}

  /** {@code args[0]} is the port, 0 for any free one; the rest is for DynamoDB Local. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread.ofPlatform().daemon().name("parent").start(Loopback::endWithParent);
    try {
      serve(Integer.parseInt(args[0]), Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      // One last line for the parent, which shows it: the innermost reason.
      Throwable reason = e;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      System.out.println(reason);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void serve(int port, String[] options) throws ReflectiveOperationException {
    Object proxy =
        Class.forName("com.amazonaws.services.dynamodbv2.local.main.ServerRunner")
            .getMethod("createServerFromCommandLineArgs", String[].class)
            .invoke(null, (Object) options);
    Field jetty = proxy.getClass().getDeclaredField("server");
    jetty.setAccessible(true);
    Object connector = ((Object[]) call(jetty.get(proxy), "getConnectors"))[0];
    Class<?> type = connector.getClass();
    type.getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
    type.getMethod("setPort", int.class).invoke(connector, port);
    call(proxy, "start");
    System.out.println(READY + call(connector, "getLocalPort"));
    call(proxy, "join");
  }

  private static Object call(Object on, String method) throws ReflectiveOperationException {
    return on.getClass().getMethod(method).invoke(on);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes; only the end counts.
      }
    } catch (IOException e) {
      System.err.println("The pipe from the parent broke: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }
}
