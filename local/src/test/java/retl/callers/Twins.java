package retl.callers;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import retl.aws.Environment;
import retl.callers.Deployment.Answer;
import retl.callers.Deployment.Call;
import retl.local.Template;
import retl.local.Template.Route;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Two deployments that one workspace cannot tell apart unless it sees into another: in the first
 * the other workspace is there, in the second nothing of it ever was.
 */
final class Twins {
  private static final Pattern ID = Pattern.compile("(?:aud|[a-z]{3})_[0-9a-z]{26}");
  private static final Pattern TIME = Pattern.compile("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z");
  private static final Pattern MADE_BY_CHANCE =
      Pattern.compile("rmt_\\w+|\\\\\"[0-9a-f]{32}\\\\\"|(?<=nextCursor\\\\\":\\\\\")[\\w-]+");

  /**
   * Without limits: probes that succeed by right would end in one, and in one of the two sooner
   * than in the other, because places of previews become free with time.
   */
  private static final Map<String, String> ROOMY =
      Stream.of(
              Environment.MODELS_LIMIT,
              Environment.SOURCES_LIMIT,
              Environment.CREDENTIALS_LIMIT,
              Environment.TOKENS_LIMIT,
              Environment.PREVIEWS_LIMIT)
          .collect(Collectors.toMap(limit -> limit, limit -> String.valueOf(Integer.MAX_VALUE)));

  private final Clouds clouds;
  private final String table;
  private final World own;
  private final World other;
  private final Set<String> known = new HashSet<>();
  private final Object authorized;
  private final Deployment without;
  private Deployment with;

  /**
   * Makes both.
   *
   * @param name of their tables, one that no other twins have
   */
  Twins(Clouds clouds, String name) throws IOException {
    this.clouds = clouds;
    this.table = name + "-with";
    this.with = clouds.deploy(table, ROOMY);
    this.own = World.make(with, clouds.table(table), "own");
    this.other = World.make(with, clouds.table(table), "other");
    this.authorized = Objects.requireNonNull(with.authorized(Call.of("GET /models", own.token())));
    this.without = clouds.deploy(name + "-without", ROOMY);
    known.addAll(own.ids().values());
    known.addAll(other.ids().values());
    itemsOf(own)
        .forEach(item -> clouds.dynamo().putItem(p -> p.tableName(name + "-without").item(item)));
  }

  World own() {
    return own;
  }

  World other() {
    return other;
  }

  Probes probes() {
    return new Probes(routes(), own, other);
  }

  /** All routes but the one for everything else. */
  List<String> routes() {
    return with.routes().stream()
        .map(Route::key)
        .filter(route -> !route.equals(Template.DEFAULT))
        .toList();
  }

  /** What the first deployment answers. */
  Answer answer(Call call) {
    return with.call(call);
  }

  /** The first deployment again, with its table behind another address. */
  void reachTableAt(URI dynamo) throws IOException {
    with = clouds.deployAgain(table, dynamo, ROOMY);
  }

  /** How the answers of the two differ; empty when they do not. */
  Optional<String> difference(Call call) {
    Answer inOne = with.call(call, authorized);
    Answer inTheOther = without.call(call, authorized);
    if (inOne.equals(inTheOther)) {
      return Optional.empty();
    }
    String seen = comparable(inOne);
    String expected = comparable(inTheOther);
    return seen.equals(expected)
        ? Optional.empty()
        : Optional.of(call + "\n  with:    " + seen + "\n  without: " + expected);
  }

  // Only what the service makes by chance or by the clock is left out of the comparison.
  private String comparable(Answer answer) {
    try {
      String text = JSON.std.asString(answer.whole());
      String timeless = TIME.matcher(text).replaceAll("<time>");
      String plain = MADE_BY_CHANCE.matcher(timeless).replaceAll("<chance>");
      return ID.matcher(plain).replaceAll(id -> known.contains(id.group()) ? id.group() : "<new>");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Everything that is stored of a workspace. */
  List<Map<String, AttributeValue>> itemsOf(World world) {
    return clouds
        .dynamo()
        .scanPaginator(scan -> scan.tableName(table).consistentRead(true))
        .items()
        .stream()
        .filter(item -> isOf(world, item))
        .toList();
  }

  private static boolean isOf(World world, Map<String, AttributeValue> item) {
    return Stream.of("PK", "workspace")
        .map(item::get)
        .anyMatch(
            value ->
                value != null
                    && Set.of("WS#" + world.workspace(), world.workspace()).contains(value.s()));
  }
}
