package retl.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a sample warehouse that has its programs and its data: made once for all tests of
 * this JVM, which takes ten seconds, and copied for each of them, which takes one.
 */
final class PreparedSample {
  private PreparedSample() {}

  /** Made when the first test asks for it. */
  private static final class Original {
    static final Path FOLDER =
        Path.of(System.getProperty("projectRoot"), "local/target/prepared-sample");

    private Original() {}

    static {
      try {
        DataFolder.delete(FOLDER);
        SampleWarehouse.start(FOLDER).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Copies it to a folder that is not there yet, and gives the copy a port of its own, so that
   * several can run at once.
   */
  static void copyTo(Path folder) throws IOException {
    // With the rights of its files: the server refuses a folder that others can read.
    Process copy =
        new ProcessBuilder("cp", "-Rp", Original.FOLDER.toString(), folder.toString())
            .inheritIO()
            .start();
    if (copy.onExit().join().exitValue() != 0) {
      throw new IOException("The sample warehouse could not be copied to " + folder);
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Files.writeString(folder.resolve("port"), Integer.toString(free.getLocalPort()));
    }
  }
}
