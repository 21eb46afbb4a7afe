package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * AWS's DynamoDB Local in a JVM of its own: on loopback, without telemetry, any region and any
 * credentials reaching the same tables. It ends with {@link #close} and, whatever happens to this
 * JVM, with this JVM.
 *
 * <p>Its jars are laid beside by the module {@code dynamodb-local}; the system property {@code
 * dynamodb.local} names another folder that holds them.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private final Process process;
  private final URI endpoint;

  private DynamoDbLocal(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Starts it and returns when it answers, some seconds later.
   *
   * @param data where the tables are kept, also past a kill of every process; null keeps them in
   *     memory
   * @param port the port to listen on, 0 for any free one
   * @throws IOException if its jars are not there or it did not start; the message says why
   */
  public static DynamoDbLocal start(@Nullable Path data, int port) throws IOException {
    if (data != null) {
      Files.createDirectories(data);
    }
    ProcessBuilder command = new ProcessBuilder(command(data, port)).redirectErrorStream(true);
    command.environment().put("DDB_LOCAL_TELEMETRY", "0");
    Process process = command.start();
    BufferedReader output = process.inputReader(UTF_8);
    try {
      int answering = awaitReady(output);
      // Else a full pipe would one day stop it.
      Thread.ofVirtual().name("dynamodb-local-output").start(() -> output.lines().forEach(l -> {}));
      return new DynamoDbLocal(process, URI.create("http://127.0.0.1:" + answering));
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where it answers, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return endpoint;
  }

  /** Ends it and waits until it has ended. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The JVM it runs in. */
  Process process() {
    return process;
  }

  private static List<String> command(@Nullable Path data, int port) throws IOException {
    Path ours = codeSource();
    Path jars = jars(ours);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It is short-lived and mostly idle: start fast, stay small.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", ours + System.getProperty("path.separator") + jars + "/*"));
    command.addAll(List.of(Loopback.class.getName(), Integer.toString(port)));
    command.addAll(List.of("-disableTelemetry", "-sharedDb"));
    // Its default lets a page of any origin read and write the tables.
    command.addAll(List.of("-cors", "http://127.0.0.1"));
    command.addAll(data == null ? List.of("-inMemory") : List.of("-dbPath", data.toString()));
    return command;
  }

  private static Path codeSource() throws IOException {
    try {
      return Path.of(
          DynamoDbLocal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("The place of our own classes is no path", e);
    }
  }

  /** From target/classes or target/standins.jar to the module beside. */
  private static Path jars(Path ours) throws IOException {
    String given = System.getProperty("dynamodb.local");
    Path jars =
        given != null
            ? Path.of(given)
            : ours.resolve("../../dynamodb-local/target/lib").toAbsolutePath().normalize();
    if (!Files.isDirectory(jars)) {
      throw new IOException(
          "DynamoDB Local is not in " + jars + ": build the module dynamodb-local first");
    }
    return jars;
  }

  /** The port it answers on; its last line, when it ends instead. */
  private static int awaitReady(BufferedReader output) throws IOException {
    String last = "it said nothing";
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(Loopback.READY)) {
        return Integer.parseInt(line.substring(Loopback.READY.length()));
      }
      last = line;
    }
    throw new IOException("DynamoDB Local did not start: " + last);
  }
}
