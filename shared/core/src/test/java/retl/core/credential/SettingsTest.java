package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Fields;
import retl.core.warehouse.Warehouse;

class SettingsTest {
  private static final NetworkRules LOCAL =
      new NetworkRules(true, true, Set.of(".internal"), List.of());

  private static Map<String, Object> complete(Warehouse warehouse) {
    Map<String, Object> settings = new LinkedHashMap<>();
    switch (warehouse) {
      case POSTGRES -> {
        settings.put("host", "db.example.com");
        settings.put("port", 5432L);
        settings.put("database", "shop");
        settings.put("user", "report");
        settings.put("sslMode", "verify-full");
        settings.put("stateSchema", "_rudderstack");
      }
      case REDSHIFT -> {
        settings.put("host", "c1.abc.eu-west-1.redshift.amazonaws.com");
        settings.put("port", 5439L);
        settings.put("database", "shop");
        settings.put("user", "report");
        settings.put("authentication", "iam");
        settings.put("sslMode", "verify-full");
        settings.put("clusterIdentifier", "c1");
        settings.put("region", "eu-west-1");
        settings.put("roleArn", "arn:aws:iam::123456789012:role/retl/reader");
        settings.put("externalId", "ext-1");
        settings.put("stateSchema", "_rudderstack");
      }
      case SNOWFLAKE -> {
        settings.put("account", "myorg-account1");
        settings.put("user", "report@example.com");
        settings.put("role", "REPORTER");
        settings.put("warehouse", "COMPUTE_WH");
        settings.put("database", "SHOP");
        settings.put("schema", "PUBLIC");
        settings.put("authentication", "keyPair");
        settings.put("stateSchema", "_RUDDERSTACK");
      }
    }
    return settings;
  }

  private static Settings read(Warehouse warehouse, Map<String, Object> settings) {
    Fields fields = Fields.of(settings);
    Settings read = Settings.read(warehouse, fields, NetworkRules.STRICT);
    fields.end();
    return read;
  }

  private static List<String> bad(Warehouse warehouse, String field, @Nullable Object value) {
    return bad(warehouse, field, value, NetworkRules.STRICT);
  }

  private static List<String> bad(
      Warehouse warehouse, String field, @Nullable Object value, NetworkRules rules) {
    Map<String, Object> settings = complete(warehouse);
    if (value == null) {
      settings.remove(field);
    } else {
      settings.put(field, value);
    }
    return badFields(settings, fields -> Settings.read(warehouse, fields, rules));
  }

  @ParameterizedTest
  @EnumSource(Warehouse.class)
  void keepsEveryFieldInItsOrder(Warehouse warehouse) {
    Settings settings = read(warehouse, complete(warehouse));
    Map<String, Object> expected = complete(warehouse);
    expected.replaceAll((f, value) -> value instanceof Long n ? Math.toIntExact(n) : value);

    assertThat(settings.warehouse()).isEqualTo(warehouse);
    assertThat(settings.values()).containsExactlyEntriesOf(expected);
  }

  @ParameterizedTest(name = "{0} {1} = {2}")
  @CsvSource({
    "POSTGRES, port, 5432",
    "POSTGRES, sslMode, verify-full",
    "POSTGRES, stateSchema, _rudderstack",
    "REDSHIFT, port, 5439",
    "REDSHIFT, sslMode, verify-full",
    "REDSHIFT, stateSchema, _rudderstack",
    "SNOWFLAKE, stateSchema, _RUDDERSTACK",
  })
  void fillsInWhatIsLeftOut(Warehouse warehouse, String field, String value) {
    Map<String, Object> settings = complete(warehouse);
    settings.remove(field);

    assertThat(read(warehouse, settings).values().get(field)).hasToString(value);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "POSTGRES, host, missing",
    "POSTGRES, database, missing",
    "POSTGRES, user, missing",
    "REDSHIFT, host, missing",
    "REDSHIFT, database, missing",
    "REDSHIFT, user, missing",
    "REDSHIFT, authentication, missing",
    "REDSHIFT, clusterIdentifier, missing",
    "SNOWFLAKE, account, missing",
    "SNOWFLAKE, user, missing",
    "SNOWFLAKE, warehouse, missing",
    "SNOWFLAKE, database, missing",
    "SNOWFLAKE, authentication, missing",
  })
  void needsTheseFields(Warehouse warehouse, String field, String code) {
    assertThat(bad(warehouse, field, null)).containsExactly(field + " " + code);
  }

  @ParameterizedTest
  @EnumSource(Warehouse.class)
  void isClosed(Warehouse warehouse) {
    for (String field : List.of("url", "jdbcUrl", "options", "properties", "socketFactory")) {
      assertThat(bad(warehouse, field, "x")).containsExactly(field + " unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db",
        "localhost",
        "127.0.0.1",
        "10.0.0.1",
        "1.2.3.4.5",
        "0x7f.1",
        "[::1]",
        "::1",
        "DB.example.com",
        "db.example.com.",
        "db..example.com",
        "-db.example.com",
        "db-.example.com",
        "db_1.example.com",
        "db.example.com:5432",
        "//db.example.com",
        "db.example.com/x",
        "db.example.com?a=b",
        "a@db.example.com",
        "db.example.com,b.example.com",
        " db.example.com",
        "db.example.com\n",
        "d\u00fc.example.com",
        "db.\uff45xample.com",
        "db.example.internal",
        "x.localhost",
        "x.localdomain",
        "printer.local",
        "db.example.1",
      })
  void refusesHosts(String host) {
    assertThat(bad(Warehouse.POSTGRES, "host", host)).containsExactly("host invalid");
    assertThat(bad(Warehouse.REDSHIFT, "host", host)).containsExactly("host invalid");
  }

  @Test
  void refusesAHostOrALabelThatIsTooLong() {
    assertThat(bad(Warehouse.POSTGRES, "host", "a".repeat(64) + ".example.com"))
        .containsExactly("host invalid");
    assertThat(bad(Warehouse.POSTGRES, "host", "a".repeat(63) + ".example.com")).isEmpty();
    assertThat(bad(Warehouse.POSTGRES, "host", "a.".repeat(125) + "com")).isEqualTo(List.of());
    assertThat(bad(Warehouse.POSTGRES, "host", "a.".repeat(126) + "com"))
        .containsExactly("host too_long");
  }

  @ParameterizedTest(name = "{0} strictly {1}, local {2}")
  @CsvSource({
    "127.0.0.1, false, true",
    "localhost, false, true",
    "LOCALHOST, false, false",
    "127.0.0.2, false, false",
    "127.1, false, false",
    "db.example.internal, false, true",
    "db.example.local, false, false",
    "db.example.com, true, true",
  })
  void opensOnlyWhatTheOperatorOpened(String host, boolean strict, boolean local) {
    assertThat(bad(Warehouse.POSTGRES, "host", host).isEmpty()).isEqualTo(strict);
    assertThat(bad(Warehouse.POSTGRES, "host", host, LOCAL).isEmpty()).isEqualTo(local);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "1024, ",
    "65535, ",
    "1023, port invalid",
    "65536, port invalid",
    "0, port invalid",
    "-5432, port invalid",
    "6379, port invalid",
    "2000, port invalid",
    "9001, port invalid",
    "9200, port invalid",
  })
  void boundsPorts(long port, @Nullable String error) {
    assertThat(bad(Warehouse.POSTGRES, "port", port))
        .isEqualTo(error == null ? List.of() : List.of(error));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop", "Shop 2", "a.b@example.com", "größe", "a$1", "_x", "x-y", "数据"})
  void takesIdentifiers(String name) {
    for (Warehouse warehouse : Warehouse.values()) {
      assertThat(bad(warehouse, "database", name)).isEmpty();
      assertThat(bad(warehouse, "user", name)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " shop",
        "shop ",
        "a\"b",
        "a'b",
        "a;b",
        "a&b",
        "a?b",
        "a/b",
        "a\\b",
        "a\nb",
        "a\u0000b",
        "a%20b",
        "a=b",
        "a(b)",
        "a`b",
        "a\u202eb",
        "$a",
        "-a",
        "\ud800"
      })
  void refusesIdentifiersThatCouldMeanMore(String name) {
    for (Warehouse warehouse : Warehouse.values()) {
      assertThat(bad(warehouse, "database", name)).containsExactly("database invalid");
      assertThat(bad(warehouse, "stateSchema", name)).containsExactly("stateSchema invalid");
    }
  }

  @ParameterizedTest(name = "sslMode {0}: {1}")
  @CsvSource({
    "require, true",
    "disable, false",
    "prefer, false",
    "allow, false",
    "VERIFY-FULL, false",
    "'', false",
  })
  void takesOnlySafeTlsModes(String mode, boolean good) {
    assertThat(bad(Warehouse.POSTGRES, "sslMode", mode).isEmpty()).isEqualTo(good);
    assertThat(bad(Warehouse.REDSHIFT, "sslMode", mode).isEmpty()).isEqualTo(good);
  }

  @Test
  void takesPlaintextOnlyWhereTheOperatorDoesAndNeverOnRedshift() {
    assertThat(bad(Warehouse.POSTGRES, "sslMode", "disable", LOCAL)).isEmpty();
    assertThat(bad(Warehouse.REDSHIFT, "sslMode", "disable", LOCAL))
        .containsExactly("sslMode invalid");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "myorg-account1, true",
    "xy12345.eu-central-1, true",
    "xy12345.us-east-2.aws, true",
    "MYORG-MY_ACCOUNT, true",
    "myorg-account1.snowflakecomputing.com, false",
    "snowflakecomputing, false",
    "https://myorg-account1, false",
    "myorg/account1, false",
    "my org, false",
    "myorg-account1:443, false",
    "myorg-account1?a=b, false",
    "a..b, false",
    "-a, false",
    "'', false",
  })
  void takesSnowflakeAccountsAlone(String account, boolean good) {
    assertThat(bad(Warehouse.SNOWFLAKE, "account", account))
        .isEqualTo(good ? List.of() : List.of("account invalid"));
  }

  @Test
  void snowflakeObjectsDoNotBeginWithADigitButUsersMay() {
    for (String field : List.of("role", "warehouse", "database", "schema")) {
      assertThat(bad(Warehouse.SNOWFLAKE, field, "1abc")).containsExactly(field + " invalid");
    }
    assertThat(bad(Warehouse.SNOWFLAKE, "user", "1abc")).isEmpty();
  }

  @ParameterizedTest(name = "{0} = {1}: {2}")
  @CsvSource({
    "roleArn, arn:aws:iam::123456789012:role/reader, ",
    "roleArn, arn:aws-us-gov:iam::123456789012:role/a/b, ",
    "roleArn, arn:aws:iam::123456789012:user/reader, roleArn invalid",
    "roleArn, arn:aws:iam::1234:role/reader, roleArn invalid",
    "roleArn, reader, roleArn invalid",
    "region, eu-central-1, ",
    "region, us-gov-west-1, ",
    "region, EU-CENTRAL-1, region invalid",
    "region, eu-central-1.evil.example.com, region invalid",
    "clusterIdentifier, analytics-2, ",
    "clusterIdentifier, Analytics, clusterIdentifier invalid",
    "clusterIdentifier, a--b, clusterIdentifier invalid",
    "clusterIdentifier, 1a, clusterIdentifier invalid",
    "workgroup, default, workgroup invalid",
    "externalId, a, externalId invalid",
    "externalId, a b, externalId invalid",
    "authentication, IAM, authentication invalid",
  })
  void checksWhatRedshiftsIamNeeds(String field, String value, @Nullable String error) {
    assertThat(bad(Warehouse.REDSHIFT, field, value))
        .isEqualTo(error == null ? List.of() : List.of(error));
  }

  @Test
  void takesAWorkgroupInsteadOfACluster() {
    Map<String, Object> settings = complete(Warehouse.REDSHIFT);
    settings.remove("clusterIdentifier");
    settings.put("workgroup", "default-2");

    assertThat(read(Warehouse.REDSHIFT, settings).values()).containsEntry("workgroup", "default-2");
  }

  @Test
  void needsARoleForAnExternalId() {
    assertThat(bad(Warehouse.REDSHIFT, "roleArn", null)).containsExactly("externalId invalid");
  }

  @Test
  void tellsWhichSecretGoesWithThem() {
    assertThat(shape(Warehouse.POSTGRES, Map.of())).isEqualTo("[password] []");
    assertThat(shape(Warehouse.REDSHIFT, Map.of())).isEqualTo("[] []");
    assertThat(shape(Warehouse.REDSHIFT, Map.of("authentication", "password")))
        .isEqualTo("[password] []");
    assertThat(shape(Warehouse.SNOWFLAKE, Map.of()))
        .isEqualTo("[privateKey] [privateKeyPassphrase]");
    assertThat(shape(Warehouse.SNOWFLAKE, Map.of("authentication", "token")))
        .isEqualTo("[token] []");
    assertThat(shape(Warehouse.SNOWFLAKE, Map.of("authentication", "password")))
        .isEqualTo("[password] []");
  }

  private static String shape(Warehouse warehouse, Map<String, Object> changes) {
    Map<String, Object> settings = new HashMap<>(complete(warehouse));
    settings.putAll(changes);
    Settings.SecretShape shape = read(warehouse, settings).secretShape();
    return shape.required() + " " + shape.optional();
  }
}
