package retl.warehouse.snowflake;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of a request to a proxy: {@code CONNECT host:port} for a connection
 * with TLS, else a method with the whole address.
 */
record RequestHead(String method, String target, List<String> fields) {
  private static final int MAX = 32 * 1024;
  private static final String LENGTH = "content-length:";

  /** Reads a head; null when the client has closed before one. */
  static @Nullable RequestHead read(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    int left = MAX;
    while (true) {
      String line = line(in, left);
      if (line == null) {
        return null;
      }
      left -= line.length() + 2;
      if (line.isEmpty()) {
        return of(lines);
      }
      lines.add(line);
    }
  }

  private static @Nullable String line(InputStream in, int max) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next != '\n') {
      if (next < 0) {
        return null;
      }
      if (line.length() >= max) {
        throw new IOException("The head of the request is too long.");
      }
      line.append((char) next);
      next = in.read();
    }
    return line.toString().stripTrailing();
  }

  private static RequestHead of(List<String> lines) throws IOException {
    String[] words = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
    if (words.length != 3) {
      throw new IOException("This is no request.");
    }
    return new RequestHead(words[0], words[1], List.copyOf(lines.subList(1, lines.size())));
  }

  boolean isConnect() {
    return method.equals("CONNECT");
  }

  /** Where it wants to go. */
  URI address() throws IOException {
    try {
      return URI.create(isConnect() ? "https://" + target : target);
    } catch (IllegalArgumentException e) {
      throw new IOException("The request names no address.", e);
    }
  }

  /** How many bytes of a body follow. */
  long length() throws IOException {
    long length = 0;
    for (String field : fields) {
      String lower = field.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LENGTH)) {
        length = Long.parseLong(lower.substring(LENGTH.length()).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        throw new IOException("The driver tells the length of what it sends.");
      }
    }
    return length;
  }

  /** The same head as a server expects it that is no proxy. */
  byte[] forServer() throws IOException {
    URI address = address();
    String path =
        address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
