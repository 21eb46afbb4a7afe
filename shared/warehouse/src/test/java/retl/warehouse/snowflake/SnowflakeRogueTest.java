package retl.warehouse.snowflake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.warehouse.Certificate;
import retl.warehouse.RogueServer;
import retl.warehouse.RogueServer.Script;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;
import retl.warehouse.snowflake.SnowflakeStub.Answer;
import retl.warehouse.snowflake.SnowflakeStub.Call;

/** Servers that are no Snowflake, or a bad one: always back in time, with nothing left open. */
@Execution(ExecutionMode.CONCURRENT)
class SnowflakeRogueTest {
  private static final String QUERY = "select n from numbers";
  private static final String PRIVATE_TEXT = "very private page";
  private static final Duration SHORT = Duration.ofSeconds(6);

  private final SnowflakeStub stub = SnowflakeStub.withTls();
  private final Account account = new Account(stub);
  private final CountDownLatch never = new CountDownLatch(1);

  /** The driver's classes, which take their time the first time. */
  @BeforeEach
  void warmUp() {
    answerQueries();
    assertThat(Account.rows(account.preview(QUERY, 10)).rows()).hasSize(1);
  }

  @AfterEach
  void stop() {
    never.countDown();
    stub.close();
  }

  private void answerQueries() {
    stub.rows("LIMIT 11", List.of(column("n", "text")), List.of(List.of("x")));
    stub.texts("CANCEL_ALL_QUERIES", List.of("done"), List.of(List.of("1 cancelled.")));
  }

  static Stream<Script> strangers() {
    return Stream.of(
        (socket, self) -> say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n" + PRIVATE_TEXT),
        (socket, self) -> say(socket, "N\0\0\0\0\0"),
        (socket, self) -> say(socket, ""),
        (socket, self) -> socket.setSoLinger(true, 0),
        (socket, self) -> self.stall(),
        SnowflakeRogueTest::drip);
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void givesOneAnswerForEverythingThatIsNoSnowflake(Script script) throws IOException {
    Check closedAddress = check(stub.port(), NetworkRules.STRICT);
    try (RogueServer rogue = new RogueServer(script)) {
      Check check = check(rogue.port(), NetworkRules.LOCAL);

      assertThat(check.code()).isEqualTo("connection_failed");
      assertThat(check)
          .usingRecursiveComparison()
          .ignoringFields("durationMs")
          .isEqualTo(closedAddress);
    }
  }

  @Test
  void checksWhoSignedTheCertificate(@TempDir Path folder) throws Exception {
    SSLContext untrusted = Certificate.in(folder).context();
    Script script =
        (socket, self) -> {
          try (Socket tls = tls(untrusted, socket)) {
            tls.getInputStream().readAllBytes();
          }
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(rogue.port(), NetworkRules.LOCAL).code()).isEqualTo("tls_failed");
    }
  }

  /** The driver waits for the proxy, and the proxy for whoever never tells the address. */
  @Test
  void endsALoginWhoseHostIsLookedForWithoutAnEnd() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    SnowflakeConnector connector =
        new SnowflakeConnector(
            null,
            (host, port) -> {
              asked.countDown();
              stall();
              return List.of();
            });

    assertThat(check(connector, NetworkRules.LOCAL).code()).isEqualTo("connection_failed");
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
  }

  static Stream<Consumer<OutputStream>> logins() {
    return Stream.of(
        // Answers without an end: one that only drips, and one that floods.
        out -> write(out, "HTTP/1.1 200 OK\r\n\r\n{\"data\":", " ".repeat(10), 100),
        out -> write(out, "HTTP/1.1 200 OK\r\n\r\n{\"data\":\"", "x".repeat(1 << 20), 0),
        out -> write(out, "HTTP/1.1 200 OK\r\n", "X-Field: and so on\r\n", 0),
        out -> write(out, "", "HTTP/1.1 100 Continue\r\n\r\n", 0));
  }

  @ParameterizedTest
  @MethodSource("logins")
  void endsALoginThatHasNoEnd(Consumer<OutputStream> answer) throws Exception {
    SSLContext trusted = Certificate.trusted().context();
    Script script =
        (socket, self) -> {
          try (Socket tls = tls(trusted, socket)) {
            InputStream in = tls.getInputStream();
            assertThat(in.read()).isEqualTo('P');
            answer.accept(tls.getOutputStream());
          }
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(rogue.port(), NetworkRules.LOCAL).code()).isEqualTo("connection_failed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://evil.example.net/"
      })
  void followsNoRedirectAway(String location) throws Exception {
    SSLContext trusted = Certificate.trusted().context();
    String redirect =
        "HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n";
    List<String> asked = new ArrayList<>();
    Script script =
        (socket, self) -> {
          try (Socket tls = tls(trusted, socket)) {
            asked.add("request " + tls.getInputStream().read());
            tls.getOutputStream().write(redirect.getBytes(US_ASCII));
            self.stall();
          }
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(rogue.port(), NetworkRules.LOCAL).code()).isEqualTo("connection_failed");
      assertThat(asked).hasSize(1);
    }
  }

  static Stream<Consumer<SnowflakeRogueTest>> steps() {
    return Stream.of(
        test -> {
          test.stub.on("LIMIT 11", call -> SnowflakeStub.inProgress());
          test.stub.next("/queries/01b2-0001/result", test::stall);
        },
        // For ever in progress, and for ever expired.
        test -> {
          test.stub.on("LIMIT 11", call -> SnowflakeStub.inProgress());
          test.stub.always("/queries/01b2-0001/result", call -> SnowflakeStub.inProgress());
        },
        test -> test.stub.on("LIMIT 11", call -> SnowflakeStub.refusal(390112, "expired")),
        test -> {
          test.chunk("https://bucket.s3.us-west-2.amazonaws.com/part");
          test.stub.always("/part", test::stall);
        },
        // Whatever comes after that too.
        test -> {
          test.stub.on("LIMIT 11", test::stall);
          test.stub.on("CANCEL_ALL_QUERIES", test::stall);
          test.stub.always("/session", test::stall);
        });
  }

  @ParameterizedTest
  @MethodSource("steps")
  void comesBackWhereverTheServerStalls(Consumer<SnowflakeRogueTest> step) {
    step.accept(this);

    assertThat(Account.failure(preview()).code()).isEqualTo("timed_out");
  }

  @Test
  void keepsTheRowsWhenTheServerDoesNotCloseTheSession() {
    stub.always("/session", this::stall);

    assertThat(Account.rows(preview()).rows()).hasSize(1);
  }

  static Stream<Consumer<SnowflakeRogueTest>> faults() {
    return Stream.of(
        test -> test.stub.on("LIMIT 11", call -> new Answer(500, PRIVATE_TEXT)),
        test -> test.stub.on("LIMIT 11", call -> new Answer(200, PRIVATE_TEXT)),
        test -> test.stub.on("LIMIT 11", call -> new Answer(403, PRIVATE_TEXT)),
        test -> test.chunk("https://bucket.s3.us-west-2.amazonaws.com/missing"),
        test -> test.chunk("http://169.254.169.254/latest/meta-data"),
        test -> test.chunk("https://169.254.169.254/latest/meta-data"),
        test -> test.chunk("file:///etc/passwd"),
        test -> test.chunk("https://evil.example.net/part"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reportsAServerThatMakesNoSense(Consumer<SnowflakeRogueTest> fault) {
    fault.accept(this);

    // The driver asks again a few times, so this takes longer than its first answer.
    Preview.Failure failure = Account.failure(account.preview(QUERY, 10));

    assertThat(failure.code()).isEqualTo("connection_lost");
    assertThat(failure.message()).doesNotContain(PRIVATE_TEXT);
  }

  @Test
  void refusesAResultThatIsTooLarge() {
    String megabyte = "x".repeat(1 << 20);
    Answer large =
        stub.result(
            List.of(column("n", "text")),
            Stream.generate(() -> List.of(megabyte)).limit(90).toList());
    stub.on("LIMIT 11", call -> large);

    assertThat(Account.failure(account.preview(QUERY, 10)).code()).isEqualTo("result_too_large");
  }

  private void chunk(String url) {
    String more =
        ",\"chunks\":[{\"url\":\""
            + url
            + "\",\"rowCount\":2,\"uncompressedSize\":100,\"compressedSize\":100}]";
    stub.on(
        "LIMIT 11", call -> stub.result(List.of(column("n", "text")), List.of(List.of("x")), more));
  }

  private Answer stall(Call call) {
    stall();
    return new Answer(200, "");
  }

  private void stall() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A run that is back in time, whatever it gave. */
  private Outcome preview() {
    Instant deadline = Instant.now().plus(SHORT);
    Outcome outcome = account.preview(Account.accepted(QUERY), 10, SHORT);
    assertThat(Instant.now()).isBefore(deadline.plusSeconds(5));
    return outcome;
  }

  /** The first check, which is back in time. */
  private static Check check(int port, NetworkRules rules) {
    return check(Account.leadingTo(port), rules);
  }

  private static Check check(SnowflakeConnector connector, NetworkRules rules) {
    Warehouses warehouses = Account.warehouses(connector, rules);
    List<Check> ended = new ArrayList<>();
    Instant deadline = Clock.systemUTC().instant().plus(SHORT);
    warehouses.check(
        TestServer.login(Account.SETTINGS, Account.PASSWORD), null, deadline, ended::add);
    assertThat(Instant.now()).isBefore(deadline.plusSeconds(5));
    assertThat(ended.getFirst().toString()).doesNotContain(PRIVATE_TEXT);
    return ended.getFirst();
  }

  private static void say(Socket socket, String text) throws IOException {
    assertThat(socket.getInputStream().read()).isNotNegative();
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static void drip(Socket socket, RogueServer self) throws IOException {
    socket.setSoTimeout(100);
    while (true) {
      socket.getOutputStream().write(22);
      try {
        if (socket.getInputStream().read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        // It is still there: one more byte.
      }
    }
  }

  private static Socket tls(SSLContext context, Socket socket) throws IOException {
    SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, true);
    tls.setUseClientMode(false);
    return tls;
  }

  private static void write(OutputStream out, String first, String again, int pauseMillis) {
    try {
      out.write(first.getBytes(US_ASCII));
      while (true) {
        out.write(again.getBytes(US_ASCII));
        out.flush();
        LockSupport.parkNanos(pauseMillis * 1_000_000L);
      }
    } catch (IOException e) {
      // The driver has gone.
      return;
    }
  }
}
