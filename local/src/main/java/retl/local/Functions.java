package retl.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import retl.local.Template.Function;
import retl.standins.LambdaFunction;

/**
 * The handlers of a template, made as the Lambda runtime would make them, except that their
 * environment is given instead of read from the process: a handler's class has a constructor that
 * takes its wiring, and the wiring has one that takes the environment. Functions with the same
 * wiring class and the same environment share one wiring.
 */
public final class Functions {
  private final Map<String, LambdaFunction> byId;

  private Functions(Map<String, LambdaFunction> byId) {
    this.byId = byId;
  }

  /**
   * Makes all handlers of a template.
   *
   * @param local variables that every function sees, before what the template says of them
   * @throws IOException if a variable has no value here, or a handler cannot be made; the message
   *     says which
   */
  public static Functions of(Template template, Map<String, String> local) throws IOException {
    Maker maker = new Maker(template, local);
    Map<String, LambdaFunction> byId = new LinkedHashMap<>();
    for (Function function : template.functions().values()) {
      byId.put(function.id(), maker.make(function));
    }
    return new Functions(byId);
  }

  /**
   * The whole environment of each function, by its logical id.
   *
   * @param local variables that every function sees, before what the template says of them
   * @throws IOException if a variable has no value here; the message says which
   */
  static Map<String, Map<String, String>> environments(Template template, Map<String, String> local)
      throws IOException {
    Maker maker = new Maker(template, local);
    Map<String, Map<String, String>> byId = new LinkedHashMap<>();
    for (Function function : template.functions().values()) {
      byId.put(function.id(), maker.environment(function));
    }
    return byId;
  }

  /**
   * Makes one handler of a template, with a wiring of its own.
   *
   * @throws IOException as {@link #of}
   */
  static LambdaFunction one(Template template, Function function, Map<String, String> local)
      throws IOException {
    return new Maker(template, local).make(function);
  }

  /** The function of this logical id. */
  public Optional<LambdaFunction> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  private record WiringKey(Class<?> type, Map<String, String> environment) {}

  private static final class Maker {
    private final Template template;
    private final Map<String, String> local;
    private final Map<WiringKey, Object> wirings = new HashMap<>();

    Maker(Template template, Map<String, String> local) {
      this.template = template;
      this.local = local;
    }

    LambdaFunction make(Function function) throws IOException {
      WiringKey key = new WiringKey(wiringClass(function), environment(function));
      Object wiring = wirings.get(key);
      if (wiring == null) {
        wiring = make(constructor(key.type(), Map.class), key.environment());
        wirings.put(key, wiring);
      }
      Object made = make(constructor(handlerClass(function), key.type()), wiring);
      if (made instanceof RequestStreamHandler handler) {
        return (requestId, event, answer) ->
            handler.handleRequest(event, answer, new LocalContext(function, requestId));
      }
      throw new IOException(function.handler() + " is no RequestStreamHandler");
    }

    private Map<String, String> environment(Function function) throws IOException {
      Map<String, String> environment = new LinkedHashMap<>(local);
      for (var variable : function.variables().entrySet()) {
        if (!local.containsKey(variable.getKey())) {
          environment.put(variable.getKey(), value(function, variable));
        }
      }
      return Map.copyOf(environment);
    }

    /**
     * The template's own text, the id of the function or queue that it refers to, or the default of
     * a parameter.
     */
    private String value(Function function, Map.Entry<String, TemplateValue> variable)
        throws IOException {
      TemplateValue value = variable.getValue();
      return Optional.of(value.text())
          .filter(text -> !text.isEmpty())
          .or(() -> value.reference().flatMap(this::referred))
          .orElseThrow(
              () ->
                  new IOException(
                      "The variable %s of the function %s has no local value"
                          .formatted(variable.getKey(), function.id())));
    }

    private Optional<String> referred(String name) {
      return template.functions().containsKey(name) || template.consumers().containsKey(name)
          ? Optional.of(name)
          : Optional.ofNullable(template.parameters().get(name)).filter(text -> !text.isEmpty());
    }

    private static Class<?> handlerClass(Function function) throws IOException {
      try {
        return Class.forName(function.handler());
      } catch (ClassNotFoundException e) {
        throw new IOException("The class of " + function.id() + " is not here: " + e.getMessage());
      }
    }

    private static Class<?> wiringClass(Function function) throws IOException {
      return Arrays.stream(handlerClass(function).getConstructors())
          .filter(constructor -> constructor.getParameterCount() == 1)
          .findFirst()
          .orElseThrow(
              () -> new IOException(function.handler() + " has no constructor with its wiring"))
          .getParameterTypes()[0];
    }

    private static Constructor<?> constructor(Class<?> type, Class<?> parameter)
        throws IOException {
      try {
        return type.getConstructor(parameter);
      } catch (NoSuchMethodException e) {
        throw new IOException("There is no constructor " + e.getMessage(), e);
      }
    }

    private static Object make(Constructor<?> constructor, Object argument) throws IOException {
      try {
        return constructor.newInstance(argument);
      } catch (InvocationTargetException e) {
        throw new IOException(
            constructor.getDeclaringClass().getName() + " cannot be made: " + e.getCause(), e);
      } catch (ReflectiveOperationException e) {
        throw new IOException(constructor + " cannot be used", e);
      }
    }
  }
}
