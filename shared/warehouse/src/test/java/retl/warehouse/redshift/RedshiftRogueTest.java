package retl.warehouse.redshift;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Certificate;
import retl.warehouse.Query;
import retl.warehouse.RogueServer;
import retl.warehouse.RogueServer.Script;
import retl.warehouse.TestServer;

/** Servers that are no Redshift, or a bad one. */
@ExtendWith(RedshiftServer.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class RedshiftRogueTest {
  private static final String SECRET = "s3cret-of-the-test";
  private static final Duration SHORT = Duration.ofSeconds(6);

  private final RedshiftServer redshift;

  RedshiftRogueTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  static Stream<Script> strangers() {
    return Stream.of(
        (socket, self) -> say(socket, "HTTP/1.1 400 Bad Request\r\n\r\nvery private page"),
        (socket, self) -> say(socket, "E\0\0\0\14Cxxxxx\0\0"),
        (socket, self) -> say(socket, "EX very private text\0"),
        (socket, self) -> say(socket, "S\0\0\0\1"),
        (socket, self) -> say(socket, ""),
        (socket, self) -> socket.setSoLinger(true, 0),
        (socket, self) -> self.stall());
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void givesOneAnswerForEverythingThatIsNoRedshift(Script script) throws IOException {
    Check closedAddress = check(NetworkRules.STRICT, 5439, "require");
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(NetworkRules.LOCAL, rogue.port(), "require"))
          .usingRecursiveComparison()
          .ignoringFields("durationMs")
          .isEqualTo(closedAddress);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-full"})
  void neverGoesOnWithoutTls(String sslMode) throws IOException {
    AtomicInteger bytes = new AtomicInteger();
    Script script =
        (socket, self) -> {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write("N".getBytes(US_ASCII));
          socket.setSoTimeout(2000);
          bytes.addAndGet(socket.getInputStream().readAllBytes().length);
        };
    try (RogueServer rogue = new RogueServer(script)) {
      assertThat(check(NetworkRules.LOCAL, rogue.port(), sslMode).code()).isEqualTo("tls_required");
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

  /** How many bytes the server says before it says nothing any more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 13, 300, 700, 1000, 1400})
  void returnsInTimeFromAServerThatStalls(int bytes) throws Exception {
    try (RogueServer rogue = new RogueServer(new Shim(redshift.server(), bytes))) {
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
        TestServer.failure(preview(redshift.port(), "SELECT pg_sleep(57)", deadline));

    assertThat(failure.code()).isEqualTo("timed_out");
    assertThat(Instant.now()).isBefore(deadline.plusSeconds(5));
    assertThat(redshift.server().isGone("pg_sleep(57")).isTrue();
  }

  @Test
  void endsOnTheServerWhatNobodyWantsAnyMore() throws Exception {
    Instant start = Instant.now();

    Outcome outcome =
        preview(redshift.port(), "SELECT pg_sleep(59)", Instant.now().plusSeconds(60), () -> true);

    assertThat(outcome).isEqualTo(new Outcome.Canceled());
    assertThat(Instant.now()).isBefore(start.plusSeconds(20));
    assertThat(redshift.server().isGone("pg_sleep(59")).isTrue();
  }

  /** The shim passes nothing of the server's on any more, not even that it ended the query. */
  @Test
  void cancelsOnTheServerWhenTheConnectionIsStuck() throws Exception {
    try (RogueServer rogue = new RogueServer(new Shim(redshift.server(), 1000))) {
      Instant deadline = Instant.now().plus(SHORT);
      preview(rogue.port(), "SELECT repeat('x', 3000), pg_sleep(58)", deadline);

      assertThat(redshift.server().isGone("pg_sleep(58")).isTrue();
    }
  }

  private static void say(Socket socket, String bytes) throws IOException {
    socket.getInputStream().read(new byte[4096]);
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static Check check(NetworkRules rules, int port, String sslMode) {
    List<Check> ended = new ArrayList<>();
    RedshiftServer.warehouses(rules)
        .check(
            TestServer.login(
                RedshiftServer.settings("localhost", port, "u", "dev", sslMode),
                TestServer.secret(SECRET)),
            null,
            Instant.now().plus(SHORT),
            ended::add);
    assertThat(ended).hasSize(1);
    assertThat(ended.toString()).doesNotContain(SECRET).doesNotContain("very private");
    return ended.getFirst();
  }

  private static Outcome preview(int port, String sql, Instant deadline) {
    return preview(port, sql, deadline, () -> false);
  }

  private static Outcome preview(
      int port, String sql, Instant deadline, BooleanSupplier isCanceled) {
    return RedshiftServer.warehouses(NetworkRules.LOCAL)
        .run(
            TestServer.login(
                RedshiftServer.settings(
                    "localhost", port, RedshiftServer.READER, "postgres", "verify-full"),
                TestServer.secret()),
            new Query(sql, Warehouse.REDSHIFT),
            new Preview.Wanted.Rows(10),
            deadline,
            isCanceled);
  }
}
