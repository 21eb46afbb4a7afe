package retl.warehouse.redshift;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import retl.warehouse.RogueServer;
import retl.warehouse.TestServer;

/**
 * Makes a PostgreSQL look like a Redshift to the driver: it talks TLS by itself, keeps those
 * parameters of the startup that PostgreSQL knows, and passes everything else on. A column called
 * {@code oid4000} is shown as one of the type with this number, which PostgreSQL does not have.
 */
final class Shim implements RogueServer.Script {
  private static final int CANCEL = 80_877_102;
  private static final int TLS = 80_877_103;
  private static final Set<String> KNOWN =
      Set.of(
          "user",
          "database",
          "client_encoding",
          "DateStyle",
          "extra_float_digits",
          "application_name");

  private final int port;
  private final SSLContext tls;
  private final int bytes;

  /** Passes everything on. */
  Shim(TestServer server) throws IOException, GeneralSecurityException {
    this(server, Integer.MAX_VALUE);
  }

  /**
   * Passes only so many bytes of what the server says back, then nothing any more.
   *
   * @param bytes counted from the end of the TLS handshake
   */
  Shim(TestServer server, int bytes) throws IOException, GeneralSecurityException {
    this.port = server.port();
    this.tls = server.certificate().context();
    this.bytes = bytes;
  }

  @Override
  public void serve(Socket socket, RogueServer self) throws IOException {
    // As PostgreSQL's own server does; else the handshake's last record waits for the driver.
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] first = message(in);
    switch (code(first)) {
      case CANCEL -> cancel(first, socket);
      case TLS -> {
        socket.getOutputStream().write('S');
        try (SSLSocket client =
            (SSLSocket) tls.getSocketFactory().createSocket(socket, null, 0, false)) {
          client.setUseClientMode(false);
          relay(client, self);
        }
      }
      default -> throw new IOException("The driver talks without TLS.");
    }
  }

  private void relay(Socket client, RogueServer self) throws IOException {
    byte[] startup = startup(message(new DataInputStream(client.getInputStream())));
    try (Socket real = new Socket(InetAddress.getLoopbackAddress(), port)) {
      real.setTcpNoDelay(true);
      send(startup, real.getOutputStream());
      Thread.ofVirtual().start(() -> copy(client, real));
      if (bytes == Integer.MAX_VALUE) {
        passOn(new DataInputStream(new BufferedInputStream(real.getInputStream())), client);
      } else {
        client.getOutputStream().write(real.getInputStream().readNBytes(bytes));
        self.stall();
      }
    }
  }

  private static void passOn(DataInputStream real, Socket client) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
    for (int type = real.read(); type >= 0; type = real.read()) {
      byte[] message = message(real);
      if (type == 'T') {
        renumber(ByteBuffer.wrap(message));
      }
      out.write(type);
      send(message, out);
    }
  }

  // Of each column: its name, its table, its number there, its type and three more numbers.
  private static void renumber(ByteBuffer columns) {
    for (int left = columns.getShort(); left > 0; left--) {
      StringBuilder name = new StringBuilder();
      for (byte b = columns.get(); b != 0; b = columns.get()) {
        name.append((char) b);
      }
      if (name.toString().startsWith("oid")) {
        columns.putInt(columns.position() + 6, Integer.parseInt(name.substring(3)));
      }
      columns.position(columns.position() + 18);
    }
  }

  // The driver waits for the end of this connection to know that the request arrived.
  private void cancel(byte[] request, Socket client) throws IOException {
    try (Socket real = new Socket(InetAddress.getLoopbackAddress(), port)) {
      send(request, real.getOutputStream());
      real.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
    client.shutdownOutput();
  }

  private static byte[] message(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt() - 4);
  }

  private static void send(byte[] message, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(message.length + 4);
    data.write(message);
    data.flush();
  }

  private static int code(byte[] message) {
    return ByteBuffer.wrap(message).getInt();
  }

  private static byte[] startup(byte[] message) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(message, 0, 4);
    String[] fields =
        new String(message, 4, message.length - 4, StandardCharsets.UTF_8).split("\0", -1);
    for (int i = 0; i + 1 < fields.length && !fields[i].isEmpty(); i += 2) {
      if (KNOWN.contains(fields[i])) {
        kept.write((fields[i] + "\0" + fields[i + 1] + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    kept.write(0);
    return kept.toByteArray();
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side has gone.
      return;
    }
  }
}
