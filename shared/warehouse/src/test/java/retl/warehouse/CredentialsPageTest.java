package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page on credentials prints what the failed checks print. */
class CredentialsPageTest {
  private static final Grants GRANTS = new Grants("reader", "_rudderstack");

  static Stream<Fault> faults() {
    return Stream.of(
        GRANTS.noSchema(List.of("public")), GRANTS.noStateSchema(), GRANTS.closedStateSchema());
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
