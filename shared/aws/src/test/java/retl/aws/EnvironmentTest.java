package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import retl.core.credential.NetworkRules;

class EnvironmentTest {

  @Test
  void namesAllThatIsMissing() {
    Environment environment = new Environment(Map.of("A", "a", "B", " "));

    assertThatIllegalStateException()
        .isThrownBy(() -> environment.require("A", "B", "C"))
        .withMessage("These environment variables are missing: B, C");
    assertThatIllegalStateException()
        .isThrownBy(() -> environment.get("C"))
        .withMessageEndingWith("C");
    assertThat(environment.require("A").get("A")).isEqualTo("a");
  }

  @Test
  void isStrictUnlessItIsTold() {
    assertThat(new Environment(Map.of()).networkRules()).isEqualTo(NetworkRules.STRICT);
    assertThat(new Environment(Map.of("LOCAL_MODE", "yes")).networkRules())
        .isEqualTo(NetworkRules.STRICT);
    assertThat(new Environment(Map.of("LOCAL_MODE", "true")).networkRules())
        .isEqualTo(NetworkRules.LOCAL);
    assertThat(
            new Environment(Map.of("OPEN_HOST_SUFFIXES", ".internal, .local,,com")).networkRules())
        .isEqualTo(new NetworkRules(false, false, Set.of(".internal", ".local"), List.of()));
    assertThat(new Environment(Map.of("OPEN_RANGES", "10.1.0.0/16, fd12::/32,")).networkRules())
        .isEqualTo(new NetworkRules(false, false, Set.of(), List.of("10.1.0.0/16", "fd12::/32")));
  }

  @Test
  void knowsAnEmulatorInLocalModeAlone() {
    String url = "http://127.0.0.1:8765";

    assertThat(new Environment(Map.of("SNOWFLAKE_ENDPOINT", url)).snowflakeEndpoint()).isEmpty();
    assertThat(
            new Environment(Map.of("SNOWFLAKE_ENDPOINT", url, "LOCAL_MODE", "true"))
                .snowflakeEndpoint())
        .contains(URI.create(url));
  }

  @Test
  void findsEndpointsAsAwsToolsNameThem() {
    Environment environment =
        new Environment(
            Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:2"));

    assertThat(environment.endpoint("DYNAMODB")).contains(URI.create("http://127.0.0.1:2"));
    assertThat(environment.endpoint("LAMBDA")).contains(URI.create("http://127.0.0.1:1"));
    assertThat(new Environment(Map.of()).endpoint("LAMBDA")).isEmpty();
  }

  @Test
  void findsTheRegion() {
    assertThat(new Environment(Map.of("AWS_REGION", "eu-west-1")).region()).isEqualTo("eu-west-1");
    assertThat(new Environment(Map.of("AWS_DEFAULT_REGION", "eu-west-2")).region())
        .isEqualTo("eu-west-2");
    assertThat(new Environment(Map.of()).region()).isEqualTo("us-east-1");
  }
}
