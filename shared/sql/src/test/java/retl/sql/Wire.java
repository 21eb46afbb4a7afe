package retl.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A connection to PostgreSQL that sends a text as one message, just as it is. The driver cannot be
 * the oracle for this: it cuts texts at semicolons itself. Many requests travel at once.
 */
final class Wire implements AutoCloseable {

  /**
   * What the server said to one request.
   *
   * @param code SQLSTATE of the error; empty when there was none
   * @param error its text
   * @param columns of the described statement; -1 when it gives no rows or was not described
   * @param rows how many came
   * @param firstRow its values, joined by blanks
   */
  record Answer(String code, String error, int columns, int rows, String firstRow) {
    boolean failed() {
      return !code.isEmpty();
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private int requests;

  Wire(int port, String user, String password, String database) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new DataOutputStream(socket.getOutputStream());
    ByteArrayOutputStream startup = new ByteArrayOutputStream();
    startup.write(ByteBuffer.allocate(4).putInt(3 << 16).array());
    for (String part :
        new String[] {"user", user, "database", database, "client_encoding", "UTF8"}) {
      startup.write(bytes(part));
    }
    startup.write(0);
    out.writeInt(startup.size() + 4);
    out.write(startup.toByteArray());
    message('p', bytes(password));
    out.write(pending.toByteArray());
    pending.reset();
    readAnswer();
  }

  private static byte[] bytes(String text) {
    return (text + "\0").getBytes(UTF_8);
  }

  private void message(char type, byte[]... parts) throws IOException {
    int length = 4;
    for (byte[] part : parts) {
      length += part.length;
    }
    pending.write(type);
    pending.write(ByteBuffer.allocate(4).putInt(length).array());
    for (byte[] part : parts) {
      pending.write(part);
    }
  }

  /** Asks what the text is, as one statement, without running it. */
  void describe(String text) throws IOException {
    message('P', bytes(""), bytes(text), new byte[2]);
    message('D', bytes("S"));
    sync();
  }

  /** Runs the text as one statement and takes at most {@code maxRows} rows. */
  void run(String text, int maxRows) throws IOException {
    message('P', bytes(""), bytes(text), new byte[2]);
    message('B', bytes(""), bytes(""), new byte[6]);
    message('E', bytes(""), ByteBuffer.allocate(4).putInt(maxRows).array());
    sync();
  }

  private void sync() throws IOException {
    message('S');
    requests++;
  }

  /** Sends what was asked for, and gives the answers in order. */
  List<Answer> answers() throws IOException {
    out.write(pending.toByteArray());
    out.flush();
    pending.reset();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      answers.add(readAnswer());
    }
    requests = 0;
    return answers;
  }

  private Answer readAnswer() throws IOException {
    String code = "";
    String error = "";
    int columns = -1;
    int rows = 0;
    String first = "";
    while (true) {
      int type = in.readUnsignedByte();
      ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
      switch (type) {
        case 'Z' -> {
          return new Answer(code, error, columns, rows, first);
        }
        case 'E' -> {
          code = field(body, 'C');
          error = field(body, 'M');
        }
        case 'T' -> columns = body.getShort();
        case 'D' -> {
          first = rows == 0 ? row(body) : first;
          rows++;
        }
        default -> {
          // Notices, parameters, completions: nothing that an answer says.
        }
      }
    }
  }

  private static String field(ByteBuffer body, char wanted) {
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    return Stream.of(new String(bytes, UTF_8).split("\0", -1))
        .filter(field -> !field.isEmpty() && field.charAt(0) == wanted)
        .map(field -> field.substring(1))
        .findFirst()
        .orElse("?");
  }

  private static String row(ByteBuffer body) {
    List<String> values = new ArrayList<>();
    int columns = body.getShort();
    for (int i = 0; i < columns; i++) {
      int length = body.getInt();
      if (length >= 0) {
        byte[] value = new byte[length];
        body.get(value);
        values.add(new String(value, UTF_8));
      }
    }
    return String.join(" ", values);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
