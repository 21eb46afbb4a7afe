package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function needs to run by itself, and the page that says how. */
class SamFilesTest {
  private static final Map<String, String> LOCAL =
      LocalService.environment(URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:2"));

  @TempDir static Path folder;

  private static Template template;

  @BeforeAll
  static void write() throws IOException {
    Path file = Contract.projectFile("template.yaml");
    template = Template.read(file);
    new SamFiles(folder).write(file, LOCAL);
  }

  private static Map<String, String> variables(String function) throws IOException {
    Map<String, Object> all = JSON.std.mapFrom(Files.readString(folder.resolve("env.json")));
    Map<?, ?> own = (Map<?, ?>) Objects.requireNonNull(all.get(function), function);
    return own.entrySet().stream()
        .collect(Collectors.toMap(e -> (String) e.getKey(), e -> (String) e.getValue()));
  }

  @Test
  void everyFunctionHasAValueForEachOfItsVariables() throws IOException {
    assertThat(template.functions()).isNotEmpty();
    for (Template.Function function : template.functions().values()) {
      assertThat(variables(function.id()).keySet())
          .as(function.id())
          .containsAll(function.variables().keySet())
          .containsAll(LOCAL.keySet());
    }
    assertThat(variables("CreateCredentialFunction").get("VALIDATION_FUNCTION"))
        .isEqualTo("RunValidationFunction");
  }

  /** SAM's command line passes on declared variables only. */
  @Test
  void theCopyOfTheTemplateDeclaresEveryVariableAndFindsTheZips() throws IOException {
    Path copy = folder.resolve("template.yaml");
    Template declaring = Template.read(copy);

    assertThat(declaring.functions().keySet()).isEqualTo(template.functions().keySet());
    for (Template.Function function : declaring.functions().values()) {
      assertThat(function.variables().keySet())
          .as(function.id())
          .isEqualTo(variables(function.id()).keySet());
    }
    Path root = Contract.projectFile("template.yaml").toAbsolutePath().getParent();
    assertThat(Files.readString(copy).lines().filter(line -> line.contains("CodeUri:")))
        .hasSameSizeAs(template.functions().keySet())
        .allMatch(line -> line.contains("CodeUri: " + root + "/functions/"));
  }

  @Test
  void bothAreGoneAfterwards(@TempDir Path other) throws IOException {
    SamFiles files = new SamFiles(other);
    files.write(Contract.projectFile("template.yaml"), LOCAL);

    files.delete();

    assertThat(other).isEmptyDirectory();
  }

  @Test
  void thePageHasALineForEachFunctionWithAnEventOfIts() throws IOException {
    Pattern line =
        Pattern.compile("^sam local invoke (\\w+) +-e events/(\\S+)$", Pattern.MULTILINE);
    Set<String> samples =
        SampleEventsTest.samples()
            .map(sample -> sample.function() + " " + sample.event())
            .collect(Collectors.toSet());
    Set<String> lines =
        line.matcher(Files.readString(Contract.projectFile("docs/how-to/run-one-function.md")))
            .results()
            .map(found -> found.group(1) + " " + found.group(2))
            .collect(Collectors.toSet());

    assertThat(samples).containsAll(lines);
    assertThat(
            lines.stream()
                .map(each -> each.substring(0, each.indexOf(' ')))
                .collect(Collectors.toSet()))
        .isEqualTo(template.functions().keySet());
  }
}
