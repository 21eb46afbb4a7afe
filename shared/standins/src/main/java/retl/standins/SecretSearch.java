package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Filters, order and pages of ListSecrets and BatchGetSecretValue. */
final class SecretSearch {
  private static final Comparator<Secret> OLDEST_FIRST =
      Comparator.comparing(Secret::created).thenComparing(Secret::name);

  private SecretSearch() {}

  /** ListSecrets: newest first unless asked otherwise. */
  static Map<String, Object> list(
      Collection<Secret> secrets, Fields in, Function<Secret, Map<String, Object>> row) {
    boolean planned = in.flag("IncludePlannedDeletion");
    boolean ascending = in.optionalText("SortOrder", 4).orElse("desc").equals("asc");
    Stream<Secret> found =
        secrets.stream()
            .filter(secret -> planned || !secret.scheduledForDeletion())
            .filter(filters(in));
    Page page = page(found, ascending ? OLDEST_FIRST : OLDEST_FIRST.reversed(), in, 100);
    return page.answer("SecretList", page.secrets().stream().map(row).toList());
  }

  /** BatchGetSecretValue: by list or by filters; what cannot be read stands under Errors. */
  static Map<String, Object> values(
      Collection<Secret> secrets, Fields in, Function<String, Map<String, Object>> value) {
    if (in.has("SecretIdList") == in.has("Filters")) {
      throw AwsError.invalidParameter("Either SecretIdList or Filters must be given.");
    }
    if (in.has("SecretIdList")) {
      return values(new Page(List.of(), Optional.empty()), ids(in), value);
    }
    Stream<Secret> found =
        secrets.stream().filter(secret -> !secret.scheduledForDeletion()).filter(filters(in));
    Page page = page(found, OLDEST_FIRST.reversed(), in, 20);
    return values(page, page.secrets().stream().map(Secret::name).toList(), value);
  }

  private static Map<String, Object> values(
      Page page, List<String> ids, Function<String, Map<String, Object>> value) {
    List<Map<String, Object>> values = new ArrayList<>();
    List<Map<String, Object>> errors = new ArrayList<>();
    for (String id : ids) {
      try {
        values.add(value.apply(id));
      } catch (AwsError e) {
        errors.add(
            Map.of(
                "SecretId", id, "ErrorCode", e.type(), "Message", String.valueOf(e.getMessage())));
      }
    }
    Map<String, Object> answer = page.answer("SecretValues", values);
    answer.put("Errors", errors);
    return answer;
  }

  private static List<String> ids(Fields in) {
    List<String> ids = in.texts("SecretIdList");
    if (ids.isEmpty() || ids.size() > 20) {
      throw Fields.invalid("secretIdList", "must have 1 to 20 items");
    }
    if (in.has("MaxResults")) {
      throw AwsError.invalidParameter("MaxResults goes with Filters only.");
    }
    return ids;
  }

  /** Every filter must hold; of a filter's values, one must. */
  private static Predicate<Secret> filters(Fields in) {
    Predicate<Secret> all = secret -> true;
    for (Fields filter : in.objects("Filters")) {
      String key = filter.text("Key", 64);
      Predicate<Secret> any = secret -> false;
      for (String value : filter.texts("Values")) {
        any = any.or(filter(key, value));
      }
      all = all.and(any);
    }
    return all;
  }

  /** A leading exclamation mark turns a value round. */
  private static Predicate<Secret> filter(String key, String value) {
    if (value.startsWith("!")) {
      return filter(key, value.substring(1)).negate();
    }
    return switch (key) {
      case "name" -> secret -> secret.name().startsWith(value);
      case "description" -> secret -> startsWithIgnoringCase(secret.description(), value);
      case "tag-key" -> secret -> secret.tags().keySet().stream().anyMatch(starting(value));
      case "tag-value" -> secret -> secret.tags().values().stream().anyMatch(starting(value));
      default -> throw AwsError.invalidParameter("The stand-in lacks the filter " + key);
    };
  }

  private static Predicate<String> starting(String prefix) {
    return text -> text.startsWith(prefix);
  }

  private static boolean startsWithIgnoringCase(@Nullable String text, String prefix) {
    return text != null
        && text.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT));
  }

  /** One page, and the token of the next one when there is one. */
  private record Page(List<Secret> secrets, Optional<String> next) {
    Map<String, Object> answer(String key, List<?> rows) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put(key, rows);
      next.ifPresent(token -> answer.put("NextToken", token));
      return answer;
    }
  }

  private static Page page(Stream<Secret> found, Comparator<Secret> order, Fields in, int most) {
    int size = in.number("MaxResults").orElse(most);
    if (size < 1 || size > most) {
      throw Fields.invalid("maxResults", "must be 1 to " + most);
    }
    Predicate<Secret> later =
        in.optionalText("NextToken", 4096).map(t -> after(t, order, in)).orElse(s -> true);
    List<Secret> rest = found.filter(later).sorted(order).toList();
    return rest.size() <= size
        ? new Page(rest, Optional.empty())
        : new Page(rest.subList(0, size), Optional.of(token(rest.get(size - 1), in)));
  }

  /**
   * Holds the place of the last secret shown, so that the next page begins right after it even when
   * it is gone by then, and the request's filters, so that a token of another search is refused.
   */
  private static String token(Secret last, Fields in) {
    String text = search(in) + "|" + last.created() + "|" + last.name();
    return Base64.getUrlEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Predicate<Secret> after(String token, Comparator<Secret> order, Fields in) {
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(token), UTF_8).split("\\|", 3);
      if (parts.length == 3 && parts[0].equals(search(in))) {
        Secret last = place(Instant.parse(parts[1]), parts[2]);
        return secret -> order.compare(secret, last) > 0;
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw AwsError.client("InvalidNextTokenException", "The NextToken value is garbled.");
    }
    throw AwsError.client("InvalidNextTokenException", "The NextToken value is of another search.");
  }

  /** Only what the order looks at. */
  private static Secret place(Instant created, String name) {
    return new Secret(name, "", null, null, Map.of(), List.of(), created, created, null, null);
  }

  private static String search(Fields in) {
    return Integer.toHexString(
        List.of(
                String.valueOf(in.values().get("Filters")),
                in.optionalText("SortOrder", 4),
                in.flag("IncludePlannedDeletion"))
            .hashCode());
  }
}
