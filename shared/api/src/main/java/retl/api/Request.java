package retl.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.api.json.Json;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.IfMatch;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;

/**
 * A call of one route, with whatever of it may be used: parameters are checked as they are read.
 */
public final class Request {
  private static final int MAX_BODY = 1024 * 1024;
  private static final int DEFAULT_LIMIT = 25;
  private static final int MAX_LIMIT = 100;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"([^\"\\x00-\\x20\\x7f]*)\"");
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}");

  private final APIGatewayV2HTTPEvent event;
  private final Route route;
  private final Caller caller;
  private final Cursors cursors;

  Request(APIGatewayV2HTTPEvent event, Route route, Caller caller, Cursors cursors) {
    this.event = event;
    this.route = route;
    this.caller = caller;
    this.cursors = cursors;
  }

  public Route route() {
    return route;
  }

  public Caller caller() {
    return caller;
  }

  /** The {@code {id}} of the path. */
  public String id() {
    return inPath("id");
  }

  /** What stands in the path at this name; empty when the route has no such name. */
  public String inPath(String name) {
    Map<String, String> parameters = event.getPathParameters();
    return Objects.requireNonNullElse(parameters == null ? null : parameters.get(name), "");
  }

  /**
   * The body's fields; refused when it is too large, not JSON by its content type, malformed, or no
   * object.
   */
  public Fields body() {
    return Fields.of(Json.parse(bodyText()));
  }

  /** The body's fields, or none when there is no body. */
  public Fields optionalBody() {
    return bodyBytes().length == 0 ? Fields.of(Map.of()) : body();
  }

  private String bodyText() {
    byte[] bytes = bodyBytes();
    if (bytes.length > MAX_BODY) {
      throw new Refused(new Problem.TooLarge(MAX_BODY));
    }
    if (bytes.length > 0 && !isJson(header("content-type").orElse("application/json"))) {
      throw new Refused(new Problem.NotJson());
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(new Problem.MalformedJson("it is not UTF-8"));
    }
  }

  private byte[] bodyBytes() {
    String body = Objects.requireNonNullElse(event.getBody(), "");
    if (!event.getIsBase64Encoded()) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new Refused(new Problem.MalformedJson("it is not Base64"));
    }
  }

  private static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return type.isEmpty()
        || type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  /** A header by its lower-case name. */
  public Optional<String> header(String name) {
    Map<String, String> headers = event.getHeaders();
    return Optional.ofNullable(headers == null ? null : headers.get(name));
  }

  /** A query parameter; null when it is absent. */
  public @Nullable String parameter(String name) {
    Map<String, String> parameters = event.getQueryStringParameters();
    return parameters == null ? null : parameters.get(name);
  }

  /** A whole number in a query parameter, within bounds that are both allowed. */
  public int number(String name, int min, int max, int absent) {
    String text = parameter(name);
    if (text == null) {
      return absent;
    }
    // Java would take a sign and the digits of other scripts as well.
    if (NUMBER.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new Refused(
        new Problem.InvalidParameter(
            name, "It must be a whole number from " + min + " to " + max + "."));
  }

  /** A query parameter that must be {@code true} or {@code false}; false when it is absent. */
  public boolean flag(String name) {
    Boolean flag =
        word(
            name,
            text ->
                switch (text) {
                  case "true" -> Optional.of(true);
                  case "false" -> Optional.of(false);
                  default -> Optional.empty();
                },
            "true or false");
    return flag != null && flag;
  }

  /** A query parameter that must be one of some words; null when it is absent. */
  public <T> @Nullable T word(String name, Function<String, Optional<T>> words, String allowed) {
    String text = parameter(name);
    return text == null
        ? null
        : words
            .apply(text)
            .orElseThrow(
                () ->
                    new Refused(new Problem.InvalidParameter(name, "It must be " + allowed + ".")));
  }

  /**
   * Which page of a list is wanted.
   *
   * @param filter everything that narrows the list; a cursor is good only for the filter that it
   *     was made for
   */
  public Page.Request page(Object filter) {
    String cursor = parameter("cursor");
    return new Page.Request(
        number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT),
        cursor == null ? null : cursors.open(cursor, caller.workspace(), scope(filter)));
  }

  /** The cursor for the page after this one; null when this is the last. */
  public @Nullable String cursor(Page<?> page, Object filter) {
    String next = page.next();
    return next == null ? null : cursors.seal(next, caller.workspace(), scope(filter));
  }

  private String scope(Object filter) {
    return route.key() + "?" + filter;
  }

  /**
   * For how many seconds the caller would wait for a job to end, 0–20: {@code Prefer: wait=N} of
   * RFC 7240.
   */
  public int waitSeconds() {
    return Prefer.waitSeconds(header("prefer").orElse(""));
  }

  /**
   * Which versions of the resource the caller would change: {@code If-Match} of RFC 9110. A weak
   * tag names no version, since ours are strong; so a list of nothing but weak tags never matches.
   */
  public IfMatch ifMatch() {
    String header = header("if-match").map(String::strip).orElse(null);
    if (header == null) {
      return IfMatch.NONE;
    }
    if (header.equals("*")) {
      return new IfMatch(true, true, Set.of());
    }
    Set<Long> versions = new HashSet<>();
    for (String tag : header.split(",", -1)) {
      Matcher matcher = ENTITY_TAG.matcher(tag.strip());
      if (!matcher.matches()) {
        throw new Refused(
            new Problem.InvalidParameter(
                "If-Match", "It must be an ETag of ours, such as \"3\", or *."));
      }
      if (matcher.group(1) == null && VERSION.matcher(matcher.group(2)).matches()) {
        versions.add(Long.valueOf(matcher.group(2)));
      }
    }
    return new IfMatch(true, false, versions);
  }

  /** Which request this is, when the client gave it an {@code Idempotency-Key}. */
  Optional<Receipt.Once> once() {
    return route.method().equals("POST")
        ? header("idempotency-key").map(key -> once(checkedKey(key)))
        : Optional.empty();
  }

  // Where the path names a resource, the same body for another one is another request.
  private Receipt.Once once(String key) {
    String resource = route.path().contains("{") ? event.getRawPath() + "\n" : "";
    return new Receipt.Once(route.key(), key, Response.sha256(resource + bodyText()));
  }

  private static String checkedKey(String key) {
    boolean isGood =
        !key.isEmpty() && key.length() <= 255 && key.chars().allMatch(c -> c > ' ' && c < 127);
    if (!isGood) {
      throw new Refused(
          new Problem.InvalidParameter(
              "Idempotency-Key", "It must be 1 to 255 visible ASCII characters."));
    }
    return key;
  }

  /** Makes the receipts for what this request makes, from the answer that it will be given. */
  public <T> Receipt.Writer<T> receipts(Function<T, Response> answer) {
    Receipt.Once once = once().orElse(null);
    if (once == null) {
      return Receipt.Writer.none();
    }
    return new Receipt.Writer<>() {
      @Override
      public Receipt.Once once() {
        return once;
      }

      @Override
      public Receipt receiptOf(T made) {
        Response response = answer.apply(made);
        return new Receipt(once, response.status(), response.headers(), response.body());
      }
    };
  }
}
