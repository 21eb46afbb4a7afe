package retl.warehouse.snowflake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.warehouse.AddressRules;
import retl.warehouse.RogueServer;
import retl.warehouse.SocketGuard;

/** The driver's way out, by itself. */
class DriverProxyTest {
  private static final Reach REACH = new Reach("a.snowflakecomputing.com", 443, true);
  private static final String HOST = "a.snowflakecomputing.com:443";

  private final SocketGuard guard = guard(true, 60_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT 169.254.169.254:443 HTTP/1.1",
        "CONNECT b.snowflakecomputing.com:443 HTTP/1.1",
        "CONNECT a.snowflakecomputing.com:22 HTTP/1.1",
        "CONNECT localhost:443 HTTP/1.1",
        "CONNECT a.snowflakecomputing.com HTTP/1.1",
        "GET http://a.snowflakecomputing.com/ HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data HTTP/1.1"
      })
  void connectsToWhatTheSessionReachesAndNothingElse(String request) throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (RogueServer server = new RogueServer((socket, self) -> connections.incrementAndGet())) {
      DriverProxy.Lease lease = leadingTo(server.port()).lease(REACH, guard);

      assertThat(ask(lease, request)).startsWith("HTTP/1.1 403");
      assertThat(lease.obstacle()).isEqualTo(DriverProxy.Obstacle.UNREACHABLE);
      assertThat(connections).hasValue(0);
    }
  }

  @Test
  void refusesANameOfWhichOneAddressIsClosed() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (RogueServer server = new RogueServer((socket, self) -> connections.incrementAndGet())) {
      Directory mixed =
          (host, port) ->
              List.of(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                  new InetSocketAddress(InetAddress.ofLiteral("169.254.169.254"), 443));
      DriverProxy.Lease lease = new DriverProxy(mixed).lease(REACH, guard);

      assertThat(ask(lease, "CONNECT " + HOST + " HTTP/1.1")).startsWith("HTTP/1.1 403");
      assertThat(connections).hasValue(0);
    }
  }

  @Test
  void refusesLoopbackOutsideOfLocalMode() throws IOException {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall())) {
      DriverProxy.Lease lease = leadingTo(server.port()).lease(REACH, guard(false, 60_000));

      assertThat(ask(lease, "CONNECT " + HOST + " HTTP/1.1")).startsWith("HTTP/1.1 403");
      assertThat(server.open()).isZero();
    }
  }

  @Test
  void saysThatANameIsUnknown() throws IOException {
    Directory empty =
        (host, port) -> {
          throw new UnknownHostException(host);
        };
    DriverProxy.Lease lease = new DriverProxy(empty).lease(REACH, guard);

    assertThat(ask(lease, "CONNECT " + HOST + " HTTP/1.1")).startsWith("HTTP/1.1 403");
    assertThat(lease.obstacle()).isEqualTo(DriverProxy.Obstacle.UNKNOWN_HOST);
  }

  /** A login may take ten seconds; a query that begins on the same connection may take longer. */
  @Test
  void goesOnWhenThereIsMoreTimeThanAtFirst() throws IOException {
    SocketGuard soon = guard(true, 400);
    RogueServer.Script answersLate =
        (socket, self) -> {
          socket.setSoTimeout(700);
          assertThat(silent(socket)).isTrue();
          socket.getOutputStream().write("late\n".getBytes(US_ASCII));
          self.stall();
        };
    try (RogueServer server = new RogueServer(answersLate);
        Socket driver = connected(leadingTo(server.port()).lease(REACH, soon))) {
      soon.endAt(Instant.now().plusSeconds(60));

      assertThat(reader(driver).readLine()).isEqualTo("late");
    }
  }

  @Test
  void endsWhatWaitsWhenThereIsLessTimeThanAtFirst() throws IOException {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall());
        Socket driver = connected(leadingTo(server.port()).lease(REACH, guard))) {
      guard.endAt(Instant.now());

      assertThatThrownBy(() -> reader(driver).readLine()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void leavesNothingOpenWhenTheSessionEnds() throws IOException {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall())) {
      DriverProxy.Lease lease = leadingTo(server.port()).lease(REACH, guard);
      try (Socket driver = connected(lease)) {
        lease.close();

        assertThat(hasEnded(driver)).isTrue();
        assertThat(ask(lease, "CONNECT " + HOST + " HTTP/1.1")).isEmpty();
      }
    }
  }

  // Whether the end comes with a reset depends on which side of the tunnel sees it first. A read
  // that nobody ends stays in its time limit, which is an error of another kind.
  private static boolean hasEnded(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean silent(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  private static Socket connected(DriverProxy.Lease lease) throws IOException {
    Socket driver = new Socket(InetAddress.getLoopbackAddress(), lease.port());
    driver.getOutputStream().write(("CONNECT " + HOST + " HTTP/1.1\r\n\r\n").getBytes(US_ASCII));
    BufferedReader answer = reader(driver);
    assertThat(answer.readLine()).startsWith("HTTP/1.1 200");
    assertThat(answer.readLine()).isEqualTo("Content-Length: 0");
    assertThat(answer.readLine()).isEmpty();
    return driver;
  }

  private static String ask(DriverProxy.Lease lease, String request) throws IOException {
    try (Socket driver = new Socket(InetAddress.getLoopbackAddress(), lease.port())) {
      driver.getOutputStream().write((request + "\r\n\r\n").getBytes(US_ASCII));
      return new String(driver.getInputStream().readAllBytes(), US_ASCII);
    } catch (SocketException e) {
      return "";
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII), 1);
  }

  private static DriverProxy leadingTo(int port) {
    return new DriverProxy(
        (host, meant) -> List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  private static SocketGuard guard(boolean loopback, int millis) {
    return new SocketGuard(
        new AddressRules(loopback), Clock.systemUTC(), Instant.now().plusMillis(millis));
  }
}
