package retl.local;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Two files by which a function runs by itself over local stores: {@code env.json} with the
 * variables of each, as SAM's command line and scripts/rie read it, and {@code template.yaml}.
 * Without the second, SAM would pass on those variables alone that the deployment's template
 * declares.
 */
final class SamFiles {
  private static final String ENVIRONMENT = "env.json";
  private static final String TEMPLATE = "template.yaml";

  private final Path folder;

  SamFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes both; the template first, so that both are there when the other one is.
   *
   * @param template the deployment's
   * @param local variables that every function sees
   * @throws IOException if the template declares a variable that has no value here
   */
  void write(Path template, Map<String, String> local) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("Parameters", local);
    all.putAll(Functions.environments(Template.read(template), local));
    PrivateFile.write(folder.resolve(TEMPLATE), declaring(template, local));
    PrivateFile.write(
        folder.resolve(ENVIRONMENT), JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all));
  }

  void delete() {
    try {
      Files.deleteIfExists(folder.resolve(ENVIRONMENT));
      Files.deleteIfExists(folder.resolve(TEMPLATE));
    } catch (IOException e) {
      System.err.println("dev: " + e.getMessage());
    }
  }

  // As text: what a YAML library writes has other tags and no comments.
  private static String declaring(Path template, Map<String, String> local) throws IOException {
    String text = Files.readString(template);
    Path root = template.toAbsolutePath().getParent();
    String declared =
        local.keySet().stream()
            .filter(name -> !text.contains("\n        " + name + ":"))
            .map(name -> "        " + name + ": local\n")
            .collect(Collectors.joining());
    return text.replace("CodeUri: ", "CodeUri: " + root + "/")
        .replaceFirst("(?m)^      Variables:\n", "      Variables:\n" + declared);
  }
}
