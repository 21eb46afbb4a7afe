package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static final String APP = "https://app.example.com";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static HttpFront open;
  private static HttpFront closed;

  @BeforeAll
  static void start() throws Exception {
    open = front(Set.of(APP, "http://localhost:5173"));
    closed = front(Set.of());
  }

  private static HttpFront front(Set<String> origins) throws Exception {
    Path file = Path.of(CorsTest.class.getResource("template.yaml").toURI());
    Template template = Template.read(file);
    Functions functions = Functions.of(template, Map.of("TABLE_NAME", "local-table"));
    return HttpFront.start(0, template, functions, origins);
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
  }

  private static HttpResponse<String> send(HttpFront front, String method, String origin)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(front.url() + "/health"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Origin", origin);
    if (method.equals("OPTIONS")) {
      request.header("Access-Control-Request-Method", "GET");
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {APP, "http://localhost:5173"})
  void answersThePreflightOfAnAllowedPageByTheTemplate(String origin) throws Exception {
    HttpResponse<String> answer = send(open, "OPTIONS", origin);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo(origin);
    assertThat(header(answer, "access-control-allow-methods")).isEqualTo("GET,POST");
    assertThat(header(answer, "access-control-allow-headers"))
        .isEqualTo("authorization,content-type");
    assertThat(header(answer, "access-control-max-age")).isEqualTo("600");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", APP + ".evil.example", "http://app.example.com", "null"})
  void allowsNoOtherPage(String origin) throws Exception {
    for (String method : new String[] {"OPTIONS", "GET"}) {
      assertThat(header(send(open, method, origin), "access-control-allow-origin"))
          .isEqualTo("none");
    }
  }

  @Test
  void anAnswerTellsThePageThatItMayReadIt() throws Exception {
    HttpResponse<String> answer = send(open, "GET", APP);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo(APP);
    assertThat(header(answer, "access-control-expose-headers")).isEqualTo("etag");
  }

  /** As where the parameter is empty: then the request is one like any other. */
  @Test
  void answersNoPreflightWhereNoPageMayCall() throws Exception {
    HttpResponse<String> answer = send(closed, "OPTIONS", APP);

    assertThat(answer.body()).contains("$default");
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo("none");
  }
}
