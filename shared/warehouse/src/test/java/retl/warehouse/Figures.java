package retl.warehouse;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures one warehouse, for {@code benchmarks/warehouses}; the figures go to {@code
 * target/figures.txt}.
 */
public final class Figures {
  /** What a preview asks for here. */
  public static final int ROWS = 50;

  /** A cell of the wide result. */
  public static final String VALUE = "value 1234";

  /** More rows than a preview asks for. */
  public static final String NARROW =
      "SELECT g AS id, 'name ' || g AS name, g * 1.5 AS amount, g > 7 AS is_large,"
          + " 'somewhat longer text, as notes are' AS note FROM generate_series(1, 1000) AS g";

  /** A thousand rows with a thousand values each. */
  public static final String WIDE =
      IntStream.range(0, 1000)
          .mapToObj(i -> "'" + VALUE + "' AS c" + i)
          .collect(Collectors.joining(", ", "SELECT ", " FROM generate_series(1, 1000) AS g"));

  private static final int WARM_UP = 60;
  private static final int PAIRS = 200;
  private static final int FORKS = 7;
  private static final double MEGABYTE = 1024 * 1024;

  private final String warehouse;

  public Figures(String warehouse) {
    this.warehouse = warehouse;
  }

  /** Compares a preview of ours with the same query through the driver alone, in turns. */
  public void previews(Callable<?> ours, Callable<?> bare) throws Exception {
    List<Long> oursMicros = new ArrayList<>();
    List<Long> bareMicros = new ArrayList<>();
    for (int i = 0; i < WARM_UP + PAIRS; i++) {
      long our = micros(ours);
      long their = micros(bare);
      if (i >= WARM_UP) {
        oursMicros.add(our);
        bareMicros.add(their);
      }
    }
    double our = median(oursMicros) / 1000.0;
    double their = median(bareMicros) / 1000.0;
    note(
        "preview of %d rows: %.2f ms, by the driver alone %.2f ms, ratio %.2f"
            .formatted(ROWS, our, their, our / their));
  }

  /** What a plain client does: it reads every value as text. */
  public static int read(Connection connection, String sql) throws Exception {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      int length = 0;
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          length += Objects.requireNonNullElse(rows.getString(i), "").length();
        }
      }
      return length;
    }
  }

  /** How much more of the heap is in use while this runs than before. */
  public void memory(Callable<?> run) throws Exception {
    run.call();
    long idle = used();
    AtomicBoolean isOver = new AtomicBoolean();
    long[] peak = new long[1];
    Thread sampler =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isOver.get()) {
                    peak[0] = Math.max(peak[0], used());
                  }
                });
    run.call();
    isOver.set(true);
    sampler.join();
    note(
        "preview of 1000 rows of 1000 values: %.1f MiB above idle (%.1f MiB)"
            .formatted((peak[0] - idle) / MEGABYTE, idle / MEGABYTE));
  }

  // What is still in use after a collection.
  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * Compares the first connections of new JVMs: with our settings, and with the driver's own.
   *
   * @param main whose {@code main} connects and calls {@link #connected}; it is given {@code ours}
   *     or {@code bare}, and the port
   */
  public void firstConnections(Class<?> main, int port) throws Exception {
    for (String settings : List.of("ours", "bare")) {
      List<Long> millis = new ArrayList<>();
      String classes = "";
      for (int i = 0; i < FORKS; i++) {
        String[] words = fork(main, settings, port).split(" ", -1);
        millis.add(Long.parseLong(words[0]));
        classes = words[1];
      }
      note(
          "first connection, %s settings: %d ms, %s classes"
              .formatted(
                  settings.equals("ours") ? "our" : "the driver's own", median(millis), classes));
    }
  }

  private static String fork(Class<?> main, String settings, int port) throws Exception {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes,
                main.getName(),
                settings,
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!child.waitFor(2, TimeUnit.MINUTES) || child.exitValue() != 0) {
      child.destroyForcibly();
      throw new IllegalStateException("The first connection failed: " + settings);
    }
    return said.strip();
  }

  /** Connects in a JVM that did nothing before, and prints what it took. */
  @SuppressWarnings("SystemOut") // The other JVM reads it.
  public static void connected(Callable<? extends AutoCloseable> connecting) throws Exception {
    long start = System.nanoTime();
    try (AutoCloseable connection = connecting.call()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      Objects.requireNonNull(connection);
      System.out.println(
          millis + " " + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }
    System.exit(0);
  }

  private static long micros(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private void note(String figure) throws IOException {
    Path file = Path.of("target", "figures.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        warehouse + ": " + figure + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
