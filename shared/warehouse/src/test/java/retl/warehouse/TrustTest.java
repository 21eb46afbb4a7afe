package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Settings;
import retl.core.validation.Check;
import retl.warehouse.postgres.PostgresConnector;
import retl.warehouse.redshift.RedshiftConnector;

/** Authorities that the operator adds. */
class TrustTest {
  @TempDir private Path folder;

  private Certificate stranger() throws IOException {
    return Certificate.in(folder);
  }

  /** Shakes hands in TLS, then says nothing. */
  private static RogueServer server(Certificate certificate) throws Exception {
    SSLSocketFactory tls = certificate.context().getSocketFactory();
    return new RogueServer(
        (socket, self) -> {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write('S');
          try (SSLSocket secure = (SSLSocket) tls.createSocket(socket, null, 0, false)) {
            secure.setUseClientMode(false);
            secure.startHandshake();
          }
        });
  }

  private static X509Certificate handshake(RogueServer server, Trust trust) throws IOException {
    SocketGuard guard =
        new SocketGuard(
            new AddressRules(true), trust, Clock.systemUTC(), Instant.now().plusSeconds(20));
    SSLSocketFactory factory = guard.whileOpening(VerifyingSocketFactory::new);
    try (Socket socket = guard.socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 1000);
      socket.getOutputStream().write(new byte[8]);
      socket.getInputStream().readNBytes(1);
      try (SSLSocket secure =
          (SSLSocket) factory.createSocket(socket, "localhost", server.port(), true)) {
        secure.startHandshake();
        return (X509Certificate) secure.getSession().getPeerCertificates()[0];
      }
    }
  }

  @Test
  void believesAnAuthorityOfTheFileAndThoseOfThePlatform() throws Exception {
    Certificate platform = Certificate.trusted();
    Certificate stranger = stranger();
    Trust trust = Trust.with(stranger.certificateFile());

    try (RogueServer server = server(stranger)) {
      assertThat(handshake(server, trust).getSubjectX500Principal().getName())
          .isEqualTo("CN=localhost");
      assertThatThrownBy(() -> handshake(server, Trust.PLATFORM)).isInstanceOf(SSLException.class);
    }
    try (RogueServer server = server(platform)) {
      assertThat(handshake(server, trust)).isEqualTo(handshake(server, Trust.PLATFORM));
    }
  }

  static List<Settings> settings() {
    return List.of(
        new PostgresSettings("localhost", 5432, "d", "u", "verify-full", "_rudderstack"),
        new RedshiftSettings(
            "localhost",
            5439,
            "d",
            "u",
            "password",
            "verify-full",
            null,
            null,
            null,
            null,
            null,
            "_rudderstack"));
  }

  /** The server says nothing after the handshake, so that is as far as a login comes. */
  @ParameterizedTest
  @MethodSource("settings")
  void bothDriversAskIt(Settings settings) throws Exception {
    Certificate stranger = stranger();
    try (RogueServer server = server(stranger)) {
      assertThat(check(settings, server.port(), Trust.PLATFORM)).isEqualTo("tls_failed");
      assertThat(check(settings, server.port(), Trust.with(stranger.certificateFile())))
          .isEqualTo("connection_failed");
    }
  }

  private static String check(Settings settings, int port, Trust trust) {
    List<Check> ended = new ArrayList<>();
    new Warehouses(
            List.of(new PostgresConnector(), new RedshiftConnector()),
            NetworkRules.LOCAL,
            trust,
            Clock.systemUTC())
        .check(
            TestServer.login(at(settings, port), TestServer.secret()),
            null,
            Instant.now().plusSeconds(20),
            ended::add);
    return String.valueOf(ended.getFirst().code());
  }

  private static Settings at(Settings settings, int port) {
    return switch (settings) {
      case PostgresSettings s ->
          new PostgresSettings(
              s.host(), port, s.database(), s.user(), s.sslMode(), s.stateSchema());
      case RedshiftSettings s ->
          new RedshiftSettings(
              s.host(),
              port,
              s.database(),
              s.user(),
              s.authentication(),
              s.sslMode(),
              null,
              null,
              null,
              null,
              null,
              s.stateSchema());
      default -> throw new AssertionError(settings);
    };
  }

  @Test
  void givesNoSocketOfItsOwn() {
    SocketGuard guard =
        new SocketGuard(new AddressRules(true), Clock.systemUTC(), Instant.now().plusSeconds(20));
    SSLSocketFactory factory = guard.whileOpening(VerifyingSocketFactory::new);
    InetAddress here = InetAddress.getLoopbackAddress();

    assertThatThrownBy(() -> factory.createSocket("127.0.0.1", 1)).hasMessageContaining("guard");
    assertThatThrownBy(() -> factory.createSocket("127.0.0.1", 1, here, 0))
        .hasMessageContaining("guard");
    assertThatThrownBy(() -> factory.createSocket(here, 1)).hasMessageContaining("guard");
    assertThatThrownBy(() -> factory.createSocket(here, 1, here, 0)).hasMessageContaining("guard");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
      })
  void refusesAFileWithoutCertificates(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), content);

    assertThatThrownBy(() -> Trust.with(file)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Trust.with(folder.resolve("nothing.pem")))
        .isInstanceOf(IllegalStateException.class);
  }
}
