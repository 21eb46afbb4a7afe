package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

class SocketGuardTest {
  private final Instant later = Instant.now().plusSeconds(60);

  /** What a name that changed its address between the look-up and the connection would do. */
  @Test
  void looksAtTheAddressThatIsReallyConnectedTo() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (RogueServer server = new RogueServer((socket, self) -> connections.incrementAndGet())) {
      InetAddress flipped = InetAddress.getByAddress("db.example.com", new byte[] {127, 0, 0, 1});
      InetSocketAddress address = new InetSocketAddress(flipped, server.port());

      assertThatThrownBy(() -> connect(new AddressRules(false), address))
          .isInstanceOf(SocketGuard.AddressClosed.class);
      assertThat(connections).hasValue(0);

      try (Socket socket = connect(new AddressRules(true), address)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        assertThat(connections).hasValue(1);
      }
    }
  }

  @Test
  void refusesANameThatWasNotLookedUp() {
    assertThatThrownBy(
            () ->
                connect(
                    new AddressRules(true), InetSocketAddress.createUnresolved("localhost", 5432)))
        .isInstanceOf(SocketGuard.AddressClosed.class);
  }

  @Test
  void guardsTheSocketsThatConnectAtOnceToo() throws Exception {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall())) {
      SocketFactory factory = factory(new AddressRules(false), later);

      assertThatThrownBy(() -> factory.createSocket("127.0.0.1", server.port()))
          .isInstanceOf(SocketGuard.AddressClosed.class);
      assertThatThrownBy(
              () -> factory.createSocket(InetAddress.getLoopbackAddress(), server.port()))
          .isInstanceOf(SocketGuard.AddressClosed.class);
      assertThat(server.open()).isZero();
    }
  }

  @Test
  void readsNothingAfterTheDeadlineAndSaysSoByNoTimeout() throws Exception {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall());
        Socket socket =
            factory(new AddressRules(true), Instant.now().plusMillis(300))
                .createSocket("127.0.0.1", server.port())) {
      InputStream in = socket.getInputStream();

      assertThatThrownBy(in::read).isInstanceOf(SocketGuard.DeadlinePassed.class);
      assertThatThrownBy(in::read).isInstanceOf(SocketGuard.DeadlinePassed.class);
    }
  }

  /** The wait is of whole milliseconds, and so can be over before the deadline is. */
  @Test
  void saysSoEvenWhereTheClockIsNotThereYet() throws Exception {
    Instant now = Instant.now();
    SocketGuard guard =
        new SocketGuard(
            new AddressRules(true), Clock.fixed(now, ZoneOffset.UTC), now.plusMillis(20));
    try (RogueServer server = new RogueServer((socket, self) -> self.stall());
        Socket socket =
            guard
                .whileOpening(GuardedSocketFactory::new)
                .createSocket("127.0.0.1", server.port())) {
      assertThatThrownBy(socket.getInputStream()::read)
          .isInstanceOf(SocketGuard.DeadlinePassed.class);
    }
  }

  @Test
  void leavesTheDriverItsOwnTimeout() throws Exception {
    try (RogueServer server = new RogueServer((socket, self) -> self.stall());
        Socket socket =
            factory(new AddressRules(true), later).createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10);

      assertThatThrownBy(socket.getInputStream()::read).isInstanceOf(SocketTimeoutException.class);
      assertThat(socket.getSoTimeout()).isEqualTo(10);
    }
  }

  @Test
  void endsAFlood() throws Exception {
    RogueServer.Script flood =
        (socket, self) -> {
          byte[] block = new byte[1 << 20];
          while (true) {
            socket.getOutputStream().write(block);
          }
        };
    try (RogueServer server = new RogueServer(flood);
        Socket socket =
            factory(new AddressRules(true), later).createSocket("127.0.0.1", server.port())) {
      assertThatThrownBy(
              () -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()))
          .isInstanceOf(SocketGuard.TooMuchReceived.class);
    }
  }

  private Socket connect(AddressRules rules, InetSocketAddress address) throws IOException {
    Socket socket = factory(rules, later).createSocket();
    socket.connect(address);
    return socket;
  }

  private static SocketFactory factory(AddressRules rules, Instant deadline) {
    return new SocketGuard(rules, Clock.systemUTC(), deadline)
        .whileOpening(GuardedSocketFactory::new);
  }
}
