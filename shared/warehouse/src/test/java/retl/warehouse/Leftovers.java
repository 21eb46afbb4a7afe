package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What many runs in one JVM leave behind there. {@code -Dinvocations=1000} makes it a thousand; the
 * figures are written to {@code target/leftovers-<name>.txt}.
 */
public final class Leftovers {
  private static final int RUNS = Integer.getInteger("invocations", 40);
  private static final int WARM_UP = 20;

  /** Fewer than runs that each leave one behind. */
  private static final int SOME = 10;

  private static final long MEGABYTE = 1024 * 1024;

  private Leftovers() {}

  /**
   * Does the same again and again, and compares what is there with what was there before.
   *
   * @param name of the figures
   */
  public static void areFew(String name, Callable<?> run) throws Exception {
    repeat(run, WARM_UP);
    Count before = Count.now();
    repeat(run, RUNS);
    Count after = Count.now();
    Files.writeString(
        Path.of("target", "leftovers-" + name + ".txt"),
        "%d runs: %s before, %s after%n".formatted(RUNS, before, after));
    assertThat(after.threads).as("threads").isLessThan(before.threads + SOME);
    assertThat(after.files).as("open files and sockets").isLessThan(before.files + SOME);
    assertThat(after.heap).as("bytes of heap").isLessThan(before.heap + 16 * MEGABYTE);
  }

  private static void repeat(Callable<?> run, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      run.call();
    }
  }

  /** What is there after everything that may end has ended. */
  private record Count(int threads, long files, long heap) {
    static Count now() throws IOException {
      // Twice: the first lets go of what the second can take.
      System.gc();
      System.gc();
      return new Count(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          openFiles(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    // Where there is no such folder, threads and heap have to do.
    private static long openFiles() throws IOException {
      Path folder = Path.of("/proc/self/fd");
      if (!Files.isDirectory(folder)) {
        return 0;
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files.count();
      }
    }

    @Override
    public String toString() {
      return "%d threads, %d files and sockets, %.1f MB of heap"
          .formatted(threads, files, (double) heap / MEGABYTE);
    }
  }
}
