package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.Driver;
import retl.core.credential.PostgresSettings;
import retl.core.warehouse.Warehouse;
import retl.warehouse.RandomSettings;
import retl.warehouse.TestServer;

/** What the driver itself reads in the URLs that are made for it. */
class PostgresUrlTest {
  private static final long SEED = 20_260_101;

  @Test
  void theDriverReadsWhatWasMeantInEverySettingThatTheGrammarAccepts() {
    RandomSettings random = new RandomSettings(new Random(SEED));
    int accepted = 0;
    for (int i = 0; i < RandomSettings.ROUNDS; i++) {
      Map<String, Object> fields = random.fields(Map.of());
      if (RandomSettings.accepted(Warehouse.POSTGRES, fields).orElse(null)
          instanceof PostgresSettings settings) {
        accepted++;
        Properties parsed =
            Objects.requireNonNull(
                Driver.parseURL(PostgresConnector.url(settings), new Properties()));
        assertThat(parsed)
            .as("seed %s, round %s: %s", SEED, i, fields)
            .containsOnly(
                Map.entry("PGHOST", settings.host()),
                Map.entry("PGPORT", Integer.toString(settings.port())),
                Map.entry("PGDBNAME", settings.database()));
        // The same together with all properties, as before every connection.
        PostgresConnector.requireAsIntended(
            settings,
            PostgresConnector.url(settings),
            PostgresConnector.properties(settings, TestServer.secret(), Duration.ofSeconds(9)));
      }
    }
    assertThat(accepted).isGreaterThan(RandomSettings.ROUNDS / 20);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example.net/x?sslmode=disable&a=, dev",
    "evil.example.net/x?user=postgres&a=, dev",
    "'db.example.com:5432,evil.example.net', dev",
    "evil.example.net/x?loggerFile=y&a=, dev"
  })
  void noticesASettingThatTheGrammarShouldHaveRefused(String host, String database) {
    PostgresSettings settings =
        new PostgresSettings(host, 5432, database, "u", "verify-full", "_rudderstack");
    Properties properties = new Properties();
    properties.setProperty("user", "u");
    properties.setProperty("sslmode", "verify-full");

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                PostgresConnector.requireAsIntended(
                    settings, PostgresConnector.url(settings), properties));
  }
}
