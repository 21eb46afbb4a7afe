package retl.local;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import retl.local.LocalService.Options;
import retl.local.LocalService.Ready;
import retl.local.LocalService.WorkspacesFactory;

/**
 * The command {@code dev demo}: the quickstart against a fresh service, in a folder that it removes
 * again.
 */
@Command(
    name = "demo",
    description = "Runs the README's quickstart against a fresh service in a temporary folder.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--template", defaultValue = "${sys:template:-template.yaml}", hidden = true)
  private Path template = Path.of("template.yaml");

  private final WorkspacesFactory workspaces;

  DemoCommand(WorkspacesFactory workspaces) {
    this.workspaces = workspaces;
  }

  /** 0 when every step held, else 1. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("retl-models-demo");
    System.out.println("Starting a fresh service ...");
    PrintStream console = System.err;
    // The steps are what is to be read here; the functions' own lines go where nobody looks.
    System.setErr(new PrintStream(Files.newOutputStream(folder.resolve("functions.log")), true));
    try (LocalService service =
        LocalService.start(new Options(0, folder, true, template), workspaces)) {
      return run(service.ready(), console);
    } finally {
      System.setErr(console);
      delete(folder);
    }
  }

  private static int run(Ready ready, PrintStream console)
      throws IOException, InterruptedException {
    Map<String, Object> sample = new LinkedHashMap<>(ready.credential().orElseThrow());
    String token =
        ready.tokens().getOrDefault(LocalService.WORKSPACES.getFirst(), Map.of()).get("admin");
    if (token == null) {
      throw new IllegalStateException("The service has no token for an admin.");
    }
    try {
      new Demo(ready.url(), token, System.out).run(sample);
      System.out.println("\nEvery step held.");
      return 0;
    } catch (Demo.Failed e) {
      console.println("\ndemo: " + e.getMessage());
      return 1;
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
