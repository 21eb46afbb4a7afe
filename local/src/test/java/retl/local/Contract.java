package retl.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import retl.api.Route;
import retl.core.Role;

/**
 * The three places where a route stands: {@link Route}, the template, and the OpenAPI document.
 *
 * @param openapi the whole document
 */
record Contract(Template template, TemplateValue openapi) {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** The project's own. */
  static Contract ofProject() throws IOException {
    return read(projectFile("template.yaml"), projectFile("openapi.yaml"));
  }

  static Contract read(Path template, Path openapi) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object document = new Yaml(new SafeConstructor(options)).load(Files.readString(openapi));
    return new Contract(Template.read(template), TemplateValue.of(document));
  }

  static Path projectFile(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("projectRoot")), name);
  }

  /** The schema of this name. */
  TemplateValue schema(String name) {
    return openapi.at("components", "schemas", name);
  }

  /** The operation of a route. */
  TemplateValue operation(Route route) {
    return openapi.at("paths", route.path(), route.method().toLowerCase(Locale.ROOT));
  }

  /** Where the three disagree, one sentence each; empty when they do not. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    Set<String> inCode = Stream.of(Route.values()).map(Route::key).collect(Collectors.toSet());
    compare(faults, "the template", inCode, routesOfTemplate());
    compare(faults, "the OpenAPI document", inCode, routesOfOpenApi());
    for (Route route : Route.values()) {
      compareOperation(faults, route);
    }
    for (Template.Function function : template.functions().values()) {
      checkHandler(faults, function);
    }
    return faults;
  }

  private Set<String> routesOfTemplate() {
    return template.routes().stream()
        .map(Template.Route::key)
        .filter(key -> !key.equals(Template.DEFAULT))
        .collect(Collectors.toSet());
  }

  private Set<String> routesOfOpenApi() {
    Set<String> keys = new LinkedHashSet<>();
    for (Map.Entry<String, TemplateValue> path : openapi.at("paths").fields().entrySet()) {
      path.getValue().fields().keySet().stream()
          .filter(METHODS::contains)
          .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey())
          .forEach(keys::add);
    }
    return keys;
  }

  private static void compare(
      List<String> faults, String where, Set<String> inCode, Set<String> there) {
    inCode.stream()
        .filter(key -> !there.contains(key))
        .forEach(key -> faults.add(key + " is missing in " + where));
    there.stream()
        .filter(key -> !inCode.contains(key))
        .forEach(key -> faults.add(key + " is in " + where + " alone"));
  }

  private void compareOperation(List<String> faults, Route route) {
    TemplateValue operation = operation(route);
    Role role = route.role();
    String needed = role == null ? "" : role.wireName();
    if (!operation.at("operationId").text().equals(lowerCamel(route))) {
      faults.add(route.key() + " has another operationId than " + lowerCamel(route));
    }
    if (!operation.at("x-required-role").text().equals(needed)) {
      faults.add(route.key() + " is documented with another role than " + role);
    }
    // Without a word of its own an operation needs a token.
    boolean isOpen = List.of().equals(operation.at("security").value());
    if (isOpen != (role == null)) {
      faults.add(
          route.key() + " is documented as if it needed " + (isOpen ? "no" : "a") + " token");
    }
    template.routes().stream()
        .filter(each -> each.key().equals(route.key()))
        .filter(each -> each.authorizer().isPresent() == (role == null))
        .forEach(each -> faults.add(route.key() + " is deployed with another authorizer"));
  }

  private static String lowerCamel(Route route) {
    List<String> words = List.of(route.name().toLowerCase(Locale.ROOT).split("_", -1));
    return words.getFirst()
        + words.stream()
            .skip(1)
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
  }

  private static void checkHandler(List<String> faults, Template.Function function) {
    try {
      if (!RequestStreamHandler.class.isAssignableFrom(Class.forName(function.handler()))) {
        faults.add(function.id() + " has a handler that is none: " + function.handler());
      }
    } catch (ClassNotFoundException e) {
      faults.add(function.id() + " has no class " + function.handler());
    }
  }
}
