import com.fasterxml.jackson.jr.ob.JSON;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What a preview through the local API takes beyond the same query over bare JDBC: connecting, running and reading 50
 * rows, the two in turn, medians. Run it with benchmarks/preview-latency while ./dev runs.
 */
public final class PreviewLatency {
  private static final String QUERY = "SELECT * FROM analytics.customer_ltv ORDER BY 1 LIMIT 50";

  public static void main(String[] args) throws Exception {
    int runs = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    Map<String, Object> dev = JSON.std.mapFrom(Files.readString(Path.of(args[0], "dev.json")));
    Api api = new Api(dev);
    String credential = api.credential((Map<?, ?>) dev.get("sampleWarehouse"));
    Bare bare = new Bare((Map<?, ?>) dev.get("sampleWarehouse"));
    for (int i = 0; i < 10; i++) {
      api.preview(credential);
      bare.run();
    }
    List<Double> overApi = new ArrayList<>();
    List<Double> overJdbc = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      overApi.add(millis(() -> api.preview(credential)));
      overJdbc.add(millis(bare::run));
    }
    System.out.printf(
        "runs %d, median ms: preview %.1f, bare JDBC %.1f, difference %.1f%n",
        runs, median(overApi), median(overJdbc), median(overApi) - median(overJdbc));
  }

  private static double millis(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  interface Work {
    void run() throws Exception;
  }

  /** The query as any JDBC program would run it, on a connection of its own. */
  private record Bare(Map<?, ?> sample) {
    void run() throws Exception {
      Map<?, ?> settings = (Map<?, ?>) sample.get("settings");
      Properties properties = new Properties();
      properties.setProperty("user", (String) settings.get("user"));
      properties.setProperty("password", (String) ((Map<?, ?>) sample.get("secret")).get("password"));
      properties.setProperty("sslmode", "disable");
      String url =
          "jdbc:postgresql://%s:%s/%s"
              .formatted(settings.get("host"), settings.get("port"), settings.get("database"));
      try (Connection connection = DriverManager.getConnection(url, properties);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(QUERY)) {
        while (rows.next()) {
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            rows.getString(i);
          }
        }
      }
    }
  }

  /** The API as a client outside sees it. */
  private static final class Api {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    Api(Map<String, Object> dev) {
      this.url = (String) dev.get("url");
      Map<?, ?> workspace = (Map<?, ?>) ((List<?>) dev.get("workspaces")).getFirst();
      this.token = (String) ((Map<?, ?>) workspace.get("tokens")).get("admin");
    }

    String credential(Map<?, ?> sample) throws Exception {
      Map<String, Object> body = new java.util.LinkedHashMap<>();
      sample.forEach((key, value) -> body.put((String) key, value));
      body.put("name", "Benchmark " + System.nanoTime());
      body.put("skipValidation", true);
      return (String) post("/credentials", body).get("id");
    }

    void preview(String credential) throws Exception {
      Map<?, ?> preview =
          post("/previews?pageSize=50", Map.of("credentialId", credential, "sql", QUERY));
      if (!"completed".equals(preview.get("status"))) {
        throw new IllegalStateException("The preview did not complete: " + preview);
      }
    }

    private Map<String, Object> post(String path, Map<String, Object> body) throws Exception {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url + path))
                  .header("Authorization", "Bearer " + token)
                  .header("Prefer", "wait=20")
                  .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(body)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return JSON.std.mapFrom(response.body());
    }
  }
}
