package retl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the deployment's template says about functions and what invokes them: routes, schedules and
 * queues. Everything else in it is passed over. Of an API it knows what SAM's events of type
 * HttpApi and Lambda authorizers with simple responses say.
 *
 * @param parameters the defaults of the parameters that have one
 * @param functions by their logical id, in the template's order
 * @param cors what the API answers web pages of other origins with
 * @param consumers the function that takes a queue's messages, by the queue's logical id
 * @see <a
 *     href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html">HttpApi
 *     events</a>
 */
public record Template(
    Map<String, String> parameters,
    Map<String, Function> functions,
    List<Route> routes,
    List<Schedule> schedules,
    TemplateValue cors,
    Map<String, String> consumers) {
  /** The route of everything that no other route matches. */
  public static final String DEFAULT = "$default";

  /** Lambda's own, for a function that says nothing. */
  private static final int DEFAULT_TIMEOUT_SECONDS = 3;

  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");

  /**
   * A Lambda function.
   *
   * @param handler the class that handles its events
   * @param variables its environment, as it stands in the template
   */
  public record Function(
      String id, String handler, Map<String, TemplateValue> variables, Duration timeout) {}

  /**
   * A route of the API.
   *
   * @param method in capitals, or ANY
   * @param path such as {@code /models/{id}}, or {@link #DEFAULT}
   * @param function the logical id of the function that answers
   */
  public record Route(
      String method, String path, String function, Optional<Authorizer> authorizer) {
    /** As events and API Gateway name it. */
    public String key() {
      return path.equals(DEFAULT) ? DEFAULT : method + " " + path;
    }
  }

  /**
   * When a function is invoked by itself.
   *
   * @param function the logical id of the function
   * @param every at the whole multiples of this time
   * @param input the event, in which the time of the schedule may stand as a placeholder; empty for
   *     none
   */
  public record Schedule(String function, Duration every, String input) {}

  /**
   * Who is asked before a route's function.
   *
   * @param function the logical id of the authorizer's function
   * @param headers without one of these a request is refused before anybody is asked
   */
  public record Authorizer(String function, List<String> headers) {}

  /**
   * Reads a template.
   *
   * @throws IOException if it cannot be read or is not such a template; the message says what is
   *     wrong
   */
  public static Template read(Path file) throws IOException {
    try {
      Object document = new Yaml(new CloudFormationTags()).load(Files.readString(file));
      return new Reader(TemplateValue.of(document)).template();
    } catch (YAMLException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** One pass over a template. */
  private static final class Reader {
    private final TemplateValue root;
    private final TemplateValue resources;
    private final Map<String, Function> functions = new LinkedHashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();
    private final Map<String, String> consumers = new LinkedHashMap<>();

    Reader(TemplateValue root) {
      this.root = root;
      this.resources = root.at("Resources");
    }

    Template template() {
      resources.fields().forEach(this::resource);
      Map<String, String> parameters = new LinkedHashMap<>();
      root.at("Parameters")
          .fields()
          .forEach((name, parameter) -> parameters.put(name, parameter.at("Default").text()));
      return new Template(
          Map.copyOf(parameters),
          Collections.unmodifiableMap(functions),
          List.copyOf(routes),
          List.copyOf(schedules),
          cors(),
          Map.copyOf(consumers));
    }

    private TemplateValue cors() {
      return resources.fields().values().stream()
          .filter(each -> each.at("Type").text().equals("AWS::Serverless::HttpApi"))
          .findFirst()
          .orElse(TemplateValue.NONE)
          .at("Properties", "CorsConfiguration");
    }

    private void resource(String id, TemplateValue resource) {
      if (resource.at("Type").text().equals("AWS::Serverless::Function")) {
        functions.put(id, function(id, resource.at("Properties")));
        for (TemplateValue event : resource.at("Properties", "Events").fields().values()) {
          event(id, event.at("Type").text(), event.at("Properties"));
        }
      }
    }

    private void event(String function, String type, TemplateValue event) {
      switch (type) {
        case "HttpApi" -> routes.add(route(function, event));
        case "ScheduleV2" -> schedules.add(schedule(function, event));
        case "SQS" ->
            event.at("Queue").reference().ifPresent(queue -> consumers.put(queue, function));
        default -> {}
      }
    }

    private static Schedule schedule(String function, TemplateValue event) {
      String expression = event.at("ScheduleExpression").text();
      Matcher rate = RATE.matcher(expression);
      if (!rate.matches()) {
        throw new IllegalArgumentException("The schedule of " + function + " is no rate");
      }
      ChronoUnit unit = ChronoUnit.valueOf(rate.group(2).toUpperCase(Locale.ROOT) + "S");
      return new Schedule(
          function, Duration.of(Long.parseLong(rate.group(1)), unit), event.at("Input").text());
    }

    private Function function(String id, TemplateValue properties) {
      TemplateValue globals = root.at("Globals", "Function");
      String handler = properties.at("Handler").or(globals.at("Handler")).text();
      if (handler.isEmpty()) {
        throw new IllegalArgumentException("The function " + id + " has no handler");
      }
      Map<String, TemplateValue> variables =
          new LinkedHashMap<>(globals.at("Environment", "Variables").fields());
      variables.putAll(properties.at("Environment", "Variables").fields());
      int seconds =
          properties.at("Timeout").or(globals.at("Timeout")).number(DEFAULT_TIMEOUT_SECONDS);
      return new Function(id, handler, Map.copyOf(variables), Duration.ofSeconds(seconds));
    }

    private Route route(String function, TemplateValue event) {
      String path = event.at("Path").text();
      boolean everything = path.isEmpty() || path.equals(DEFAULT) || path.equals("/" + DEFAULT);
      String method = event.at("Method").text().toUpperCase(Locale.ROOT);
      return new Route(
          method.isEmpty() || method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? "ANY" : method,
          everything ? DEFAULT : path,
          function,
          authorizer(event));
    }

    private Optional<Authorizer> authorizer(TemplateValue event) {
      TemplateValue auth =
          event
              .at("ApiId")
              .reference()
              .map(api -> resources.at(api, "Properties", "Auth"))
              .orElse(TemplateValue.NONE)
              .or(root.at("Globals", "HttpApi", "Auth"));
      String name = event.at("Auth", "Authorizer").or(auth.at("DefaultAuthorizer")).text();
      return name.isEmpty() || name.equals("NONE")
          ? Optional.empty()
          : Optional.of(authorizer(name, auth.at("Authorizers", name)));
    }

    private static Authorizer authorizer(String name, TemplateValue authorizer) {
      String function =
          authorizer
              .at("FunctionArn")
              .reference()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "The authorizer " + name + " names no function of this template"));
      List<String> headers =
          authorizer.at("Identity", "Headers").items().stream().map(TemplateValue::text).toList();
      return new Authorizer(function, headers);
    }
  }
}
