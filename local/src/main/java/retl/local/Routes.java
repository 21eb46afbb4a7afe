package retl.local;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import retl.local.Template.Route;

/**
 * Finds the route of a request as API Gateway does: the path with the most literal text wins, then
 * the route of just this method, and what nothing matches goes to the default route.
 */
final class Routes {
  /** A route with the values of the names in its path. */
  record Match(Route route, Map<String, String> parameters) {}

  private final List<Route> mostSpecificFirst;
  private final Optional<Route> otherwise;

  Routes(List<Route> routes) {
    mostSpecificFirst =
        routes.stream()
            .filter(route -> !route.path().equals(Template.DEFAULT))
            .sorted(
                Comparator.comparing(Routes::literalsFirst)
                    .thenComparing(route -> route.method().equals("ANY")))
            .toList();
    otherwise = routes.stream().filter(r -> r.path().equals(Template.DEFAULT)).findFirst();
  }

  /** The route of a request; empty when there is none and no default one. */
  Optional<Match> find(String method, String path) {
    return mostSpecificFirst.stream()
        .filter(route -> route.method().equals(method) || route.method().equals("ANY"))
        .flatMap(route -> match(route, path).stream())
        .findFirst()
        .or(() -> otherwise.map(route -> new Match(route, Map.of())));
  }

  private static Optional<Match> match(Route route, String path) {
    String[] pattern = segments(route.path());
    String[] actual = segments(path);
    if (pattern.length != actual.length) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < pattern.length; i++) {
      if (isName(pattern[i]) && !actual[i].isEmpty()) {
        parameters.put(pattern[i].substring(1, pattern[i].length() - 1), actual[i]);
      } else if (!pattern[i].equals(actual[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(route, parameters));
  }

  /** Sorts a literal before a name, segment by segment. */
  private static String literalsFirst(Route route) {
    return Stream.of(segments(route.path()))
        .map(segment -> isName(segment) ? "1" : "0")
        .collect(Collectors.joining());
  }

  /** Empty segments count: a path with a slash at its end is another path. */
  private static String[] segments(String path) {
    return path.split("/", -1);
  }

  private static boolean isName(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
