package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFrontTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static HttpFront front;

  @BeforeAll
  static void start() throws Exception {
    Path file = Path.of(HttpFrontTest.class.getResource("template.yaml").toURI());
    Template template = Template.read(file);
    front =
        HttpFront.start(
            0,
            template,
            Functions.of(template, Map.of("TABLE_NAME", "local-table")),
            Set.of("https://app.example.com"));
  }

  @AfterAll
  static void stop() {
    front.close();
  }

  @Test
  void makesTheEventOfARequest() throws Exception {
    Map<String, Object> event =
        event(
            request("/things/caf%C3%A9%201?a=1&b=x%20y&a=2+3&flag")
                .header("Authorization", "good")
                .header("X-Twice", "one")
                .header("X-Twice", "two")
                .header("Cookie", "k=v; l=w")
                .header("User-Agent", "test"));

    assertThat(event)
        .containsEntry("version", "2.0")
        .containsEntry("routeKey", "GET /things/{id}")
        .containsEntry("rawPath", "/things/café 1")
        .containsEntry("rawQueryString", "a=1&b=x%20y&a=2+3&flag")
        .containsEntry("cookies", List.of("k=v", "l=w"))
        .containsEntry("queryStringParameters", Map.of("a", "1,2 3", "b", "x y", "flag", ""))
        .containsEntry("pathParameters", Map.of("id", "café 1"))
        .containsEntry("isBase64Encoded", false)
        .doesNotContainKey("body");
    assertThat(map(event, "headers"))
        .containsEntry("x-twice", "one,two")
        .containsEntry("authorization", "good")
        .doesNotContainKey("cookie");
    Map<String, Object> context = map(event, "requestContext");
    assertThat(context)
        .containsEntry("routeKey", "GET /things/{id}")
        .containsEntry("stage", "$default")
        .containsEntry("apiId", "local")
        .containsKeys("accountId", "domainName", "requestId", "timeEpoch");
    assertThat(String.valueOf(context.get("time")))
        .matches("\\d\\d/[A-Z][a-z][a-z]/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
    assertThat(map(context, "http"))
        .containsEntry("method", "GET")
        .containsEntry("path", "/things/café 1")
        .containsEntry("protocol", "HTTP/1.1")
        .containsEntry("sourceIp", "127.0.0.1")
        .containsEntry("userAgent", "test");
    assertThat(map(map(context, "authorizer"), "lambda")).containsEntry("workspace", "w1");
  }

  @Test
  void leavesOutWhatARequestDoesNotHave() throws Exception {
    assertThat(event(request("/health")))
        .containsEntry("rawQueryString", "")
        .doesNotContainKeys("queryStringParameters", "pathParameters", "cookies", "body")
        .extracting("requestContext")
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .doesNotContainKey("authorizer");
  }

  @Test
  void asksTheAuthorizerWithARequestOfItsOwn() throws Exception {
    Map<String, Object> event = event(request("/things?a=1").header("Authorization", "good"));
    Map<String, Object> asked =
        map(map(map(map(event, "requestContext"), "authorizer"), "lambda"), "asked");

    assertThat(asked)
        .containsEntry("version", "2.0")
        .containsEntry("type", "REQUEST")
        .containsEntry("routeKey", "GET /things")
        .containsEntry("identitySource", List.of("good"))
        .containsEntry("queryStringParameters", Map.of("a", "1"))
        .doesNotContainKeys("body", "isBase64Encoded");
    assertThat(String.valueOf(asked.get("routeArn"))).endsWith("/$default/GET/things");
  }

  @ParameterizedTest
  @CsvSource({
    "bad,  403, Forbidden",
    "odd,  500, Internal Server Error",
    "boom, 500, Internal Server Error",
  })
  void refusesWhomTheAuthorizerDoesNotLetIn(String token, int status, String message)
      throws Exception {
    var answer = send(request("/things").header("Authorization", token));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo("{\"message\":\"%s\"}", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void refusesARequestWithoutAuthorizationByItself(String method) throws Exception {
    var answer = send(request("/things").method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /things,              GET /things",
    "POST,   /things,              POST /things",
    "GET,    /things/1,            GET /things/{id}",
    "GET,    /things/special,      ANY /things/special",
    "PUT,    /things/special,      ANY /things/special",
    "GET,    /things/1/parts/2,    GET /things/{id}/parts/{part}",
    "GET,    /things/,             $default",
    "GET,    /things//parts/2,     $default",
    "GET,    /things/a%2Fb,        $default",
    "DELETE, /things,              $default",
    "BREW,   /things,              $default",
    "GET,    /,                    $default",
    "GET,    /nowhere/at/all,      $default",
  })
  void findsTheMostSpecificRoute(String method, String path, String routeKey) throws Exception {
    assertThat(
            event(
                request(path)
                    .header("Authorization", "good")
                    .method(method, BodyPublishers.noBody())))
        .containsEntry("routeKey", routeKey);
  }

  @ParameterizedTest
  @CsvSource({
    "application/json",
    "application/json; charset=utf-8",
    "application/merge-patch+json",
    "text/plain",
  })
  void givesATextBodyAsText(String type) throws Exception {
    var body = BodyPublishers.ofString("{\"a\":\"ü\"}");

    assertThat(event(request("/open").header("Content-Type", type).POST(body)))
        .containsEntry("body", "{\"a\":\"ü\"}")
        .containsEntry("isBase64Encoded", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/octet-stream", "application/x-www-form-urlencoded", ""})
  void givesAnyOtherBodyInBase64(String type) throws Exception {
    HttpRequest.Builder request = request("/open").POST(BodyPublishers.ofString("a=1"));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }

    assertThat(event(request))
        .containsEntry("body", Base64.getEncoder().encodeToString("a=1".getBytes(UTF_8)))
        .containsEntry("isBase64Encoded", true);
  }

  @Test
  void givesJsonThatIsNoUtf8InBase64() throws Exception {
    byte[] latin = {'"', (byte) 0xfc, '"'};

    assertThat(
            event(
                request("/open")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(latin))))
        .containsEntry("body", Base64.getEncoder().encodeToString(latin));
  }

  @Test
  void sendsWhatTheFunctionAnswers() throws Exception {
    var answer =
        answer(
            """
            {"statusCode": 201, "headers": {"Location": "/things/1", "ETag": "\\"1\\""},
             "cookies": ["a=1", "b=2"], "body": "aGk=", "isBase64Encoded": true}
            """);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("hi");
    assertThat(answer.headers().firstValue("location")).contains("/things/1");
    assertThat(answer.headers().firstValue("etag")).contains("\"1\"");
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
  }

  @Test
  void sendsNoBodyWithoutOne() throws Exception {
    var answer = answer("{\"statusCode\": 204}");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("content-type")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "throw",
        "",
        "no json",
        "[]",
        "{}",
        "{\"statusCode\":\"200\"}",
        "{\"statusCode\":42}",
        "{\"statusCode\":200,\"body\":{}}",
        "{\"statusCode\":200,\"body\":\"*\",\"isBase64Encoded\":true}",
        "{\"statusCode\":200,\"headers\":{\"a\":\"b\\r\\nc: d\"}}",
      })
  void answersAFaultOfTheFunctionWith500(String said) throws Exception {
    var answer = answer(said);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void takesTenMebibytesAndNotOneByteMore() throws Exception {
    byte[] most = new byte[10 * 1024 * 1024];

    assertThat(send(request("/open").POST(BodyPublishers.ofByteArray(most))).statusCode())
        .isEqualTo(200);
    byte[] more = new byte[most.length + 1];
    var answer = send(request("/open").POST(BodyPublishers.ofByteArray(more)));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Request Too Long\"}");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var answer = send(request("/health").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /things/%zz HTTP/1.1",
        "GET /things/% HTTP/1.1",
        "GET /a b HTTP/1.1",
        "GET //// HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET /health?%zz HTTP/1.1",
        "GET /\u0000 HTTP/1.1",
        "NONSENSE",
      })
  void survivesAnOddRequestLine(String line) throws Exception {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), front.url().getPort())) {
      socket
          .getOutputStream()
          .write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }

    assertThat(send(request("/health")).statusCode()).isEqualTo(200);
  }

  @Test
  void keepsAConnectionForTheNextRequest() throws Exception {
    String request = "GET /health HTTP/1.1\r\nHost: x\r\n%s\r\n";
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), front.url().getPort())) {
      socket.getOutputStream().write(request.formatted("").getBytes(UTF_8));
      socket.getOutputStream().write(request.formatted("Connection: close\r\n").getBytes(UTF_8));
      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(3);
    }
  }

  @Test
  void tellsTheFunctionItsContextAndEnvironment() throws Exception {
    Map<String, Object> seen =
        JSON.std.mapFrom(send(request("/things").header("Authorization", "good")).body());

    assertThat(seen).containsEntry("function", "Echo");
    assertThat(seen.get("requestId"))
        .isEqualTo(map(map(seen, "event"), "requestContext").get("requestId"));
    assertThat(seen.get("remaining"))
        .asInstanceOf(InstanceOfAssertFactories.INTEGER)
        .isBetween(20_000, 29_000);
    assertThat(map(seen, "environment"))
        .isEqualTo(Map.of("TABLE_NAME", "local-table", "LEVEL", "debug", "WORKER", "Worker"));
  }

  @Test
  void saysSoWhenItsPortIsTaken() throws IOException {
    int taken = front.url().getPort();
    Template none =
        new Template(Map.of(), Map.of(), List.of(), List.of(), TemplateValue.NONE, Map.of());

    assertThatThrownBy(() -> HttpFront.start(taken, none, Functions.of(none, Map.of()), Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("Port %d is in use by another program", taken);
  }

  private static HttpResponse<String> answer(String said) throws Exception {
    return send(
        request("/answer")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(said.isEmpty() ? " " : said)));
  }

  private static Map<String, Object> event(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return map(JSON.std.mapFrom(answer.body()), "event");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(front.url() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  @SuppressWarnings("unchecked") // JSON's objects are maps by text.
  private static Map<String, Object> map(Map<String, Object> in, String name) {
    return (Map<String, Object>) Objects.requireNonNull(in.get(name), name);
  }
}
