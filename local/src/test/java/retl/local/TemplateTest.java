package retl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.local.Template.Authorizer;
import retl.local.Template.Route;
import retl.local.fixture.FixtureWiring;

class TemplateTest {
  @TempDir Path folder;

  @Test
  void readsFunctionsWithWhatTheGlobalsSay() throws Exception {
    assertThat(fixture().functions()).containsOnlyKeys("Authorize", "Echo", "Open", "Worker");
    assertThat(function("Echo").handler()).isEqualTo("retl.local.fixture.EchoHandler");
    assertThat(function("Echo").timeout()).isEqualTo(Duration.ofSeconds(29));
    assertThat(function("Authorize").timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(function("Echo").variables())
        .isEqualTo(
            Map.of(
                "TABLE_NAME", new TemplateValue(Map.of("Ref", "Table")),
                "WORKER", new TemplateValue(Map.of("Ref", "Worker.Alias")),
                "LEVEL", new TemplateValue("debug")));
  }

  @Test
  void readsRoutesWithTheirAuthorizers() throws Exception {
    var tokens = Optional.of(new Authorizer("Authorize", List.of("Authorization")));

    assertThat(fixture().routes())
        .contains(
            new Route("GET", "/things", "Echo", tokens),
            new Route("ANY", "/things/special", "Echo", tokens),
            new Route("GET", "/health", "Open", Optional.empty()),
            new Route("ANY", "$default", "Open", Optional.empty()))
        .hasSize(10);
  }

  @Test
  void readsSchedulesQueuesAndDefaults() throws IOException {
    Template template =
        template(
            """
            Parameters: {Size: {Type: Number, Default: 5}, Name: {Type: String}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: x.Y
                  Events:
                    A: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(5 minutes), Input: "{}"}}
                    B: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
                    C: {Type: SQS, Properties: {Queue: !GetAtt Due.Arn}}
            """);

    assertThat(template.schedules())
        .containsExactly(
            new Template.Schedule("F", Duration.ofMinutes(5), "{}"),
            new Template.Schedule("F", Duration.ofDays(1), ""));
    assertThat(template.consumers()).isEqualTo(Map.of("Due", "F"));
    assertThat(template.parameters()).containsEntry("Size", "5").containsEntry("Name", "");
  }

  @ParameterizedTest
  @CsvSource({
    "{Type: HttpApi},                                                    $default",
    "'{Type: HttpApi, Properties: {Path: $default}}',                    $default",
    "'{Type: HttpApi, Properties: {Path: /$default, Method: ANY}}',      $default",
    "'{Type: HttpApi, Properties: {Path: /a, Method: get}}',             GET /a",
    "'{Type: HttpApi, Properties: {Path: /a}}',                          ANY /a",
    "'{Type: HttpApi, Properties: {Path: /a, Method: x-amazon-apigateway-any-method}}', ANY /a",
  })
  void readsEachWayToWriteARoute(String event, String key) throws IOException {
    Template template =
        template(
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {Handler: x.Y, Events: {E: %s}}
            """
                .formatted(event));

    assertThat(template.routes()).extracting(Route::key).containsExactly(key);
    assertThat(template.routes().getFirst().authorizer()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "!GetAtt Auth.Arn",
    "'!GetAtt [Auth, Arn]'",
    "!Ref Auth.Alias",
    "'{Fn::GetAtt: [Auth, Arn]}'",
    "'{Ref: Auth}'",
  })
  void findsTheAuthorizersFunction(String arn) throws IOException {
    Template template =
        template(
            """
            Globals:
              HttpApi: {Auth: {DefaultAuthorizer: A, Authorizers: {A: {FunctionArn: %s}}}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {Handler: x.Y, Events: {E: {Type: HttpApi}}}
            """
                .formatted(arn));

    assertThat(template.routes().getFirst().authorizer())
        .contains(new Authorizer("Auth", List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "'Resources: {F: {Type: AWS::Serverless::Function}}', The function F has no handler",
    "'Resources: [',                                      expected",
    "'a: !Ref [',                                         expected",
  })
  void saysWhatIsWrongWithATemplate(String text, String message) {
    assertThatThrownBy(() -> template(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("template.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "retl.local.fixture.Missing,     'The class of F is not here: retl.local.fixture.Missing'",
    "retl.local.TemplateTest,        retl.local.TemplateTest has no constructor with its wiring",
    "retl.local.TemplateTest$NotOne, retl.local.TemplateTest$NotOne is no RequestStreamHandler",
    "retl.local.TemplateTest$Faulty, retl.local.TemplateTest$Faulty cannot be made",
    "retl.local.fixture.EchoHandler, The variable TABLE of the function F has no local value",
  })
  void saysWhichFunctionCannotBeMade(String handler, String message) throws IOException {
    String variables = handler.endsWith("EchoHandler") ? "{TABLE: !Ref Table}" : "{}";
    Template template =
        template(
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {Handler: %s, Environment: {Variables: %s}}
            """
                .formatted(handler, variables));

    assertThatThrownBy(() -> Functions.of(template, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  /** Is put together like a handler, and is none. */
  public static final class NotOne {
    /** Takes a wiring. */
    public NotOne(FixtureWiring wiring) {}
  }

  /** Breaks while it is made. */
  public static final class Faulty {
    /** Takes a wiring. */
    public Faulty(FixtureWiring wiring) {
      throw new IllegalStateException("out of order");
    }
  }

  private static Template.Function function(String id) throws Exception {
    return Objects.requireNonNull(fixture().functions().get(id));
  }

  private static Template fixture() throws Exception {
    return Template.read(Path.of(TemplateTest.class.getResource("template.yaml").toURI()));
  }

  private Template template(String text) throws IOException {
    return Template.read(Files.writeString(folder.resolve("template.yaml"), text));
  }
}
