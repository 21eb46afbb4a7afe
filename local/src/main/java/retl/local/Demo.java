package retl.local;

import com.fasterxml.jackson.jr.ob.JSON;
import com.github.freva.asciitable.AsciiTable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The README's quickstart, step by step against a running service, as a caller outside would do it.
 * It ends at the first step that does not hold.
 */
final class Demo {
  private static final String QUERY =
      """
      -- what our customers are worth, by country
      select country, count(*) as customers, sum(lifetime_value) as value
      from analytics.customer_ltv
      group by country
      order by value desc; -- the best first
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;
  private final String token;
  private final PrintStream out;

  Demo(URI url, String token, PrintStream out) {
    this.url = url;
    this.token = token;
    this.out = out;
  }

  /**
   * Runs all steps.
   *
   * @param sample the sample warehouse's {@code warehouse}, {@code settings} and {@code secret}
   * @throws Failed at the first step that does not hold; its message says which and why
   */
  void run(Map<String, Object> sample) throws IOException, InterruptedException {
    String credential = storeCredentials(sample);
    validate(credential);
    Map<?, ?> preview = runQuery(credential);
    refuseWrite(credential);
    String model = saveModel(credential, text(preview, "id"));
    readBack(model);
  }

  private String storeCredentials(Map<String, Object> sample)
      throws IOException, InterruptedException {
    step("Store the credentials of the sample warehouse");
    Map<String, Object> body = new LinkedHashMap<>(sample);
    body.put("name", "Sample warehouse");
    body.put("skipValidation", true);
    Map<?, ?> credential = call("POST", "/credentials", body, 201);
    out.println("  " + text(credential, "id") + ", status " + text(credential, "status"));
    return text(credential, "id");
  }

  private void validate(String credential) throws IOException, InterruptedException {
    step("Validate them: three checks");
    Map<?, ?> validation = call("POST", "/validations", Map.of("credentialId", credential), 200);
    for (Object each : list(validation, "checks")) {
      Map<?, ?> check = (Map<?, ?>) each;
      out.println("  %-36s %s".formatted(text(check, "title"), text(check, "status")));
    }
    require(text(validation, "status").equals("passed"), "the validation passed");
  }

  private Map<?, ?> runQuery(String credential) throws IOException, InterruptedException {
    step("Run a query with comments and a semicolon, and look at the first rows");
    Map<?, ?> preview =
        call("POST", "/previews", Map.of("credentialId", credential, "sql", QUERY), 200);
    require(text(preview, "status").equals("completed"), "the preview completed");
    String[] header =
        list(preview, "columns").stream()
            .map(column -> text((Map<?, ?>) column, "name"))
            .toArray(String[]::new);
    Object[][] rows =
        list(preview, "rows").stream()
            .map(row -> ((List<?>) row).toArray())
            .toArray(Object[][]::new);
    out.println(
        AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, header, null, rows)
            .indent(2)
            .stripTrailing());
    require(rows.length > 0, "the preview has rows");
    Map<?, ?> next =
        call("GET", "/previews/" + text(preview, "id") + "?page=2&pageSize=5", null, 200);
    require(list(next, "rows").size() <= 5, "a page has the size that was asked for");
    return preview;
  }

  private void refuseWrite(String credential) throws IOException, InterruptedException {
    step("Try to write: the query is refused before it reaches the warehouse");
    Map<?, ?> problem =
        call(
            "POST",
            "/previews",
            Map.of("credentialId", credential, "sql", "select 1; drop table shop.customers"),
            422);
    out.println("  " + text(problem, "code") + ": " + text(problem, "detail"));
    require(text(problem, "code").equals("unsafe_query"), "the refusal says why");
  }

  private String saveModel(String credential, String preview)
      throws IOException, InterruptedException {
    step("Save it as a model, verified by that run");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", "Value by country");
    body.put("credentialId", credential);
    body.put("sql", QUERY);
    body.put("previewId", preview);
    body.put("primaryKey", List.of("country"));
    Map<?, ?> model = call("POST", "/models", body, 201);
    out.println("  " + text(model, "id") + ", revision " + model.get("revision"));
    require(model.get("verified") != null, "the model is verified");
    return text(model, "id");
  }

  private void readBack(String model) throws IOException, InterruptedException {
    step("Read it back: the query is byte for byte what was saved");
    require(
        text(call("GET", "/models/" + model, null, 200), "sql").equals(QUERY), "the same query");
    List<?> found = list(call("GET", "/models?search=value", null, 200), "items");
    require(found.size() == 1, "the search finds it");
    out.println("  found by the search for \"value\"");
  }

  private void step(String what) {
    out.println("\n> " + what);
  }

  private static void require(boolean held, String what) {
    if (!held) {
      throw new Failed("It did not hold that " + what + ".");
    }
  }

  private Map<?, ?> call(String method, String path, @Nullable Object body, int expected)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher content =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(JSON.std.asString(body));
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=20")
                .method(method, content)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    out.println("  " + method + " " + path + " -> " + response.statusCode());
    if (response.statusCode() != expected) {
      throw new Failed(
          "%s %s answered %d instead of %d: %s"
              .formatted(method, path, response.statusCode(), expected, response.body()));
    }
    return JSON.std.mapFrom(response.body());
  }

  private static String text(Map<?, ?> object, String field) {
    return Objects.toString(object.get(field), "");
  }

  private static List<?> list(Map<?, ?> object, String field) {
    return object.get(field) instanceof List<?> list ? list : List.of();
  }

  /** A step that did not hold. */
  static final class Failed extends RuntimeException {
    Failed(String message) {
      super(message);
    }
  }
}
