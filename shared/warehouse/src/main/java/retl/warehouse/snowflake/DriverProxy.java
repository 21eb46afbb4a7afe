package retl.warehouse.snowflake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import net.snowflake.client.internal.core.HttpUtil;
import org.jspecify.annotations.Nullable;
import retl.warehouse.SocketGuard;

/**
 * The driver's only way out: an HTTP proxy on loopback. The driver takes no socket factory, fetches
 * results from wherever its server says, and follows redirects, so each host that it wants is
 * looked at here, and each socket is one of the session's guard. What may not be connected to is
 * answered with 403, after which the driver does not try again.
 *
 * <p>The driver keeps something for each proxy that it was ever told of. So a proxy stays, and
 * serves one session after the other.
 */
final class DriverProxy {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int COPIED_AT_ONCE = 16 * 1024;

  /** How often who waits for a server sees that its time is up, or is longer now. */
  private static final int LOOK_AGAIN_MILLIS = 250;

  private static final byte[] CONNECTED = answer("200 Connected");
  private static final byte[] REFUSED = answer("403 Forbidden");

  private final Directory directory;
  private final ServerSocket listener;
  private volatile @Nullable Lease current;

  /** Why something was not connected to. */
  enum Obstacle {
    UNKNOWN_HOST,
    /** Refused, filtered, closed by rules, too late: not told apart. */
    UNREACHABLE
  }

  /** A proxy on a free port of loopback, with a thread that waits for the driver. */
  DriverProxy(Directory directory) {
    this.directory = directory;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("snowflake-proxy").start(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Serves a session until the lease is closed. */
  Lease lease(Reach reach, SocketGuard guard) {
    Lease lease = new Lease(reach, guard);
    current = lease;
    return lease;
  }

  private void acceptAll() {
    while (true) {
      try {
        Socket client = listener.accept();
        Lease lease = current;
        if (lease == null) {
          client.close();
        } else {
          Thread.ofVirtual().name("snowflake-tunnel").start(() -> lease.serve(client));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private static byte[] answer(String status) {
    return ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] bytes = new byte[COPIED_AT_ONCE];
    int got = 0;
    while (got >= 0) {
      to.write(bytes, 0, got);
      got = read(from, bytes);
    }
  }

  private static int read(InputStream from, byte[] bytes) throws IOException {
    try {
      return from.read(bytes);
    } catch (SocketTimeoutException e) {
      // The guard throws something else when it is too late.
      return 0;
    }
  }

  private static void drop(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
      return;
    }
  }

  /** The time in which the proxy is one session's. */
  final class Lease implements AutoCloseable {
    private final Reach reach;
    private final SocketGuard guard;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile @Nullable Obstacle obstacle;

    private Lease(Reach reach, SocketGuard guard) {
      this.reach = reach;
      this.guard = guard;
    }

    int port() {
      return DriverProxy.this.port();
    }

    /** Why the last host that was not connected to was not; null when there was none. */
    @Nullable Obstacle obstacle() {
      return obstacle;
    }

    private void serve(Socket client) {
      open.add(client);
      // Whoever looks the server's name up may not come back; the driver must not wait for that.
      guard.closeWithThis(client);
      try (client) {
        // Whatever comes is passed on at once: both sides wait for it.
        client.setTcpNoDelay(true);
        if (!closed) {
          InputStream in = new BufferedInputStream(client.getInputStream());
          RequestHead head = RequestHead.read(in);
          if (head != null) {
            serve(head, in, client);
          }
        }
      } catch (IOException e) {
        // Either side has gone; the driver sees a connection that ended.
        return;
      } finally {
        open.remove(client);
      }
    }

    private void serve(RequestHead head, InputStream in, Socket client) throws IOException {
      OutputStream out = client.getOutputStream();
      try (Socket server = connect(head)) {
        if (server == null) {
          out.write(REFUSED);
          return;
        }
        open.add(server);
        try {
          if (closed) {
            return;
          }
          if (head.isConnect()) {
            out.write(CONNECTED);
            Thread.ofVirtual().name("snowflake-tunnel").start(() -> send(in, server));
          } else {
            Thread.ofVirtual().name("snowflake-tunnel").start(() -> send(head, in, server));
          }
          copyUntilTheEnd(server, client);
        } finally {
          open.remove(server);
        }
      }
    }

    private void copyUntilTheEnd(Socket server, Socket client) throws IOException {
      try {
        copy(server.getInputStream(), client.getOutputStream());
      } catch (IOException e) {
        // What the driver has not read yet is nothing to wait for either.
        client.setSoLinger(true, 0);
        throw e;
      }
    }

    private @Nullable Socket connect(RequestHead head) throws IOException {
      URI address = head.address();
      String host = String.valueOf(address.getHost());
      if (head.isConnect() != reach.tls() || !reach.allows(host, address.getPort())) {
        obstacle = Obstacle.UNREACHABLE;
        return null;
      }
      try {
        Socket server = connect(directory.find(host, address.getPort()));
        if (server == null) {
          obstacle = Obstacle.UNREACHABLE;
        }
        return server;
      } catch (UnknownHostException e) {
        obstacle = Obstacle.UNKNOWN_HOST;
        return null;
      }
    }

    // One closed address among several closes the name.
    private @Nullable Socket connect(List<InetSocketAddress> addresses) throws IOException {
      if (!addresses.stream().allMatch(each -> guard.allows(each.getAddress()))) {
        return null;
      }
      for (InetSocketAddress each : addresses) {
        Socket server = connect(each);
        if (server != null) {
          return server;
        }
      }
      return null;
    }

    private @Nullable Socket connect(InetSocketAddress address) throws IOException {
      Socket server = guard.socket();
      try {
        server.connect(address, CONNECT_MILLIS);
        server.setSoTimeout(LOOK_AGAIN_MILLIS);
        server.setTcpNoDelay(true);
        return server;
      } catch (IOException e) {
        server.close();
        return null;
      }
    }

    private void send(InputStream from, Socket to) {
      try {
        copy(from, to.getOutputStream());
        to.close();
      } catch (IOException e) {
        // The other direction ends too, and with it the tunnel.
        return;
      }
    }

    // Without TLS each request comes with the whole address, which a server need not understand.
    private void send(RequestHead first, InputStream from, Socket to) {
      try {
        OutputStream out = to.getOutputStream();
        for (RequestHead head = first; head != null; head = RequestHead.read(from)) {
          URI address = head.address();
          if (!reach.allows(String.valueOf(address.getHost()), address.getPort())) {
            break;
          }
          out.write(head.forServer());
          out.write(from.readNBytes(Math.toIntExact(head.length())));
          out.flush();
        }
        to.close();
      } catch (IOException e) {
        return;
      }
    }

    /** Ends every connection of the session, whatever the driver still waits for. */
    @Override
    public void close() {
      closed = true;
      current = null;
      open.forEach(DriverProxy::drop);
      forget();
    }

    // The driver's own pool still has the connections, and might try each before a new one. To
    // close
    // a client instead would make the driver ask a closed pool again and again, without an end.
    @SuppressWarnings("deprecation") // The pool can be reached in no other way.
    private void forget() {
      HttpUtil.httpClient.forEach(
          (key, client) -> {
            if (key.getProxyPort() == port()) {
              client.getConnectionManager().closeIdleConnections(0, TimeUnit.MILLISECONDS);
            }
          });
    }
  }
}
