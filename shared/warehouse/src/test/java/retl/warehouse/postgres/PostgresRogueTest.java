package retl.warehouse.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Certificate;
import retl.warehouse.Query;
import retl.warehouse.RogueServer;
import retl.warehouse.RogueServer.Script;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Servers that are no PostgreSQL, or a bad one. */
@ExtendWith(TestServer.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PostgresRogueTest {
  private static final String SECRET = "s3cret-of-the-test";
  private static final Duration SHORT = Duration.ofSeconds(6);

  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresRogueTest(TestServer server) {
    this.server = server;
  }

  static Stream<Script> strangers() {
    return Stream.of(
        (socket, self) -> say(socket, "HTTP/1.1 400 Bad Request\r\n\r\nvery private page"),
        (socket, self) -> say(socket, "N\0\0\0\0\0"),
        (socket, self) -> say(socket, "R\0\0\0\1"),
        (socket, self) -> say(socket, "R\177\377\377\377" + "x".repeat(100)),
        (socket, self) -> say(socket, "E\0\0\0\14Cxxxxx\0\0"),
        (socket, self) -> say(socket, "EX very private text\0"),
        (socket, self) -> say(socket, ""),
        (socket, self) -> socket.setSoLinger(true, 0),
        (socket, self) -> self.stall(),
        PostgresRogueTest::drip);
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void givesOneAnswerForEverythingThatIsNoPostgres(Script script) throws IOException {
    Check closedAddress = check(NetworkRules.STRICT, 5432, "disable");
    try (RogueServer rogue = new RogueServer(script)) {
      Check check = check(NetworkRules.LOCAL, rogue.port(), "disable");

      assertThat(check)
          .usingRecursiveComparison()
          .ignoringFields("durationMs")
          .isEqualTo(closedAddress);
    }
  }

  @Test
  void givesTheSameAnswerForAClosedPort() throws IOException {
    // Bound, so that nobody else listens there meanwhile.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

      assertThat(check(NetworkRules.LOCAL, held.getLocalPort(), "disable"))
          .usingRecursiveComparison()
          .ignoringFields("durationMs")
          .isEqualTo(check(NetworkRules.STRICT, 5432, "disable"));
    }
  }

  @ParameterizedTest
  @CsvSource({"N, tls_required", "S, connection_failed", "E, tls_required"})
  void neverGoesOnWithoutTls(String answer, String code) throws IOException {
    AtomicInteger bytes = new AtomicInteger();
    Script script =
        (socket, self) -> {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
          socket.setSoTimeout(2000);
          bytes.addAndGet(answer.equals("N") ? socket.getInputStream().readAllBytes().length : 0);
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(NetworkRules.LOCAL, rogue.port(), "require").code()).isEqualTo(code);
      assertThat(bytes).hasValue(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"verify-full, tls_failed", "require, connection_failed"})
  void checksWhoSignedTheCertificate(String sslMode, String code, @TempDir Path folder)
      throws Exception {
    var context = Certificate.in(folder).context();
    Script script =
        (socket, self) -> {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write('S');
          try (SSLSocket tls =
              (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, false)) {
            tls.setUseClientMode(false);
            tls.getInputStream().readNBytes(8);
          }
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(NetworkRules.LOCAL, rogue.port(), sslMode).code()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @CsvSource({"3", "5"})
  void neverSendsThePasswordToOneThatAsksForItOtherwise(int method) throws Exception {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    Script script =
        (socket, self) -> {
          readStartup(socket);
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.write('R');
          out.writeInt(method == 5 ? 12 : 8);
          out.writeInt(method);
          out.write(new byte[method == 5 ? 4 : 0]);
          socket.setSoTimeout(2000);
          socket.getInputStream().transferTo(heard);
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(NetworkRules.LOCAL, rogue.port(), "disable").code())
          .isEqualTo("authentication_method");
      assertThat(heard.toByteArray()).isEmpty();
    }
  }

  /** Where a relay in front of the real server stops to pass anything on. */
  private enum Stall {
    AFTER_THE_STARTUP(0),
    IN_THE_FIRST_MESSAGE(3),
    AFTER_THE_CHALLENGE(40),
    BEFORE_THE_QUERY(700),
    LATER(1200);

    private final int bytes;

    Stall(int bytes) {
      this.bytes = bytes;
    }
  }

  @ParameterizedTest
  @EnumSource(Stall.class)
  void returnsInTimeFromAServerThatStalls(Stall stall) throws IOException {
    try (RogueServer rogue = new RogueServer((socket, self) -> relay(socket, self, stall.bytes))) {
      Instant deadline = Instant.now().plus(SHORT);

      Outcome outcome = preview(rogue.port(), "SELECT repeat('x', 3000)", deadline);

      assertThat(Instant.now()).isBefore(deadline.plusSeconds(5));
      assertThat(TestServer.failure(outcome).code()).isIn("connection_failed", "timed_out");
    }
  }

  @Test
  void endsWhatTheServerStillDoes() throws Exception {
    Instant deadline = Instant.now().plus(SHORT);

    Preview.Failure failure =
        TestServer.failure(preview(server.port(), "SELECT pg_sleep(47)", deadline));

    assertThat(failure.code()).isEqualTo("timed_out");
    assertThat(Instant.now()).isBefore(deadline.plusSeconds(5));
    assertThat(server.isGone("pg_sleep(47")).isTrue();
  }

  @Test
  void endsOnTheServerWhatNobodyWantsAnyMore() throws Exception {
    Instant start = Instant.now();

    Outcome outcome =
        warehouses.run(
            TestServer.login(settings(server.port(), "disable"), TestServer.secret()),
            new Query("SELECT pg_sleep(49)", Warehouse.POSTGRES),
            new Preview.Wanted.Rows(10),
            TestServer.soon(),
            () -> true);

    assertThat(outcome).isEqualTo(new Outcome.Canceled());
    assertThat(Instant.now()).isBefore(start.plusSeconds(20));
    assertThat(server.isGone("pg_sleep(49")).isTrue();
  }

  /** The relay passes nothing of the server's on any more, not even that it ended the query. */
  @Test
  void cancelsOnTheServerWhenTheConnectionIsStuck() throws Exception {
    try (RogueServer rogue = new RogueServer((socket, self) -> relay(socket, self, 1000))) {
      preview(rogue.port(), "SELECT repeat('x', 3000), pg_sleep(48)", Instant.now().plus(SHORT));

      assertThat(server.isGone("pg_sleep(48")).isTrue();
    }
  }

  private static void say(Socket socket, String bytes) throws IOException {
    socket.getInputStream().read(new byte[4096]);
    socket.getOutputStream().write(bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  // A byte now and then, of a message that is never complete.
  private static void drip(Socket socket, RogueServer self) throws IOException {
    socket.getOutputStream().write(new byte[] {'E', 0, 0, 16, 0, 'C'});
    socket.setSoTimeout(200);
    InputStream in = socket.getInputStream();
    while (true) {
      try {
        if (in.read() < 0) {
          return;
        }
      } catch (java.net.SocketTimeoutException e) {
        socket.getOutputStream().write('x');
      }
    }
  }

  private static void readStartup(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readNBytes(in.readInt() - 4);
  }

  /** Passes everything to the real server, and only so many bytes of what it says back. */
  private void relay(Socket client, RogueServer self, int bytes) throws IOException {
    try (Socket real = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      Thread.ofVirtual().start(() -> copy(client, real));
      client.getOutputStream().write(real.getInputStream().readNBytes(bytes));
      self.stall();
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (SocketException e) {
      // One side has gone.
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Check check(NetworkRules rules, int port, String sslMode) {
    List<Check> ended = new ArrayList<>();
    TestServer.warehouses(rules)
        .check(
            TestServer.login(settings(port, sslMode), TestServer.secret(SECRET)),
            null,
            Instant.now().plus(SHORT),
            ended::add);
    assertThat(ended).hasSize(1);
    assertThat(ended.toString()).doesNotContain(SECRET).doesNotContain("very private");
    return ended.getFirst();
  }

  private Outcome preview(int port, String sql, Instant deadline) {
    return warehouses.run(
        TestServer.login(settings(port, "disable"), TestServer.secret()),
        new Query(sql, Warehouse.POSTGRES),
        new Preview.Wanted.Rows(10),
        deadline,
        () -> false);
  }

  private static PostgresSettings settings(int port, String sslMode) {
    return new PostgresSettings(
        "127.0.0.1", port, "postgres", TestServer.READER, sslMode, "_rudderstack");
  }
}
