package retl.warehouse.redshift;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import retl.core.credential.RedshiftSettings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * STS, Redshift and Redshift Serverless on loopback, in the shapes in which AWS documents its
 * answers: one role, one cluster and one workgroup.
 */
final class IamStandIn implements AutoCloseable {
  static final String ROLE = "arn:aws:iam::210987654321:role/reader";
  static final String PRINCIPAL = "arn:aws:iam::123456789012:root";
  static final String CLUSTER = "shop";
  static final String WORKGROUP = "shop-serverless";
  static final String OUR_KEY = "AKIAOURS";
  static final String ROLES_KEY = "ASIAOFTHEROLE";

  /** What an answer has that must never be seen anywhere else. */
  static final String SESSION_TOKEN = "s3ssion-token-of-the-role";

  private final HttpServer server;
  private final Map<String, Answering> answers = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /** What was called, as whom, and with what. */
  record Call(String action, String accessKey, Map<String, String> fields, String body) {
    String field(String name) {
      return Objects.requireNonNullElse(fields.get(name), "");
    }
  }

  /** An answer. */
  record Answer(int status, String contentType, String body, @Nullable String location) {
    static Answer xml(int status, String body) {
      return new Answer(status, "text/xml", body, null);
    }

    static Answer json(int status, String body) {
      return new Answer(status, "application/x-amz-json-1.1", body, null);
    }
  }

  /** Makes an answer, or writes one by itself and gives null. */
  @FunctionalInterface
  interface Answering {
    @Nullable Answer answer(Call call, HttpExchange exchange) throws IOException;
  }

  /**
   * @param trust which external ids the role's trust policy takes
   * @param user whom the database knows under the password
   */
  IamStandIn(Predicate<String> trust, String user, String password) {
    on(
        "AssumeRole",
        (call, exchange) ->
            trust.test(call.field("ExternalId"))
                ? role()
                : error(403, "AccessDenied", "User: " + PRINCIPAL + " is not authorized"));
    on(
        "GetClusterCredentials",
        (call, exchange) ->
            call.field("ClusterIdentifier").equals(CLUSTER)
                ? cluster(user, password)
                : error(404, "ClusterNotFound", "Cluster not found."));
    on(
        "RedshiftServerless.GetCredentials",
        (call, exchange) ->
            call.body().contains("\"workgroupName\":\"" + WORKGROUP + "\"")
                ? Answer.json(
                    200,
                    """
                    {"dbUser":"%s","dbPassword":"%s","expiration":1.9E9,"nextRefreshTime":1.9E9}"""
                        .formatted(user, password))
                : Answer.json(
                    400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no\"}"));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Settings of a user {@code reader}, for the parts of this stand-in or for others. */
  static RedshiftSettings settings(
      String host,
      int port,
      String database,
      String sslMode,
      @Nullable String cluster,
      @Nullable String workgroup,
      @Nullable String region,
      @Nullable String role,
      @Nullable String externalId) {
    return new RedshiftSettings(
        host,
        port,
        database,
        "reader",
        "iam",
        sslMode,
        cluster,
        workgroup,
        region,
        role,
        externalId,
        "iam_state");
  }

  static Answer role() {
    return Answer.xml(
        200,
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
        <SessionToken>%s</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>"""
            .formatted(ROLES_KEY, SESSION_TOKEN));
  }

  static Answer cluster(String user, String password) {
    return Answer.xml(
        200,
        """
        <GetClusterCredentialsResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/">
        <GetClusterCredentialsResult><DbUser>%s</DbUser><DbPassword>%s</DbPassword>
        <Expiration>2036-01-01T00:00:00Z</Expiration></GetClusterCredentialsResult>
        </GetClusterCredentialsResponse>"""
            .formatted(escaped(user), escaped(password)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** An error of the services that talk XML. */
  static Answer error(int status, String code, String message) {
    return Answer.xml(
        status,
        """
        <ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
        <RequestId>r</RequestId></ErrorResponse>"""
            .formatted(code, message));
  }

  /** Answers this action in another way from now on. */
  void on(String action, Answering answering) {
    answers.put(action, answering);
  }

  List<Call> calls() {
    return calls;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** What leads to it, with these roles and workspaces open. */
  Iam iam(SdkHttpClient http, List<String> roles, Set<String> workspaces) {
    return iam(http, roles, workspaces, Duration.ofSeconds(30));
  }

  /** The same with less patience. */
  Iam iam(SdkHttpClient http, List<String> roles, Set<String> workspaces, Duration attempt) {
    return new Iam(
        http,
        StaticCredentialsProvider.create(AwsBasicCredentials.create(OUR_KEY, "secret")),
        "eu-central-1",
        PRINCIPAL,
        roles,
        workspaces,
        attempt,
        service -> Optional.of(uri()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      Map<String, String> fields = target == null ? form(body) : Map.of();
      String action = target == null ? fields.getOrDefault("Action", "") : target;
      Call call = new Call(action, accessKey(exchange), fields, body);
      calls.add(call);
      Answer answer = Objects.requireNonNull(answers.get(action), action).answer(call, exchange);
      if (answer != null) {
        send(answer, exchange);
      }
    }
  }

  private static void send(Answer answer, HttpExchange exchange) throws IOException {
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    if (answer.location() != null) {
      exchange.getResponseHeaders().set("Location", answer.location());
    }
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  // AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, …
  private static String accessKey(HttpExchange exchange) {
    String header =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
    return header.replaceAll("^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)/.*$", "$1");
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String field : body.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(
            field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), UTF_8));
      }
    }
    return fields;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
