package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.Driver;
import retl.core.Fields;
import retl.core.Refused;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Settings;
import retl.core.warehouse.Warehouse;

/** What the driver itself reads in the URLs that are made for it. */
class PostgresUrlTest {
  private static final long SEED = 20_260_101;
  private static final int ROUNDS = 10_000;
  private static final String NASTY = "aZ09_$.@+- é😀ß/?&=%;#\\:'\"|,()[]{}<>\t\n\0";

  @Test
  void theDriverReadsWhatWasMeantInEverySettingThatTheGrammarAccepts() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Map<String, Object> fields =
          Map.of(
              "host",
              random.nextInt(4) == 0 ? text(random) : host(random),
              "port",
              (long) random.nextInt(1024, 65_536),
              "database",
              text(random),
              "user",
              "u");
      if (settings(fields).orElse(null) instanceof PostgresSettings settings) {
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
      }
    }
    assertThat(accepted).isGreaterThan(ROUNDS / 20);
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

  private static Optional<Settings> settings(Map<String, Object> fields) {
    try {
      Fields all = Fields.of(fields);
      Settings settings = Settings.read(Warehouse.POSTGRES, all, NetworkRules.STRICT);
      all.end();
      return Optional.of(settings);
    } catch (Refused e) {
      return Optional.empty();
    }
  }

  private static String host(Random random) {
    return "db" + random.nextInt(1000) + "-x.example" + random.nextInt(10) + ".com";
  }

  private static String text(Random random) {
    int[] codePoints = NASTY.codePoints().toArray();
    int tame = random.nextInt(3) == 0 ? codePoints.length : 14;
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(tame)]);
    }
    return text.toString();
  }
}
