package retl.local;

import static retl.local.LocalService.WORKSPACES;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import retl.local.LocalService.Options;
import retl.local.LocalService.Ready;
import retl.local.LocalService.WorkspacesFactory;
import retl.tools.checksql.CheckSqlCommand;

/** The command {@code dev}: runs the service until it is told to end. */
@Command(
    name = "dev",
    description = "Runs the whole service on this machine, with a sample warehouse.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Dev implements Callable<Integer> {
  private static final Pattern EMULATOR =
      Pattern.compile("http://(127\\.0\\.0\\.1|localhost):\\d{2,5}/?");

  @Option(names = "--port", description = "where the API answers", defaultValue = "8080")
  private int port;

  @Option(
      names = "--data",
      description = "the folder that keeps everything",
      defaultValue = ".local")
  private Path data = Path.of(".local");

  @Option(
      names = "--validate-every",
      description =
          "how often saved credentials are validated again, such as 24h, 6h or 30m; 0 or off for never",
      defaultValue = "24h")
  private String validateEvery = "24h";

  @Option(
      names = "--snowflake-endpoint",
      paramLabel = "<url>",
      description =
          "an emulator of Snowflake on this machine, such as http://127.0.0.1:8765: all credentials of"
              + " Snowflake lead to it")
  private @Nullable URI snowflakeEndpoint;

  @Option(
      names = "--cors-origin",
      paramLabel = "<origin>",
      description = "let web pages of this origin call, such as http://localhost:5173; repeatable",
      split = ",")
  private List<String> origins = List.of();

  @ArgGroup(exclusive = false)
  private ProviderOptions provider = new ProviderOptions();

  @Option(names = "--no-sample", description = "do without the sample warehouse")
  private boolean noSample;

  @Option(
      names = "--template",
      description = "the deployment's template",
      defaultValue = "${sys:template:-template.yaml}",
      hidden = true)
  private Path template = Path.of("template.yaml");

  private final WorkspacesFactory workspaces;

  Dev(WorkspacesFactory workspaces) {
    this.workspaces = workspaces;
  }

  /**
   * Runs the command.
   *
   * @return the exit code: 0, or 1 when something does not start, of which one line on the standard
   *     error says why, or 2 for a command line that is none
   */
  static int run(WorkspacesFactory workspaces, String... args) {
    return new CommandLine(new Dev(workspaces))
        .addSubcommand(new DemoCommand(workspaces))
        .addSubcommand(new ValidateAllCommand())
        .addSubcommand(new SampleEventsCommand(workspaces))
        .addSubcommand(new CheckSqlCommand())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (!(failure instanceof IOException)) {
                throw failure;
              }
              command.getErr().println("dev: " + failure.getMessage());
              return 1;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long began = System.nanoTime();
    LocalService service =
        LocalService.start(
            new Options(
                port,
                data,
                !noSample,
                template,
                ValidateEvery.read(validateEvery),
                emulator(snowflakeEndpoint),
                Set.copyOf(origins),
                provider.variables()),
            workspaces);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "end"));
    write(service.ready());
    System.out.println(welcome(service.ready(), (System.nanoTime() - began) / 1_000_000));
    new CountDownLatch(1).await();
    return 0;
  }

  private static Optional<URI> emulator(@Nullable URI url) throws IOException {
    if (url != null && !EMULATOR.matcher(url.toString()).matches()) {
      throw new IOException("--snowflake-endpoint must be http://127.0.0.1:<port>");
    }
    return Optional.ofNullable(url);
  }

  private void end(LocalService service) {
    try {
      Files.deleteIfExists(data.resolve("dev.json"));
      Files.deleteIfExists(data.resolve("dev.env"));
    } catch (IOException e) {
      System.err.println("dev: " + e.getMessage());
    }
    new SamFiles(data).delete();
    service.close();
  }

  /** For scripts: it is there while the service is ready. */
  private void write(Ready ready) throws IOException {
    JSON json = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);
    if (ready.credential().isPresent()) {
      PrivateFile.write(data.resolve("credential.json"), json.asString(ready.credential().get()));
    }
    PrivateFile.write(data.resolve("dev.env"), variables(ready));
    new SamFiles(data).write(template, ready.environment());
    PrivateFile.write(data.resolve("dev.json"), json.asString(description(ready)));
  }

  /** For a shell to read: nothing in it needs quoting. */
  private static String variables(Ready ready) {
    return "URL=%s\nTOKEN=%s\n".formatted(ready.url(), adminToken(ready));
  }

  private static String adminToken(Ready ready) {
    return ready.tokens().getOrDefault(WORKSPACES.getFirst(), Map.of()).getOrDefault("admin", "");
  }

  private static Map<String, Object> description(Ready ready) {
    List<Map<String, Object>> all = new ArrayList<>();
    ready.tokens().forEach((id, tokens) -> all.add(Map.of("id", id, "tokens", tokens)));
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("url", ready.url().toString());
    description.put("workspaces", all);
    ready
        .credential()
        .ifPresent(
            credential -> {
              Map<String, Object> sample = new LinkedHashMap<>(credential);
              sample.remove("name");
              description.put("sampleWarehouse", sample);
            });
    return description;
  }

  private String welcome(Ready ready, long milliseconds) {
    String token = adminToken(ready);
    String welcome =
        """

        The API answers at %1$s (started in %2$.1f s). What it keeps is in %3$s.
        A token of an admin: %4$s
        Tokens of other roles and of a second workspace are in %3$s/dev.json.

        Try it:
          export TOKEN=%4$s
          curl -s %1$s/workspace -H "Authorization: Bearer $TOKEN"
        """
            .formatted(ready.url(), milliseconds / 1000.0, data, token);
    String sample =
        """
          curl -s %1$s/credentials -H "Authorization: Bearer $TOKEN" --json @%2$s/credential.json
          CREDENTIAL=$(curl -s %1$s/credentials -H "Authorization: Bearer $TOKEN" | grep -o 'crd_[0-9a-z]*' | head -n 1)
          curl -s %1$s/previews -H "Authorization: Bearer $TOKEN" -H 'Prefer: wait=20' \\
            --json "{\\"credentialId\\": \\"$CREDENTIAL\\", \\"sql\\": \\"SELECT * FROM analytics.customer_ltv\\"}"
        """
            .formatted(ready.url(), data);
    return (ready.credential().isPresent() ? welcome + sample : welcome) + "\nCtrl-C ends it.";
  }
}
