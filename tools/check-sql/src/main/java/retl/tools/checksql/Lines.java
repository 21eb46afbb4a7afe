package retl.tools.checksql;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, of which none is kept beyond a limit, however long it is. */
final class Lines {
  private final InputStream in;
  private final int longest;

  /**
   * @param longest in bytes
   */
  Lines(InputStream in, int longest) {
    this.in = new BufferedInputStream(in);
    this.longest = longest;
  }

  /**
   * The bytes of the next line that is not blank, without its end; of a longer one, one byte more
   * than the limit. Null at the end.
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean blank = true;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n' && !blank) {
        return line.toByteArray();
      }
      if (b > ' ') {
        blank = false;
      }
      if (!blank && line.size() <= longest) {
        line.write(b);
      }
    }
    return blank ? null : line.toByteArray();
  }
}
