package retl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL that goes on after the JVM that started it was killed. It is known by the file in
 * which PostgreSQL notes its process, and by the program of that process, which lies in our folder:
 * the number alone may by now belong to somebody else's process.
 */
final class StaleServer {
  private StaleServer() {}

  /**
   * Ends the server of this data folder, when there is one, and forgets one that has died.
   *
   * @param programs the folder that its program is in, at any depth
   */
  static void end(Path cluster, Path programs) throws IOException {
    Path note = cluster.resolve("postmaster.pid");
    if (!Files.exists(note)) {
      return;
    }
    Optional<ProcessHandle> process = process(note);
    if (process.isEmpty()) {
      Files.deleteIfExists(note);
    } else if (isIn(programs, process.get())) {
      end(process.get());
    } else if (process.get().info().command().isPresent()) {
      Files.deleteIfExists(note);
    }
  }

  private static Optional<ProcessHandle> process(Path note) throws IOException {
    List<String> lines = Files.readAllLines(note);
    try {
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    } catch (NumberFormatException e) {
      throw new IOException(note + " is damaged", e);
    }
  }

  private static boolean isIn(Path folder, ProcessHandle process) {
    try {
      Optional<String> command = process.info().command();
      return command.isPresent() && Path.of(command.get()).startsWith(folder.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static void end(ProcessHandle server) throws IOException {
    try {
      // Its fast shutdown; on the SIGTERM that Java would send it waits for queries that nobody
      // waits for any more.
      new ProcessBuilder("kill", "-INT", Long.toString(server.pid())).start().waitFor();
      server.onExit().get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "A PostgreSQL of an earlier start, process " + server.pid() + ", does not end", e);
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
