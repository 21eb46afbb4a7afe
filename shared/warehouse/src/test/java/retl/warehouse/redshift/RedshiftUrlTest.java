package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.amazon.redshift.Driver;
import com.amazon.redshift.RedshiftProperty;
import com.amazon.redshift.util.RedshiftProperties;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.credential.RedshiftSettings;
import retl.core.warehouse.Warehouse;
import retl.warehouse.RandomSettings;
import retl.warehouse.TestServer;

/** What the driver itself reads in the URLs that are made for it. */
class RedshiftUrlTest {
  private static final long SEED = 20_260_102;

  @Test
  void theDriverReadsWhatWasMeantInEverySettingThatTheGrammarAccepts() throws SQLException {
    RandomSettings random = new RandomSettings(new Random(SEED));
    int accepted = 0;
    for (int i = 0; i < RandomSettings.ROUNDS; i++) {
      Map<String, Object> fields = random.fields(Map.of("authentication", "password"));
      if (RandomSettings.accepted(Warehouse.REDSHIFT, fields).orElse(null)
          instanceof RedshiftSettings settings) {
        accepted++;
        Properties parsed =
            Objects.requireNonNull(
                Driver.parseURL(RedshiftConnector.url(settings), new RedshiftProperties()));
        assertThat(parsed)
            .as("seed %s, round %s: %s", SEED, i, fields)
            .containsOnly(
                Map.entry("host", settings.host()),
                Map.entry("port", Integer.toString(settings.port())),
                Map.entry("dbname", settings.database()),
                Map.entry("iamauth", "false"));
        // The same together with all properties, as before every connection.
        RedshiftConnector.requireAsIntended(
            settings,
            RedshiftConnector.url(settings),
            RedshiftConnector.properties(
                settings, DatabaseLogin.of(settings, TestServer.secret())));
      }
    }
    assertThat(accepted).isGreaterThan(RandomSettings.ROUNDS / 20);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example.net/x?ssl=false&a=, dev",
    "evil.example.net/x;ssl=false;a=, dev",
    "evil.example.net/x?user=awsuser&a=, dev",
    "'db.example.com:5439,evil.example.net', dev",
    "evil.example.net/x?plugin_name=a.B&a=, dev",
    "evil.example.net/x?IniFile=/tmp/x&a=, dev"
  })
  void noticesASettingThatTheGrammarShouldHaveRefused(String host, String database) {
    RedshiftSettings settings = RedshiftServer.settings(host, 5439, "u", database, "verify-full");

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                RedshiftConnector.requireAsIntended(
                    settings,
                    RedshiftConnector.url(settings),
                    RedshiftConnector.properties(
                        settings, DatabaseLogin.of(settings, TestServer.secret()))));
  }

  /** The driver takes unknown names in silence, so a misspelt one would do nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"verify-full", "require"})
  void setsPropertiesThatTheDriverHas(String sslMode) {
    RedshiftSettings settings = RedshiftServer.settings("h", 5439, "u", "d", sslMode);

    assertThat(
            RedshiftConnector.properties(settings, DatabaseLogin.of(settings, TestServer.secret()))
                .stringPropertyNames())
        .isSubsetOf(
            Arrays.stream(RedshiftProperty.values()).map(RedshiftProperty::getName).toList());
  }
}
