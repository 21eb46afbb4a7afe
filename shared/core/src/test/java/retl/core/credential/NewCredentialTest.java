package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.core.Refusals.badFields;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retl.core.Fields;

class NewCredentialTest {
  private static final Map<String, Object> SETTINGS =
      Map.of("host", "db.example.com", "database", "shop", "user", "report");
  private static final Map<String, Object> GOOD =
      Map.of(
          "name",
          "Shop",
          "warehouse",
          "postgres",
          "settings",
          SETTINGS,
          "secret",
          Map.of("password", "pw"));

  private static Map<String, Object> with(String field, @Nullable Object value) {
    Map<String, Object> body = new HashMap<>(GOOD);
    if (value == null) {
      body.remove(field);
    } else {
      body.put(field, value);
    }
    return body;
  }

  private static List<String> bad(Map<String, Object> body) {
    return badFields(() -> NewCredential.read(Fields.of(body), NetworkRules.STRICT));
  }

  @Test
  void readsAWholeBody() {
    NewCredential read =
        NewCredential.read(Fields.of(with("skipValidation", true)), NetworkRules.STRICT);

    assertThat(read.name().text()).isEqualTo("Shop");
    assertThat(read.settings())
        .isEqualTo(
            new PostgresSettings(
                "db.example.com", 5432, "shop", "report", "verify-full", "_rudderstack"));
    assertThat(read.secret().required("password")).isEqualTo("pw");
    assertThat(read.skipValidation()).isTrue();
    assertThat(NewCredential.read(Fields.of(GOOD), NetworkRules.STRICT).skipValidation()).isFalse();
  }

  @Test
  void tellsAllBadFieldsAtOnce() {
    Map<String, Object> body = new HashMap<>();
    body.put("warehouse", "postgres");
    body.put("skipValidation", "yes");
    body.put("settings", Map.of("host", "10.0.0.1", "port", "5432", "user", "report", "url", "x"));
    body.put("secret", Map.of("password", "***"));
    body.put("colour", "red");

    assertThat(bad(body))
        .containsExactlyInAnyOrder(
            "name missing",
            "skipValidation wrong_type",
            "settings.host invalid",
            "settings.port wrong_type",
            "settings.database missing",
            "settings.url unknown",
            "secret.password invalid",
            "colour unknown");
  }

  @Test
  void saysNothingOfFieldsWhoseGrammarItDoesNotKnow() {
    assertThat(bad(with("warehouse", "mysql"))).containsExactly("warehouse invalid");
    assertThat(bad(with("warehouse", "Postgres"))).containsExactly("warehouse invalid");
    assertThat(bad(with("warehouse", 5L))).containsExactly("warehouse wrong_type");
    assertThat(bad(with("warehouse", null))).containsExactly("warehouse missing");
  }

  @Test
  void saysNothingOfASecretThatDependsOnBadSettings() {
    Map<String, Object> body = new HashMap<>(GOOD);
    body.put("warehouse", "snowflake");
    for (Object authentication : List.of("oauth", "", 5L)) {
      body.put(
          "settings",
          Map.of(
              "account", "a-b",
              "user", "u",
              "warehouse", "W",
              "database", "D",
              "authentication", authentication));

      assertThat(bad(body)).singleElement().asString().startsWith("settings.authentication ");
    }
    body.remove("settings");
    assertThat(bad(body)).containsExactly("settings missing");
  }

  @Test
  void needsTheSecretThatTheSettingsNeed() {
    assertThat(bad(with("secret", null))).containsExactly("secret missing");
    assertThat(bad(with("secret", "pw"))).containsExactly("secret wrong_type");
  }

  @Test
  void takesNoSecretForIam() {
    Map<String, Object> body = new HashMap<>(GOOD);
    body.put("warehouse", "redshift");
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.put("authentication", "iam");
    settings.put("clusterIdentifier", "c1");
    body.put("settings", settings);

    assertThat(bad(body)).containsExactly("secret.password unknown");
    body.put("secret", Map.of());
    assertThat(bad(body)).isEmpty();
    body.remove("secret");
    assertThat(bad(body)).isEmpty();
  }
}
