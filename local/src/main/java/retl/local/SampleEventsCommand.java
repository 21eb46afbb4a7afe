package retl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import retl.local.LocalService.WorkspacesFactory;

/** The command {@code dev sample-events}. */
@Command(
    name = "sample-events",
    description =
        "Runs stores that hold what the events in events/ name, for functions that run by themselves:"
            + " under SAM's command line or scripts/rie. Jobs are taken and not run.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class SampleEventsCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      description = "the folder of the stores, which are emptied at each start",
      defaultValue = ".local/sample-events")
  private Path data = Path.of(".local/sample-events");

  @Option(names = "--template", defaultValue = "${sys:template:-template.yaml}", hidden = true)
  private Path template = Path.of("template.yaml");

  private final WorkspacesFactory workspaces;

  SampleEventsCommand(WorkspacesFactory workspaces) {
    this.workspaces = workspaces;
  }

  /** Runs until it is told to end. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    empty();
    SampleEvents samples = SampleEvents.start(data, template, workspaces);
    SamFiles files = new SamFiles(data);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  files.delete();
                  samples.close();
                },
                "end"));
    files.write(template, samples.environment());
    System.out.println(
        """
        What the sample events name is there, and nothing is run by itself.
          sam local invoke ReadModelsFunction -e events/list-models.json
          scripts/rie ReadModelsFunction events/list-models.json
        Ctrl-C ends it.""");
    new CountDownLatch(1).await();
    return 0;
  }

  // Not the folder, which may be anybody's.
  private void empty() throws IOException {
    try (DataFolder held = DataFolder.open(data)) {
      DataFolder.delete(held.resolve("dynamodb"));
      DataFolder.delete(held.resolve("secrets"));
      Files.deleteIfExists(held.resolve("tokens.json"));
    }
  }
}
