package retl.callers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** That the probes go on reaching everything when routes, parameters and fields are added. */
class ProbesTest {
  /** Parameters in which no id can stand. */
  private static final Set<String> HARMLESS_PARAMETERS =
      Set.of("limit", "pageSize", "warehouse", "status", "type", "enabled", "validateOnly");

  /** Fields in which no id can stand. */
  private static final Set<String> HARMLESS_FIELDS =
      Set.of(
          "role",
          "expiresAt",
          "warehouse",
          "settings",
          "secret",
          "skipValidation",
          "sql",
          "limit",
          "description",
          "primaryKey",
          "columns",
          "acceptImpact",
          "enabled");

  private static Clouds clouds;
  private static Object contract;

  @BeforeAll
  static void start() throws IOException {
    clouds = new Clouds();
    Path file = Path.of(System.getProperty("projectRoot"), "openapi.yaml");
    contract = new Yaml().load(Files.readString(file));
  }

  @AfterAll
  static void stop() {
    clouds.close();
  }

  @Test
  void everyRouteIsProbedWithACallThatIsGoodOtherwise() throws IOException {
    Twins twins = new Twins(clouds, "good");
    Map<String, Integer> refused = new TreeMap<>();
    for (String route : twins.routes()) {
      int status = twins.answer(twins.probes().good(route, "mdl_\n")).status();
      // What would delete something names nothing.
      if (status != (route.startsWith("DELETE") ? 404 : status / 100 == 2 ? status : 200)) {
        refused.put(route, status);
      }
    }

    assertThat(refused).isEmpty();
  }

  @Test
  void everyParameterOfTheContractIsProbedOrCannotHoldAnId() {
    assertThat(without(names(contract, "parameters"), HARMLESS_PARAMETERS))
        .isNotEmpty()
        .isSubsetOf(Probes.QUERY);
  }

  @Test
  void everyFieldOfARequestIsProbedOrCannotHoldAnId() {
    assertThat(without(names(contract, "requestBody"), HARMLESS_FIELDS))
        .isNotEmpty()
        .isSubsetOf(Probes.FIELDS);
  }

  private static Set<String> without(Set<String> names, Set<String> harmless) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeAll(harmless);
    return rest;
  }

  /** The names of what operations have under this word: query parameters, or fields of bodies. */
  private static Set<String> names(@Nullable Object document, String word) {
    Set<String> names = new TreeSet<>();
    for (Object path : map(map(document).get("paths")).values()) {
      for (Object operation : map(path).values()) {
        collect(map(operation).get(word), names);
      }
    }
    return names;
  }

  private static void collect(@Nullable Object part, Set<String> names) {
    if (part instanceof List<?> list) {
      list.forEach(each -> collect(each, names));
      return;
    }
    Map<?, ?> fields = map(part);
    if (fields.isEmpty()) {
      return;
    }
    if (fields.get("$ref") instanceof String reference) {
      collect(resolved(reference), names);
    } else if ("query".equals(fields.get("in"))) {
      names.add(String.valueOf(fields.get("name")));
    } else {
      map(fields.get("properties")).keySet().forEach(name -> names.add(String.valueOf(name)));
      for (String inner : List.of("content", "application/json", "schema", "oneOf", "allOf")) {
        collect(fields.get(inner), names);
      }
    }
  }

  private static @Nullable Object resolved(String reference) {
    Object part = contract;
    for (String name : reference.substring("#/".length()).split("/", -1)) {
      part = map(part).get(name);
    }
    return part;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
