package retl.callers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import retl.callers.Deployment.Call;

/**
 * Calls of one workspace that name things of another: every route, with every place where an id
 * could stand, with every id and word of the other workspace, as it is and distorted.
 */
final class Probes {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
  static final List<String> QUERY =
      List.of("credentialId", "modelId", "search", "cursor", "page", "workspace", "resource");

  /** Headers that writes heed: a call may end because of them. */
  private static final List<String> HEEDED = List.of("idempotency-key", "if-match");

  /** Headers because of which no call ends: they ride along with every probe. */
  private static final List<String> UNHEEDED = List.of("prefer", "x-workspace");

  static final List<String> FIELDS =
      List.of("credentialId", "modelId", "previewId", "name", "workspace", "id");

  private final World own;
  private final World other;
  private final List<Place> places = new ArrayList<>();
  private int count;

  Probes(List<String> routes, World own, World other) {
    this.own = own;
    this.other = other;
    routes.forEach(this::addPlaces);
  }

  /** One place of one route: puts a text there, in a call that is good otherwise. */
  private interface Place {
    Call with(Call call, String text);

    String route();
  }

  private record PathPlace(String route, String name) implements Place {
    @Override
    public Call with(Call call, String text) {
      return call.path(name, text);
    }
  }

  /** A check of a key is found only together with the model that it is below. */
  private record CheckPlace(String route, String model) implements Place {
    @Override
    public Call with(Call call, String text) {
      return call.path("id", model).path("checkId", text);
    }
  }

  private record QueryPlace(String route, String name) implements Place {
    @Override
    public Call with(Call call, String text) {
      return call.query(name, text);
    }
  }

  private record HeaderPlace(String route, String name) implements Place {
    @Override
    public Call with(Call call, String text) {
      return call.header(name, text);
    }
  }

  private record FieldPlace(String route, String name) implements Place {
    @Override
    public Call with(Call call, String text) {
      Map<String, Object> body = new LinkedHashMap<>(call.fields());
      if (name.equals("modelId")) {
        body.remove("credentialId");
        body.remove("sql");
      }
      body.put(name, text);
      return call.body(body);
    }
  }

  private void addPlaces(String route) {
    Matcher parameters = PARAMETER.matcher(route);
    while (parameters.find()) {
      places.add(new PathPlace(route, parameters.group(1)));
    }
    if (route.endsWith("/{checkId}")) {
      places.add(new CheckPlace(route, other.ids().getOrDefault("mdl", "none")));
    }
    if (route.startsWith("GET")) {
      QUERY.forEach(name -> places.add(new QueryPlace(route, name)));
    } else {
      HEEDED.forEach(name -> places.add(new HeaderPlace(route, name)));
      FIELDS.forEach(name -> places.add(new FieldPlace(route, name)));
    }
  }

  /** Every place with every word as it is; mixed, so that whatever leaks is soon met. */
  Stream<Call> plain(long seed) {
    return plain(seed, 0, 1);
  }

  /** One of so many equal parts of them. */
  Stream<Call> plain(long seed, int part, int parts) {
    List<Supplier<Call>> all = new ArrayList<>();
    for (Place place : places) {
      for (String word : words()) {
        all.add(() -> probe(place, word));
      }
    }
    Collections.shuffle(all, new Random(seed));
    return IntStream.range(0, all.size())
        .filter(i -> i % parts == part)
        .mapToObj(i -> all.get(i).get());
  }

  /** Places and words by chance, distorted up to three times; the same for the same seed. */
  Stream<Call> distorted(long seed, int howMany) {
    Random random = new Random(seed);
    List<String> words = words();
    return IntStream.range(0, howMany)
        .mapToObj(
            i -> {
              String word = words.get(random.nextInt(words.size()));
              for (int times = random.nextInt(4); times > 0; times--) {
                word = distortions().get(random.nextInt(distortions().size())).apply(word);
              }
              return probe(places.get(random.nextInt(places.size())), word);
            });
  }

  /** How many were made. */
  int count() {
    return count;
  }

  private List<String> words() {
    return Stream.concat(other.ids().values().stream(), other.words().stream()).toList();
  }

  private Call probe(Place place, String text) {
    count++;
    return place.with(good(place.route(), text), text);
  }

  /**
   * A call of the own workspace, with a text in all headers that cannot end it; what would delete
   * something names nothing.
   */
  Call good(String route, String text) {
    Call call = Call.of(route, own.token());
    for (String name : UNHEEDED) {
      call = call.header(name, text);
    }
    if (route.startsWith("GET")) {
      for (String name : HEEDED) {
        call = call.header(name, text);
      }
    }
    Matcher parameters = PARAMETER.matcher(route);
    while (parameters.find()) {
      String type = type(route);
      boolean harmless = !route.startsWith("DELETE");
      String value =
          switch (parameters.group(1)) {
            case "id" ->
                harmless ? own.ids().getOrDefault(type, "none") : type + "_" + "0".repeat(26);
            case "checkId" -> own.ids().getOrDefault("kch", "none");
            default -> "1";
          };
      call = call.path(parameters.group(1), value);
    }
    return route.startsWith("GET") ? call : call.body(body(route));
  }

  private static String type(String route) {
    return switch (route.split("/", -1)[1]) {
      case "tokens" -> "tok";
      case "credentials" -> "crd";
      case "validations" -> "val";
      case "previews" -> "prv";
      case "sources" -> "src";
      default -> "mdl";
    };
  }

  private Map<String, Object> body(String route) {
    String credential = own.ids().getOrDefault("crd", "");
    return switch (route) {
      case "POST /tokens" -> World.newToken("probe");
      case "POST /credentials" -> World.newCredential("probe " + count);
      case "POST /validations" -> Map.of("credentialId", credential);
      case "POST /previews" -> Map.of("credentialId", credential, "sql", "select 1");
      case "POST /models" ->
          Map.of("name", "probe " + count, "credentialId", credential, "sql", "select 1");
      case "POST /models/{id}/key-checks" -> World.newKeyCheck("own");
      case "POST /sources" -> World.newSource("probe " + count, own.ids().getOrDefault("mdl", ""));
      default -> Map.of();
    };
  }

  private List<UnaryOperator<String>> distortions() {
    String workspace = other.workspace();
    return List.of(
        word -> word.toUpperCase(Locale.ROOT),
        word -> " " + word,
        word -> word + " ",
        word -> word + "\n",
        word -> word + "\u0000",
        word -> word + "\u200b",
        word -> word + "#REV#1",
        word -> word + "#",
        word -> "CRED#" + word,
        word -> "MODEL#" + word,
        word -> "PREVIEW#" + word,
        word -> "WS#" + workspace + "#" + word,
        word -> workspace + "/" + word,
        word -> "../" + workspace + "/" + word,
        word -> "/" + word,
        word -> word.replace("_", "%5F"),
        word -> word.replace('_', '＿'),
        word -> word.substring(0, word.length() / 2),
        word -> word.substring(word.length() / 2),
        word -> new StringBuilder(word).reverse().toString(),
        word -> word.length() > 4 ? "mdl" + word.substring(3) : word,
        word -> word.length() > 4 ? "kch" + word.substring(3) : word,
        word -> word.length() > 4 ? "crd" + word.substring(3) : word,
        word -> word.length() > 4 ? "tok" + word.substring(3) : word,
        word -> "\"" + word + "\"",
        word -> "*",
        word -> word + "," + own.ids().get("mdl"),
        word -> word.repeat(2));
  }
}
