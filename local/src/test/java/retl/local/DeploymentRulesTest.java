package retl.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What a reviewer of the template would look for, function by function. */
class DeploymentRulesTest {
  /** They answer from what they hold; a snapshot is restored no faster than they start. */
  private static final Set<String> WITHOUT_SNAPSHOT =
      Set.of("CheckHealthFunction", "ReadWorkspaceFunction", "AnswerUnknownRouteFunction");

  /**
   * What a rule may ask for, beside Ref.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html">AWS:
   *     Rule functions</a>
   */
  private static final Set<String> IN_RULES =
      Set.of(
          "Fn::And",
          "Fn::Contains",
          "Fn::EachMemberEquals",
          "Fn::EachMemberIn",
          "Fn::Equals",
          "Fn::If",
          "Fn::Not",
          "Fn::Or",
          "Fn::RefAll",
          "Fn::ValueOf",
          "Fn::ValueOfAll");

  /** The folder that the workers empty. */
  private static final String SCRATCH =
      " -Djava.io.tmpdir=/tmp/worker/tmp -Duser.home=/tmp/worker/home";

  private static final String OPTIONS = "JAVA_TOOL_OPTIONS: ";

  @Test
  void theTemplateKeepsThem() throws IOException {
    assertThat(faults(Files.readString(Contract.projectFile("template.yaml")))).isEmpty();
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "'- HasIssuer\n              - Sid: SeeWorkspaces\n                Effect: Allow\n                Action: dynamodb:GetItem', '- HasIssuer\n              - Sid: SeeWorkspaces\n                Effect: Allow\n                Action: dynamodb:*', 'SeeWorkspaces of AuthorizeCallerFunction allows dynamodb:*'",
    "'Action: sqs:SendMessage', 'Action: sqs:*', 'SendDueValidations of DispatchValidationsFunction allows sqs:*'",
    "'Resource: !GetAtt DueQueue.Arn', 'Resource: \"*\"', 'SendDueValidations of DispatchValidationsFunction allows it everywhere'",
    "'LeadingKeys: [\"SLOT#*\", \"AGAIN#*\"]', 'LeadingKeys: [\"*\"]', 'ReadSchedule of DispatchValidationsFunction reaches every item'",
    "'sts:ExternalId: [\"wsp_*\"]', 'sts:ExternalId: []', 'TakeRolesOfRedshift of RunPreviewFunction takes roles in nobody''s name'",
    "'Resource: !Ref RedshiftResources', 'Resource: \"*\"', 'AskForCredentialsOfRedshift of RunPreviewFunction allows it everywhere'",
    "' -Duser.home=/tmp/worker/home', '', 'RunPreviewFunction keeps what drivers write'",
    "'    SnapStart:\n      ApplyOn: PublishedVersions\n', '', 'CreateModelFunction starts without a snapshot'",
    "'    AutoPublishAlias: live\n', '', 'CreateModelFunction has no alias to go back by'",
    "'        MaximumRetryAttempts: 0\n', '', 'RunPreviewFunction is started again after a failure'",
    "'AlarmDescription: Callers or', 'Description: Callers or', 'ThrottlesAlarm does not say what it means'",
    "'  ThrottlesAlarm:', '  NewAlarm:', 'docs/operate.md does not know NewAlarm'",
    "'  OpenHostSuffixes:', '  NewParameter:', 'docs/deploy.md does not know NewParameter'",
    "'!EachMemberEquals [!Ref SubnetIds, \"\"]', '!Equals [!Join [\"\", !Ref SubnetIds], \"\"]', 'SubnetsAndGroupsTogether asks for Fn::Join'",
    "'DeletionPolicy: Retain', 'DeletionPolicy: Delete', 'Table goes with the stack'",
  })
  void aBreachIsNoticed(String text, String instead, String fault) throws IOException {
    String template = Files.readString(Contract.projectFile("template.yaml"));

    assertThat(template).contains(text);
    assertThat(faults(template.replace(text, instead))).contains(fault);
  }

  /** Else the deployed function fails at its first event, while every call from here succeeds. */
  @Test
  void theRuntimeCanCallEveryHandler() throws Exception {
    for (Template.Function function :
        Template.read(Contract.projectFile("template.yaml")).functions().values()) {
      assertThat(isCalledByTheRuntime(Class.forName(function.handler())))
          .as(function.handler())
          .isTrue();
    }
    assertThat(isCalledByTheRuntime(InheritsFromHidden.class)).as("the control").isFalse();
  }

  /**
   * A function whose JVM does not know an option never starts. One whose options differ in what a
   * cache of classes depends on starts without the one that Lambda's runtime brings.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">AWS:
   *     Customize Java runtime startup behavior for Lambda functions</a>
   */
  @Test
  void theJvmOfEveryFunctionTakesItsOptionsAndKeepsACacheOfClasses(@TempDir Path folder)
      throws Exception {
    String cache = folder.resolve("classes.aot").toString();
    assertThat(isStarted("", "-XX:AOTCacheOutput=" + cache)).isTrue();
    List<String> given =
        Files.readAllLines(Contract.projectFile("template.yaml")).stream()
            .map(String::strip)
            .filter(line -> line.startsWith(OPTIONS))
            .map(line -> line.substring(OPTIONS.length()))
            .distinct()
            .toList();
    assertThat(given).hasSizeGreaterThan(1);
    for (String options : given) {
      assertThat(isStartedFrom(cache, options)).as(options).isTrue();
    }
    assertThat(isStartedFrom(cache, "-XX:C1MaxOutlineSize=8")).as("unknown").isFalse();
    assertThat(isStartedFrom(cache, "--enable-native-access=ALL-UNNAMED")).as("other").isFalse();
  }

  private static boolean isStartedFrom(String cache, String options) throws Exception {
    return isStarted(options, "-XX:AOTMode=on", "-XX:AOTCache=" + cache);
  }

  private static boolean isStarted(String options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-XX:+UseSerialGC", "-version"));
    ProcessBuilder jvm = new ProcessBuilder(command);
    jvm.environment().put("JAVA_TOOL_OPTIONS", options);
    jvm.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return jvm.start().waitFor() == 0;
  }

  private static boolean isCalledByTheRuntime(Class<?> handler) throws NoSuchMethodException {
    Method method =
        handler.getMethod("handleRequest", InputStream.class, OutputStream.class, Context.class);
    return Modifier.isPublic(handler.getModifiers())
        && Modifier.isPublic(method.getDeclaringClass().getModifiers());
  }

  abstract static class Hidden {
    public final void handleRequest(InputStream input, OutputStream output, Context context) {}
  }

  /** As a handler once was. */
  public static final class InheritsFromHidden extends Hidden {}

  private static List<String> faults(String text) throws IOException {
    TemplateValue root = TemplateValue.of(new Yaml(new CloudFormationTags()).load(text));
    List<String> faults = new ArrayList<>();
    for (String parameter : root.at("Parameters").fields().keySet()) {
      if (!manual("deploy.md").contains("`" + parameter + "`")) {
        faults.add("docs/deploy.md does not know " + parameter);
      }
    }
    root.at("Rules").fields().forEach((id, rule) -> rule(id, rule, faults));
    for (Map.Entry<String, TemplateValue> resource : root.at("Resources").fields().entrySet()) {
      String id = resource.getKey();
      TemplateValue properties = resource.getValue().at("Properties");
      switch (resource.getValue().at("Type").text()) {
        case "AWS::Serverless::Function" -> function(id, root, properties, faults);
        case "AWS::CloudWatch::Alarm" -> alarm(id, properties, faults);
        case "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret" -> {
          if (!resource.getValue().at("DeletionPolicy").text().equals("Retain")
              || !resource.getValue().at("UpdateReplacePolicy").text().equals("Retain")) {
            faults.add(id + " goes with the stack");
          }
        }
        default -> {}
      }
    }
    return faults;
  }

  // CloudFormation refuses the whole template for another function, and most linters say nothing.
  private static void rule(String id, TemplateValue value, List<String> faults) {
    value.items().forEach(item -> rule(id, item, faults));
    value
        .fields()
        .forEach(
            (name, field) -> {
              if (name.startsWith("Fn::") && !IN_RULES.contains(name)) {
                faults.add(id + " asks for " + name);
              }
              rule(id, field, faults);
            });
  }

  private static void function(
      String id, TemplateValue root, TemplateValue properties, List<String> faults) {
    for (TemplateValue policy : properties.at("Policies").items()) {
      for (TemplateValue statement : policy.at("Statement").items()) {
        // One that is there under a condition is judged like the others.
        TemplateValue judged =
            statement.at("Fn::If").items().stream().skip(1).findFirst().orElse(statement);
        statement(judged.at("Sid").text() + " of " + id, judged, faults);
      }
    }
    TemplateValue globals = root.at("Globals", "Function");
    if (!globals
        .at("AutoPublishAlias")
        .or(properties.at("AutoPublishAlias"))
        .text()
        .equals("live")) {
      faults.add(id + " has no alias to go back by");
    }
    if (properties.at("CodeUri").text().startsWith("functions/warehouse/")
        && !properties
            .at("Environment", "Variables", "JAVA_TOOL_OPTIONS")
            .text()
            .contains(SCRATCH)) {
      faults.add(id + " keeps what drivers write");
    }
    boolean hasSnapshot =
        properties
            .at("SnapStart", "ApplyOn")
            .or(globals.at("SnapStart", "ApplyOn"))
            .text()
            .equals("PublishedVersions");
    boolean isWaitedFor =
        id.equals("AuthorizeCallerFunction")
            || properties.at("Events").fields().values().stream()
                .anyMatch(event -> event.at("Type").text().equals("HttpApi"));
    if (isWaitedFor && !hasSnapshot && !WITHOUT_SNAPSHOT.contains(id)) {
      faults.add(id + " starts without a snapshot");
    }
    TemplateValue invocation = properties.at("EventInvokeConfig");
    if (id.equals("RunPreviewFunction") || id.equals("RunValidationFunction")) {
      if (!invocation.at("MaximumRetryAttempts").text().equals("0")) {
        faults.add(id + " is started again after a failure");
      }
      if (invocation.at("DestinationConfig", "OnFailure").fields().isEmpty()) {
        faults.add(id + " fails without a trace");
      }
    }
  }

  private static void statement(String name, TemplateValue statement, List<String> faults) {
    List<String> actions = texts(statement.at("Action"));
    actions.stream()
        .filter(action -> action.contains("*"))
        .forEach(action -> faults.add(name + " allows " + action));
    if (texts(statement.at("Resource")).contains("*")) {
      faults.add(name + " allows it everywhere");
    }
    if (actions.contains("sts:AssumeRole")
        && statement.at("Condition", "StringLike", "sts:ExternalId").items().isEmpty()) {
      faults.add(name + " takes roles in nobody's name");
    }
    if (actions.stream().anyMatch(action -> action.startsWith("dynamodb:"))) {
      TemplateValue condition = statement.at("Condition");
      List<String> keys =
          texts(
              condition
                  .at("ForAllValues:StringLike", "dynamodb:LeadingKeys")
                  .or(condition.at("ForAllValues:StringEquals", "dynamodb:LeadingKeys")));
      if (keys.isEmpty() || keys.contains("*")) {
        faults.add(name + " reaches every item");
      }
    }
  }

  private static void alarm(String id, TemplateValue properties, List<String> faults) {
    if (properties.at("AlarmDescription").text().isEmpty()) {
      faults.add(id + " does not say what it means");
    }
    if (properties.at("AlarmActions").value() == null
        || properties.at("OKActions").value() == null) {
      faults.add(id + " tells nobody");
    }
    if (!manual("operate.md").contains("`" + id + "`")) {
      faults.add("docs/operate.md does not know " + id);
    }
  }

  private static String manual(String page) {
    try {
      return Files.readString(Contract.projectFile("docs").resolve(page));
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> texts(TemplateValue value) {
    return Stream.concat(Stream.of(value), value.items().stream())
        .map(TemplateValue::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
