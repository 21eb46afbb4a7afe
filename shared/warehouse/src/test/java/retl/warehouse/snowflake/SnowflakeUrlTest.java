package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import net.snowflake.client.internal.jdbc.SnowflakeConnectString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.SnowflakeSettings;
import retl.core.warehouse.Warehouse;
import retl.warehouse.RandomSettings;

/** What the driver itself reads in what is made for it. */
class SnowflakeUrlTest {
  private static final long SEED = 20_260_101;
  private static final String NASTY = "aZ09_-.$@+ é😀ß/?&=%;#\\:'\"|,()[]{}<>\t\n\0";

  @Test
  void theDriverReadsWhatWasMeantInEverySettingThatTheGrammarAccepts() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < RandomSettings.ROUNDS; i++) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (String field : new String[] {"account", "user", "warehouse", "database", "role"}) {
        fields.put(field, text(random));
      }
      fields.put("authentication", "password");
      if (RandomSettings.accepted(Warehouse.SNOWFLAKE, fields).orElse(null)
          instanceof SnowflakeSettings settings) {
        accepted++;
        Reach reach = Reach.of(settings);
        Properties properties =
            new LoginProperties(settings, Account.PASSWORD, reach, 4711, Duration.ofSeconds(9))
                .verified();
        SnowflakeConnectString parsed = SnowflakeConnectString.parse(reach.url(), properties);
        assertThat(parsed.getHost())
            .as("seed %s, round %s: %s", SEED, i, fields)
            .isEqualTo(reach.host())
            .endsWith(".snowflakecomputing.com")
            .matches("[a-z0-9.-]+");
        assertThat(parsed.getParameters()).hasSameSizeAs(properties);
      }
    }
    assertThat(accepted).isGreaterThan(RandomSettings.ROUNDS / 50);
  }

  @ParameterizedTest
  @CsvSource({
    "myorg-account1, myorg-account1.snowflakecomputing.com",
    "MyOrg-My_Account, myorg-my-account.snowflakecomputing.com",
    "xy12345.eu-central-1, xy12345.eu-central-1.snowflakecomputing.com",
    "xy12345.eu-west-1.privatelink, xy12345.eu-west-1.privatelink.snowflakecomputing.com",
    "xy12345.cn-northwest-1, xy12345.cn-northwest-1.snowflakecomputing.cn"
  })
  void makesTheHostOfTheAccount(String account, String host) {
    assertThat(Reach.of(of(account)).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example.net/?user=x&a=",
    "evil.example.net:443/#",
    "a@evil.example.net/",
    "evil.example.net\\"
  })
  void noticesASettingThatTheGrammarShouldHaveRefused(String account) {
    SnowflakeSettings settings = of(account);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new LoginProperties(
                        settings, Account.PASSWORD, Reach.of(settings), 4711, Duration.ofSeconds(9))
                    .verified());
  }

  @ParameterizedTest
  @CsvSource({
    "myorg-account1.snowflakecomputing.com, 443, true",
    "myorg-account1.snowflakecomputing.com, 80, false",
    "other.snowflakecomputing.com, 443, false",
    "sfc-ds1.s3.us-west-2.amazonaws.com, 443, true",
    "sfc-ds1.s3.amazonaws.com, 443, true",
    "s3-us-west-2.amazonaws.com, 443, true",
    "sfc-ds1.s3.cn-north-1.amazonaws.com.cn, 443, true",
    "sts.amazonaws.com, 443, false",
    "secretsmanager.eu-central-1.amazonaws.com, 443, false",
    "s3.amazonaws.com.evil.net, 443, false",
    "sfc.blob.core.windows.net, 443, true",
    "storage.googleapis.com, 443, true",
    "bucket.storage.googleapis.com, 443, true",
    "metadata.google.internal, 80, false",
    "169.254.169.254, 80, false",
    "localhost, 443, false"
  })
  void reachesTheAccountAndTheStoresOfResultsAlone(String host, int port, boolean allowed) {
    assertThat(Reach.of(of("myorg-account1")).allows(host, port)).isEqualTo(allowed);
  }

  private static SnowflakeSettings of(String account) {
    return new SnowflakeSettings(account, "u", null, "w", "d", null, "password", "_RUDDERSTACK");
  }

  private static String text(Random random) {
    int[] codePoints = NASTY.codePoints().toArray();
    int tame = random.nextInt(4) == 0 ? codePoints.length : random.nextInt(2, 12);
    StringBuilder text = new StringBuilder("a");
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(tame)]);
    }
    return text.toString();
  }
}
