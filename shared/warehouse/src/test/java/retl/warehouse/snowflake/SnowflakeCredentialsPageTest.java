package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.credential.SnowflakeSettings;
import retl.warehouse.Fault;

/** The page on credentials prints what the failed checks print. */
class SnowflakeCredentialsPageTest {
  private static final String ROLE = "READER";
  private static final SnowflakeSettings SETTINGS =
      new SnowflakeSettings(
          "myorg-account1",
          "reader",
          "reader",
          "loading",
          "shop",
          "public",
          "keyPair",
          "_RUDDERSTACK");

  static Stream<Fault> faults() {
    return Stream.of(
        SnowflakeRemedies.unknownRole(SETTINGS),
        SnowflakeRemedies.wrongKey(SETTINGS),
        SnowflakeRemedies.unknownWarehouse(SETTINGS, ROLE),
        SnowflakeRemedies.unknownDatabase(SETTINGS, ROLE),
        SnowflakeRemedies.noSchema(SETTINGS, ROLE),
        SnowflakeRemedies.noStateSchema(SETTINGS, ROLE),
        SnowflakeRemedies.closedStateSchema(SETTINGS, ROLE),
        SnowflakeRemedies.suspendedWarehouse(SETTINGS),
        SnowflakeRemedies.networkPolicyNeeded(SETTINGS),
        SnowflakeRemedies.networkPolicy(SETTINGS),
        SnowflakeRemedies.secondFactor(SETTINGS));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void hasTheStatementsOfEveryRemedy(Fault fault) throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("projectRoot"), "docs", "credentials.md"));
    String statements = String.join("\n", Objects.requireNonNull(fault.remedy()).sql());

    assertThat(page).contains("`" + fault.code() + "`").contains("```sql\n" + statements + "\n```");
  }
}
