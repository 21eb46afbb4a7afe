package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.api.json.Json;

/**
 * The list of sample events is whole, and each event is one of the function that it is listed with.
 */
@Execution(ExecutionMode.CONCURRENT)
class SampleEventsTest {

  /** A line of the list. */
  record Sample(String event, String function, String expected) {}

  static Stream<Sample> samples() throws IOException {
    return Files.readAllLines(Contract.projectFile("events/expected.tsv")).stream()
        .skip(1)
        .map(line -> List.of(line.split("\t", -1)))
        .map(cells -> new Sample(cells.get(0), cells.get(1), cells.get(2)));
  }

  @Test
  void listsEveryFile() throws IOException {
    try (Stream<Path> files = Files.list(Contract.projectFile("events"))) {
      assertThat(samples().map(Sample::event))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".json"))
                  .toList());
    }
  }

  @Test
  void hasAnEventForEveryFunctionAndEveryRoute() throws IOException {
    Template template = Contract.ofProject().template();

    assertThat(samples().map(Sample::function).collect(Collectors.toSet()))
        .isEqualTo(template.functions().keySet());
    assertThat(samples().map(SampleEventsTest::routeKey).collect(Collectors.toSet()))
        .containsAll(template.routes().stream().map(Template.Route::key).toList());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isARequestThatItsFunctionAnswers(Sample sample) throws IOException {
    assertThat(functionsByRoute()).containsEntry(routeKey(sample), sample.function());
  }

  /** The events of functions that answer requests. */
  static Stream<Sample> requests() throws IOException {
    Map<String, String> functions = functionsByRoute();
    return samples().filter(sample -> functions.containsValue(sample.function()));
  }

  private static Map<String, String> functionsByRoute() throws IOException {
    return Contract.ofProject().template().routes().stream()
        .collect(Collectors.toMap(Template.Route::key, Template.Route::function));
  }

  private static String routeKey(Sample sample) {
    try {
      String event = Files.readString(Contract.projectFile("events").resolve(sample.event()));
      return TemplateValue.of(Json.parse(event)).at("routeKey").text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
