package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.yaml.snakeyaml.Yaml;
import retl.api.Priming;
import retl.api.Route;
import retl.standins.LambdaFunction;

/**
 * The functions do what the sample events ask, and what they rehearse, with the rights that the
 * template gives to each and no others.
 */
@Execution(ExecutionMode.CONCURRENT)
class RightsTest {
  @TempDir static Path folder;

  @Test
  void whatTheTemplateGrantsIsEnough() throws Exception {
    String template = Files.readString(Contract.projectFile("template.yaml"));

    Outcome outcome = run(template, folder.resolve("enough"));

    assertThat(outcome.refused).isEmpty();
    outcome.unneeded.forEach((function, rights) -> System.out.println(function + " " + rights));
  }

  // The control: one function may not read, another one not read all that it has to, and none may
  // start a job. What comes of a job that cannot be started is in the rights of who wanted it.
  @Test
  void aRightThatIsMissingIsNoticed() throws Exception {
    String template = Files.readString(Contract.projectFile("template.yaml"));
    String without =
        template
            .replace(
                "- Sid: WriteModels\n              Effect: Allow\n              Action: [dynamodb:GetItem,",
                "- Sid: WriteModels\n              Effect: Allow\n              Action: [")
            .replace(
                "dynamodb:LeadingKeys: [\"SLOT#*\", \"AGAIN#*\"]",
                "dynamodb:LeadingKeys: [\"AGAIN#*\"]")
            .replace("Action: lambda:InvokeFunction", "Action: lambda:GetFunction");

    Outcome outcome = run(without, folder.resolve("missing"));

    assertThat(outcome.refused)
        .anyMatch(each -> each.startsWith("CreateModelFunction: dynamodb:GetItem"))
        .anyMatch(each -> each.startsWith("DispatchValidationsFunction: dynamodb:Query"))
        .anyMatch(each -> each.startsWith("SubmitKeyCheckFunction: lambda:InvokeFunction"));
    assertThat(outcome.refused)
        .allMatch(
            each ->
                each.matches(
                    "CreateModelFunction: dynamodb:GetItem.*"
                        + "|DispatchValidationsFunction: dynamodb:Query.*"
                        + "|\\w+: lambda:InvokeFunction.*"));
  }

  private record Outcome(List<String> refused, Map<String, List<String>> unneeded) {}

  private static Outcome run(String text, Path data) throws Exception {
    Path file = Contract.projectFile("template.yaml");
    Template template = Template.read(file);
    TemplateValue resources =
        TemplateValue.of(new Yaml(new CloudFormationTags()).load(text)).at("Resources");
    Map<String, RightsGuard> guards = new LinkedHashMap<>();
    Map<String, Rights> rights = new TreeMap<>();
    try (SampleEvents samples = SampleEvents.start(data, file, StoreWorkspaces::new)) {
      Map<String, LambdaFunction> functions = new LinkedHashMap<>();
      for (Template.Function function : template.functions().values()) {
        Rights own = new Rights(resources.at(function.id()));
        RightsGuard guard = new RightsGuard(own, samples.environment());
        rights.put(function.id(), own);
        guards.put(function.id(), guard);
        functions.put(function.id(), Functions.one(template, function, guard.variables()));
      }
      for (SampleEventsTest.Sample sample : SampleEventsTest.samples().toList()) {
        invoke(
            Objects.requireNonNull(functions.get(sample.function())),
            Files.readString(Contract.projectFile("events").resolve(sample.event())));
      }
      for (Template.Route route : template.routes()) {
        if (Route.of(route.key()).isPresent()) {
          invoke(
              Objects.requireNonNull(functions.get(route.function())),
              Priming.event(Route.of(route.key()).get()));
        }
      }
      List<String> refused = new ArrayList<>();
      guards.forEach((id, guard) -> guard.refused().forEach(each -> refused.add(id + ": " + each)));
      Map<String, List<String>> unneeded = new TreeMap<>();
      rights.forEach((id, own) -> unneeded.put(id, own.unneeded()));
      unneeded.values().removeIf(List::isEmpty);
      return new Outcome(refused, unneeded);
    } finally {
      guards.values().forEach(RightsGuard::close);
    }
  }

  // What comes of it is another test's affair.
  private static void invoke(LambdaFunction function, String event) throws Exception {
    try {
      function.invoke(
          "sample",
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
          new ByteArrayOutputStream());
    } catch (RuntimeException e) {
      // A worker or a schedule that was refused something: the guard has noted it.
    }
  }
}
