package retl.warehouse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Warehouse;

/**
 * Watches over the sockets of one connection. Each connects only to an address that the rules
 * allow, whatever the name resolved to before, and lets nothing be read after the deadline: a
 * server that stalls, or sends a byte now and then for ever, ends with an error like any broken
 * connection. So does one that sends more than any result may have.
 */
public final class SocketGuard {
  /** Above what a driver may take for one result; what it makes of it in memory is larger. */
  private static final long MAX_RECEIVED = 80L * 1024 * 1024;

  private static final ScopedValue<SocketGuard> CURRENT = ScopedValue.newInstance();

  private final AddressRules rules;
  private final Trust trust;
  private final Clock clock;
  private final AtomicLong received = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Instant deadline;
  private volatile boolean isClosed;
  private volatile @Nullable IOException ended;

  /** A guard that believes whom the Java platform believes. */
  public SocketGuard(AddressRules rules, Clock clock, Instant deadline) {
    this(rules, Trust.PLATFORM, clock, deadline);
  }

  public SocketGuard(AddressRules rules, Trust trust, Clock clock, Instant deadline) {
    this.rules = rules;
    this.trust = trust;
    this.clock = clock;
    this.deadline = deadline;
  }

  /**
   * Does what makes a {@link GuardedSocketFactory}, which then makes sockets of this guard. Drivers
   * know a factory by its name alone, so the guard cannot be handed to them; the factory must be
   * made by the calling thread.
   */
  public <T, X extends Throwable> T whileOpening(ScopedValue.CallableOp<T, X> opening) throws X {
    return ScopedValue.where(CURRENT, this).call(opening);
  }

  /** Sets another time after which nothing is read. */
  public void endAt(Instant deadline) {
    this.deadline = deadline;
  }

  /** Leaves no more than this, for what nobody has to wait for. */
  public void endWithin(Duration time) {
    Instant end = clock.instant().plus(time);
    if (end.isBefore(deadline)) {
      deadline = end;
    }
  }

  /** Ends everything that goes through this guard for good, whoever waits for it. */
  public void close() {
    isClosed = true;
    open.forEach(SocketGuard::drop);
  }

  /**
   * Lets {@link #close} close this socket too: one that leads to no server, such as the driver's to
   * a proxy of ours, and so is not of this guard.
   */
  public void closeWithThis(Socket socket) {
    open.add(socket);
    if (isClosed) {
      drop(socket);
    }
  }

  private static void drop(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, open or not.
      return;
    }
  }

  /** The guard that the calling thread opens a connection with. */
  static SocketGuard current() {
    return CURRENT.get();
  }

  Trust trust() {
    return trust;
  }

  /** A socket of this guard, not connected yet. */
  public Socket socket() {
    return new GuardedSocket();
  }

  /** True when an address may be connected to. */
  public boolean allows(InetAddress address) {
    return rules.allows(address);
  }

  /**
   * Adds to an error why this guard ended a connection, if it did: for drivers that do not hand on
   * what a socket threw.
   */
  public void explain(SQLException error) {
    IOException reason = ended;
    if (reason != null) {
      error.addSuppressed(reason);
    }
  }

  /**
   * Refuses a host that has no address, or a closed one. One closed address among several closes
   * the name: the driver might take any of them.
   */
  public void requireOpen(Warehouse warehouse, String host) throws CheckFailed {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!rules.allows(address)) {
          throw new CheckFailed(Fault.unreachable(warehouse));
        }
      }
    } catch (UnknownHostException e) {
      throw new CheckFailed(Fault.unknownHost());
    }
  }

  private int millisLeft() throws DeadlinePassed {
    Instant now = clock.instant();
    if (isClosed || !now.isBefore(deadline)) {
      throw ended(new DeadlinePassed());
    }
    long left = Duration.between(now, deadline).toMillis();
    return Math.clamp(left, 1, Integer.MAX_VALUE);
  }

  private void count(int bytes) throws IOException {
    if (bytes > 0 && received.addAndGet(bytes) > MAX_RECEIVED) {
      throw ended(new TooMuchReceived());
    }
  }

  private <X extends IOException> X ended(X reason) {
    ended = reason;
    return reason;
  }

  /** Thrown for an address that the rules close; drivers pass it on as the cause of their error. */
  static final class AddressClosed extends IOException {
    AddressClosed() {
      super("This address is closed.");
    }
  }

  /**
   * Thrown when it is too late to read. It is no {@link SocketTimeoutException}: after one of those
   * the PostgreSQL driver reads again, and would do so for ever.
   */
  static final class DeadlinePassed extends IOException {
    DeadlinePassed() {
      super("The deadline has passed.");
    }
  }

  /** Thrown when the server has sent more than any result may have. */
  static final class TooMuchReceived extends IOException {
    TooMuchReceived() {
      super("The server sent more than any result may have.");
    }
  }

  private final class GuardedSocket extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !rules.allows(address.getAddress())) {
        throw new AddressClosed();
      }
      closeWithThis(this);
      int left = millisLeft();
      super.connect(endpoint, timeout == 0 ? left : Math.min(timeout, left));
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      super.close();
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
  private final class GuardedInput extends FilterInputStream {
    private final Socket socket;

    GuardedInput(InputStream in, Socket socket) {
      super(in);
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int allowed = socket.getSoTimeout();
      int left = millisLeft();
      socket.setSoTimeout(allowed == 0 ? left : Math.min(allowed, left));
      try {
        int got = in.read(bytes, from, count);
        count(got);
        return got;
      } catch (SocketTimeoutException e) {
        // By what was waited for, not by the clock: a wait of whole milliseconds may end before it.
        throw allowed == 0 || left <= allowed ? ended(new DeadlinePassed()) : e;
      } finally {
        if (!socket.isClosed()) {
          socket.setSoTimeout(allowed);
        }
      }
    }
  }
}
