package retl.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;
import static retl.core.Refusals.problemOf;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Callers;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.TestClock;

class RequestTest {
  private static final int MAX = 1024 * 1024;

  private static Request request(Route route, Function<Call, Call> change) {
    Call call = change.apply(Call.of(route.key()));
    return new Request(
        GatewayEvents.read(call.event()),
        route,
        Callers.EDITOR,
        new Cursors(new TestKeys("key"), new TestClock()));
  }

  private static Request post(String body) {
    return request(Route.CREATE_MODEL, call -> call.body(body));
  }

  private static Request list(Function<Call, Call> change) {
    return request(Route.LIST_MODELS, change);
  }

  private static String ofLength(int bytes) {
    return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void readsABodyAsTextAndAsBase64() {
    String body = "{\"a\":\"é😀\"}";
    String encoded = base64(body.getBytes(UTF_8));

    assertThat(post(body).body().text("a", 9)).isEqualTo("é😀");
    assertThat(request(Route.CREATE_MODEL, call -> call.base64(encoded)).body().text("a", 9))
        .isEqualTo("é😀");
  }

  @Test
  void takesAMegabyteAndNotAByteMore() {
    String largest = ofLength(MAX);
    String wide = "{\"a\":\"" + "é".repeat((MAX - 8) / 2) + "\"}";

    assertThat(post(largest).body().text("a", MAX)).hasSize(MAX - 8);
    assertThat(post(wide).body().text("a", MAX)).hasSize((MAX - 8) / 2);
    for (String tooLarge : List.of(ofLength(MAX + 1), wide.replaceFirst("é", "éé"))) {
      assertThat(problemOf(() -> post(tooLarge).body())).isEqualTo(new Problem.TooLarge(MAX));
      String encoded = base64(tooLarge.getBytes(UTF_8));
      assertThat(problemOf(() -> request(Route.CREATE_MODEL, call -> call.base64(encoded)).body()))
          .isEqualTo(new Problem.TooLarge(MAX));
    }
  }

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource({
    "application/json, true",
    "Application/JSON, true",
    "application/json; charset=utf-8, true",
    "application/json;charset=utf-8, true",
    "application/merge-patch+json, true",
    "'', true",
    "text/plain, false",
    "text/json, false",
    "application/x-www-form-urlencoded, false",
    "multipart/form-data; boundary=x, false",
    "application/jsonp, false",
    "application/xml; a=application/json, false",
    "+json, false",
  })
  void takesJsonByItsContentType(String type, boolean good) {
    Request request =
        request(Route.CREATE_MODEL, call -> call.body("{}").header("content-type", type));

    assertThat(isNotJson(request)).isEqualTo(!good);
  }

  private static boolean isNotJson(Request request) {
    try {
      request.body();
      return false;
    } catch (Refused e) {
      assertThat(e.problem()).isEqualTo(new Problem.NotJson());
      return true;
    }
  }

  @Test
  void takesABodyWithoutAContentTypeForJson() {
    assertThat(post("{\"a\":\"b\"}").body().text("a", 9)).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "nul", "{}x", "{\"a\":1e99999999999}"})
  void tellsABodyThatIsNoJson(String body) {
    assertThat(problemOf(() -> post(body).body())).isInstanceOf(Problem.MalformedJson.class);
  }

  @Test
  void tellsAMissingBodyWhateverItsContentType() {
    Request request =
        request(Route.CREATE_MODEL, call -> call.header("content-type", "text/plain"));

    assertThat(problemOf(request::body)).isInstanceOf(Problem.MalformedJson.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"a\"", "5", "1e400", "true"})
  void tellsABodyThatIsNoObject(String body) {
    assertThat(badFields(() -> post(body).body())).containsExactly("wrong_type");
  }

  @Test
  void tellsABodyThatIsNoUtf8() {
    for (byte[] bytes :
        new byte[][] {
          {'"', (byte) 0xff, '"'},
          {'"', (byte) 0xc3, '"'},
          {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
          {'"', (byte) 0xc0, (byte) 0x80, '"'},
        }) {
      String encoded = base64(bytes);
      assertThat(problemOf(() -> request(Route.CREATE_MODEL, call -> call.base64(encoded)).body()))
          .isEqualTo(new Problem.MalformedJson("it is not UTF-8"));
    }
  }

  @Test
  void tellsABodyThatIsNoBase64() {
    assertThat(problemOf(() -> request(Route.CREATE_MODEL, call -> call.base64("a")).body()))
        .isInstanceOf(Problem.MalformedJson.class);
  }

  @ParameterizedTest(name = "limit={0}: {1}")
  @CsvSource({
    "1, 1",
    "100, 100",
    "025, 25",
    "0, -1",
    "101, -1",
    "-5, -1",
    "+5, -1",
    "5.0, -1",
    "٥, -1",
    "５, -1",
    "5 , 5",
    "' 5', -1",
    "'', -1",
    "ten, -1",
    "'5,6', -1",
    "99999999999999999999, -1",
  })
  void readsWholeNumbers(String text, int number) {
    Request request = list(call -> call.query("limit", text));

    if (number >= 0) {
      assertThat(request.number("limit", 1, 100, 25)).isEqualTo(number);
    } else {
      assertThat(problemOf(() -> request.number("limit", 1, 100, 25)))
          .isEqualTo(
              new Problem.InvalidParameter("limit", "It must be a whole number from 1 to 100."));
    }
  }

  @Test
  void readsWords() {
    Function<String, Optional<Integer>> words =
        word -> word.equals("five") ? Optional.of(5) : Optional.empty();

    assertThat(list(call -> call.query("w", "five")).word("w", words, "five")).isEqualTo(5);
    assertThat(list(call -> call).word("w", words, "five")).isNull();
    for (String other : List.of("", "Five", "five,five")) {
      assertThat(problemOf(() -> list(call -> call.query("w", other)).word("w", words, "five")))
          .isEqualTo(new Problem.InvalidParameter("w", "It must be five."));
    }
  }

  @Test
  void pagesHaveTwentyFiveItemsAndBeginAtTheirCursor() {
    assertThat(list(call -> call).page("all")).isEqualTo(new Page.Request(25, null));
    String cursor = list(call -> call).cursor(new Page<>(List.of(), "NAME#a"), "all");

    assertThat(list(call -> call.query("cursor", text(cursor)).query("limit", "7")).page("all"))
        .isEqualTo(new Page.Request(7, "NAME#a"));
    assertThat(problemOf(() -> list(c -> c.query("cursor", text(cursor))).page("other")))
        .isEqualTo(new Problem.InvalidCursor());
    assertThat(
            problemOf(
                () ->
                    request(Route.LIST_CREDENTIALS, c -> c.query("cursor", text(cursor)))
                        .page("all")))
        .isEqualTo(new Problem.InvalidCursor());
    assertThat(list(call -> call).cursor(new Page<>(List.of(), null), "all")).isNull();
  }

  private static String text(@Nullable String cursor) {
    return cursor == null ? "" : cursor;
  }

  @Test
  void knowsTheIdOfThePath() {
    assertThat(request(Route.GET_MODEL, call -> call.id("mdl_1")).id()).isEqualTo("mdl_1");
    assertThat(request(Route.GET_MODEL, call -> call).id()).isEmpty();
  }

  @Test
  void waitsAsLongAsIsPreferred() {
    assertThat(request(Route.GET_PREVIEW, call -> call.header("prefer", "wait=7")).waitSeconds())
        .isEqualTo(7);
    assertThat(request(Route.GET_PREVIEW, call -> call).waitSeconds()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"k", "2f1e7f6e-51bb-4a1b-a6a5-5d4c1b7f7f0e", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"})
  void takesIdempotencyKeys(String key) {
    Request request =
        request(Route.CREATE_MODEL, call -> call.body("{}").header("idempotency-key", key));

    assertThat(request.once())
        .contains(
            new Receipt.Once(
                "POST /models",
                key,
                "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\tb", "é", "a\u007f", "\u0000"})
  void refusesOtherIdempotencyKeys(String key) {
    Request request =
        request(Route.CREATE_MODEL, call -> call.body("{}").header("idempotency-key", key));

    assertThat(problemOf(request::once)).isInstanceOf(Problem.InvalidParameter.class);
  }

  @Test
  void tellsTheSameBodyForAnotherResourceApart() {
    Receipt.Once once = onceOfRestoring("mdl_1");

    assertThat(onceOfRestoring("mdl_1")).isEqualTo(once);
    assertThat(onceOfRestoring("mdl_2").key()).isEqualTo(once.key());
    assertThat(onceOfRestoring("mdl_2").bodyHash()).isNotEqualTo(once.bodyHash());
  }

  private static Receipt.Once onceOfRestoring(String id) {
    return request(Route.RESTORE_MODEL, call -> call.id(id).header("idempotency-key", "k"))
        .once()
        .orElseThrow();
  }

  @Test
  void takesNoBodyWhereNoneIsNeeded() {
    assertThat(request(Route.RESTORE_MODEL, call -> call).optionalBody().has("a")).isFalse();
    assertThat(
            request(Route.RESTORE_MODEL, call -> call.body("{\"a\": 1}")).optionalBody().has("a"))
        .isTrue();
    assertThat(problemOf(() -> request(Route.RESTORE_MODEL, call -> call.body("{")).optionalBody()))
        .isInstanceOf(Problem.MalformedJson.class);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", "absent, false"})
  void readsFlags(String text, boolean flag) {
    Request request =
        request(
            Route.RESTORE_MODEL,
            call -> text.equals("absent") ? call : call.query("validateOnly", text));

    assertThat(request.flag("validateOnly")).isEqualTo(flag);
  }

  @Test
  void boundsIdempotencyKeysAndAsksForThemOnPostAlone() {
    String longest = "k".repeat(255);
    Function<Call, Call> tooLong = call -> call.body("{}").header("idempotency-key", longest + "k");

    assertThat(
            request(Route.CREATE_MODEL, call -> call.body("{}").header("idempotency-key", longest))
                .once())
        .isPresent();
    assertThat(problemOf(() -> request(Route.CREATE_MODEL, tooLong).once()))
        .isInstanceOf(Problem.InvalidParameter.class);
    assertThat(request(Route.LIST_MODELS, tooLong).once()).isEmpty();
    assertThat(request(Route.CREATE_MODEL, call -> call.body("{}")).once()).isEmpty();
  }

  @ParameterizedTest(name = "If-Match: {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"3\" | 3",
        "\"3\", \"5\" | 3 5",
        "W/\"3\" | none",
        "W/\"3\", \"5\" | 5",
        "\"abc\" | none",
        "\"\" | none",
        "* | any",
        "3 | bad",
        "\"3 | bad",
        "\"3\", | bad",
        "\"3\", * | bad",
        "'' | bad",
      })
  void readsWhichVersionsTheCallerKnows(String header, String versions) {
    Request request = request(Route.GET_MODEL, call -> call.header("if-match", header));

    if (versions.equals("bad")) {
      assertThat(problemOf(request::ifMatch)).isInstanceOf(Problem.InvalidParameter.class);
      return;
    }
    for (long version = 0; version < 9; version++) {
      boolean good = versions.equals("any") || versions.contains(Long.toString(version));
      assertThat(takes(request.ifMatch(), version)).isEqualTo(good);
    }
    assertThat(takes(request(Route.GET_MODEL, call -> call).ifMatch(), 7)).isTrue();
  }

  private static boolean takes(IfMatch ifMatch, long version) {
    try {
      ifMatch.check(version);
      return true;
    } catch (Refused e) {
      assertThat(e.problem()).isEqualTo(new Problem.VersionConflict());
      return false;
    }
  }

  @Test
  void fieldsOfABodyAreClosed() {
    Fields fields = post("{\"a\":1,\"b\":2}").body();
    fields.integer("a", 1, 9, 5);

    assertThat(badFields(fields::end)).containsExactly("b unknown");
  }
}
