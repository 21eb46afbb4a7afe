package retl.warehouse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS on the sockets of the {@link SocketGuard} that the connection is opened with, and
 * verifies the server by its {@link Trust}; drivers make it by its class name. The host name is
 * verified by the driver.
 */
public final class VerifyingSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory sockets = SocketGuard.current().trust().sockets();

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return sockets.createSocket(socket, host, port, autoClose);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unguarded();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw unguarded();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unguarded();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    throw unguarded();
  }

  private static IOException unguarded() {
    return new IOException("Only a socket of a guard gets TLS.");
  }
}
