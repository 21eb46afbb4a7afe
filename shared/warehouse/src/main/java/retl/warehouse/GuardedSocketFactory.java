package retl.warehouse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import javax.net.SocketFactory;

/**
 * Makes the sockets of a driver. Each connects only to an address that the rules allow, whatever
 * the name resolved to before, and lets nothing be read after its deadline: a server that stalls,
 * or sends a byte now and then for ever, ends with an error like any broken connection.
 *
 * <p>Drivers make it by its class name and one text, so the text carries all that it must know.
 */
public final class GuardedSocketFactory extends SocketFactory {
  private final AddressRules rules;
  private final Instant deadline;

  /** For drivers: the argument is what {@link #argument} made. */
  public GuardedSocketFactory(String argument) {
    int space = argument.indexOf(' ');
    this.rules = new AddressRules(Boolean.parseBoolean(argument.substring(0, space)));
    this.deadline = Instant.parse(argument.substring(space + 1));
  }

  /** The argument for a factory with these rules, whose sockets end at this time. */
  public static String argument(AddressRules rules, Instant deadline) {
    return rules.allowsLoopback() + " " + deadline;
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket(rules, deadline);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(address, port));
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = createSocket();
    socket.connect(address, 0);
    return socket;
  }

  /**
   * Thrown for an address that the rules close; drivers pass it on as the cause of their own error.
   */
  static final class AddressClosed extends IOException {
    AddressClosed() {
      super("This address is closed.");
    }
  }

  private static final class GuardedSocket extends Socket {
    private final AddressRules rules;
    private final Instant deadline;

    GuardedSocket(AddressRules rules, Instant deadline) {
      this.rules = rules;
      this.deadline = deadline;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !rules.allows(address.getAddress())) {
        throw new AddressClosed();
      }
      int left = millisLeft(deadline);
      super.connect(endpoint, timeout == 0 ? left : Math.min(timeout, left));
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new GuardedInput(super.getInputStream(), this);
    }
  }

  /** Gives each read no longer than what is left, and no longer than the driver allows it. */
  private static final class GuardedInput extends FilterInputStream {
    private final GuardedSocket socket;

    GuardedInput(InputStream in, GuardedSocket socket) {
      super(in);
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      int allowed = socket.getSoTimeout();
      socket.setSoTimeout(timeout(allowed));
      try {
        return in.read();
      } finally {
        restore(allowed);
      }
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int allowed = socket.getSoTimeout();
      socket.setSoTimeout(timeout(allowed));
      try {
        return in.read(bytes, from, count);
      } finally {
        restore(allowed);
      }
    }

    private int timeout(int allowed) throws SocketTimeoutException {
      int left = millisLeft(socket.deadline);
      return allowed == 0 ? left : Math.min(allowed, left);
    }

    private void restore(int allowed) throws IOException {
      if (!socket.isClosed()) {
        socket.setSoTimeout(allowed);
      }
    }
  }

  private static int millisLeft(Instant deadline) throws SocketTimeoutException {
    long left = Duration.between(Instant.now(), deadline).toMillis();
    if (left <= 0) {
      throw new SocketTimeoutException("The deadline has passed.");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }
}
