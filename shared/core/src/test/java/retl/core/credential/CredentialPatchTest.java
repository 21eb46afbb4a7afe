package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.FieldError;
import retl.core.Fields;
import retl.core.Problem;
import retl.core.Refused;

class CredentialPatchTest {
  private static final PostgresSettings POSTGRES =
      new PostgresSettings("db.example.com", 5432, "shop", "reader", "require", "_rudderstack");

  private static final RedshiftSettings REDSHIFT =
      new RedshiftSettings(
          "c.abc.eu-west-1.redshift.example.com",
          5439,
          "shop",
          "reader",
          "iam",
          "require",
          "cluster",
          null,
          null,
          null,
          null,
          "_rudderstack");

  private static final SnowflakeSettings SNOWFLAKE =
      new SnowflakeSettings(
          "myorg-account1", "READER", "ROLE", "WH", "SHOP", null, "password", "_RUDDERSTACK");

  @ParameterizedTest(name = "{0}: {1} = {2} needs the secret: {3}")
  @CsvSource({
    "POSTGRES,  host,           other.example.com, true",
    "POSTGRES,  port,           6432,              true",
    "POSTGRES,  user,           writer,            true",
    "POSTGRES,  sslMode,        verify-full,       true",
    "POSTGRES,  database,       orders,            false",
    "POSTGRES,  stateSchema,    state,             false",
    "SNOWFLAKE, account,        myorg-account2,    true",
    "SNOWFLAKE, user,           WRITER,            true",
    "SNOWFLAKE, authentication, token,             true",
    "SNOWFLAKE, role,           OTHER,             false",
    "SNOWFLAKE, warehouse,      BIG,               false",
    "SNOWFLAKE, database,       ORDERS,            false",
    "REDSHIFT,  host,           other.example.com, false",
    "REDSHIFT,  authentication, password,          true",
  })
  void aStoredSecretGoesNowhereElse(
      String warehouse, String field, String value, boolean isNeeded) {
    Object given = field.equals("port") ? (Object) Long.valueOf(value) : value;
    Map<String, @Nullable Object> body = body("settings", body(field, given));

    if (isNeeded) {
      assertThat(errors(body, before(warehouse)))
          .containsExactly(
              new FieldError(
                  "secret",
                  FieldError.Code.SECRET_REQUIRED,
                  "Give the secret again: the stored one is not sent to another " + field + "."));
    } else {
      assertThat(read(body, before(warehouse)).secret()).isNull();
    }
  }

  @Test
  void withItsSecretEverythingMayChange() {
    CredentialPatch patch =
        read(
            Map.of(
                "settings",
                body("host", "other.example.com"),
                "secret",
                body("password", "new one")),
            before("POSTGRES"));

    assertThat(patch.settings().values()).containsEntry("host", "other.example.com");
    assertThat(patch.secret()).isEqualTo(new Secret(Map.of("password", "new one")));
  }

  @Test
  void settingsAreMergedFieldByFieldAndNullRemovesAnOptionalOne() {
    CredentialPatch patch = read(body("settings", body("role", null)), before("SNOWFLAKE"));

    assertThat(patch.settings())
        .isEqualTo(
            new SnowflakeSettings(
                "myorg-account1", "READER", null, "WH", "SHOP", null, "password", "_RUDDERSTACK"));
  }

  @Test
  void aSecretThatIsNoLongerUsedIsReplacedByNone() {
    RedshiftSettings password =
        new RedshiftSettings(
            REDSHIFT.host(),
            5439,
            "shop",
            "reader",
            "password",
            "require",
            null,
            null,
            null,
            null,
            null,
            "_rudderstack");
    Map<String, @Nullable Object> settings = body("authentication", "iam");
    settings.put("workgroup", "main");

    CredentialPatch patch =
        read(body("settings", settings), credential(password, List.of("password")));

    assertThat(patch.secret()).isEqualTo(new Secret(Map.of()));
  }

  @Test
  void tellsEveryBadFieldAtOnce() {
    Map<String, @Nullable Object> settings = body("host", "10.0.0.1");
    settings.put("bogus", null);
    Map<String, @Nullable Object> patch = body("name", " ");
    patch.put("settings", settings);
    patch.put("secret", body("password", "•••••"));
    patch.put("warehouse", "postgres");

    assertThat(errors(patch, before("POSTGRES")).stream().map(e -> e.field() + " " + e.code()))
        .containsExactlyInAnyOrder(
            "name INVALID",
            "settings.host INVALID",
            "settings.bogus UNKNOWN",
            "secret.password INVALID",
            "warehouse UNKNOWN");
  }

  @Test
  void settingsThatAreNotTouchedAreNotJudgedAgain() {
    PostgresSettings closed =
        new PostgresSettings("db.internal", 5432, "shop", "reader", "disable", "_rudderstack");

    assertThat(read(body("name", "New"), credential(closed, List.of("password"))).settings())
        .isEqualTo(closed);
  }

  @ParameterizedTest(name = "{0} = {1} moves queries: {2}")
  @CsvSource({
    "database,    orders,      true",
    "user,        writer,      true",
    "sslMode,     verify-full, false",
    "stateSchema, state,       false",
  })
  void whatAQueryFindsDependsOnMostSettings(String field, String value, boolean moves) {
    Map<String, @Nullable Object> patch = body("settings", body(field, value));
    patch.put("secret", body("password", "new one"));
    Credential before = before("POSTGRES");

    assertThat(read(patch, before).movesQueries(before)).isEqualTo(moves);
  }

  private static Map<String, @Nullable Object> body(String field, @Nullable Object value) {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put(field, value);
    return body;
  }

  private static CredentialPatch read(Map<String, ?> body, Credential before) {
    return CredentialPatch.read(Fields.of(body), before, NetworkRules.STRICT);
  }

  private static List<FieldError> errors(Map<String, ?> body, Credential before) {
    Refused refused = catchThrowableOfType(Refused.class, () -> read(body, before));
    return ((Problem.InvalidRequest) refused.problem()).errors();
  }

  private static Credential before(String warehouse) {
    return switch (warehouse) {
      case "POSTGRES" -> credential(POSTGRES, List.of("password"));
      case "REDSHIFT" -> credential(REDSHIFT, List.of());
      default -> credential(SNOWFLAKE, List.of("password"));
    };
  }

  private static Credential credential(Settings settings, List<String> secretFields) {
    Instant now = Instant.EPOCH;
    return new Credential(
        "crd_1",
        "Main",
        settings,
        secretFields,
        1,
        1,
        Credential.Status.VALID,
        null,
        now,
        "tok_1",
        now,
        "tok_1",
        1);
  }
}
