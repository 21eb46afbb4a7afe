package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import retl.api.json.Json;

/** Each sample event is handed to its own function, over real stores that hold what it names. */
class SampleEventsRunTest {
  @TempDir static Path folder;

  private static SampleEvents samples;
  private static Functions functions;

  @BeforeAll
  static void startWithWhatTheEventsName() throws IOException {
    Path template = Contract.projectFile("template.yaml");
    samples = SampleEvents.start(folder, template, StoreWorkspaces::new);
    functions = Functions.of(Template.read(template), samples.environment());
  }

  @AfterAll
  static void end() {
    samples.close();
  }

  @TestFactory
  Stream<DynamicTest> comesOutAsListed() throws IOException {
    return SampleEventsTest.samples()
        .map(sample -> DynamicTest.dynamicTest(sample.event(), () -> run(sample)));
  }

  private static void run(SampleEventsTest.Sample sample) throws Exception {
    byte[] event = Files.readAllBytes(Contract.projectFile("events").resolve(sample.event()));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    functions
        .find(sample.function())
        .orElseThrow()
        .invoke("sample", new ByteArrayInputStream(event), answer);
    String text = answer.toString(StandardCharsets.UTF_8);

    switch (sample.expected()) {
      case "done" -> assertThat(text).isIn("", "{\"batchItemFailures\":[]}");
      case "nobody" -> assertThat(text).contains("\"context\":{}");
      case "ws_sample" -> assertThat(text).contains("\"workspace\":\"ws_sample\"");
      case "issued" -> assertThat(text).contains("\"workspace\":\"wsp_", "\"token\":\"rmt_");
      default ->
          assertThat(TemplateValue.of(Json.parse(text)).at("statusCode").text())
              .as(text)
              .isEqualTo(sample.expected());
    }
  }
}
