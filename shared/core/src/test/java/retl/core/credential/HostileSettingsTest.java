package retl.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.Fields;
import retl.core.Problem;
import retl.core.Refused;

/**
 * Each row of the hostile inputs, put into an otherwise good body: what no grammar may let through
 * is refused by name before anything is looked up, and an opaque value is kept as it is.
 */
class HostileSettingsTest {
  /**
   * Where the table and the contract differ: names of 128 to 255 characters are allowed (HC151,
   * HC163), an encrypted key without its passphrase is an error of the passphrase (HC241), and a
   * placeholder is no key that opens (HC249).
   */
  private static final Set<String> DIFFERENT = Set.of("HC151", "HC163", "HC241", "HC249");

  private record Row(String id, String warehouse, String field, Object value, String expected) {
    @Override
    public String toString() {
      return id + " " + warehouse + " " + field;
    }
  }

  static Stream<Row> refused() throws IOException {
    return rows().filter(row -> row.expected.equals("REJECT-GRAMMAR"));
  }

  /** Names that are closed only when they are looked up or connected to have a good spelling. */
  static Stream<Row> accepted() throws IOException {
    return rows().filter(row -> !row.expected.equals("REJECT-GRAMMAR"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesTheFieldByName(Row row) {
    assertThatThrownBy(() -> read(row))
        .isInstanceOfSatisfying(
            Refused.class,
            e ->
                assertThat(e.problem())
                    .isInstanceOfSatisfying(
                        Problem.InvalidRequest.class,
                        problem ->
                            assertThat(problem.errors())
                                .singleElement()
                                .satisfies(
                                    error -> {
                                      assertThat(error.field()).isEqualTo(path(row.field));
                                      assertThat(error.message())
                                          .doesNotContain("evil")
                                          .doesNotContain("169.254");
                                    })));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void keepsOpaqueValuesAsTheyAre(Row row) {
    NewCredential credential = read(row);

    Map<String, Object> values = new HashMap<>(credential.settings().values());
    values.putAll(credential.secret().values());
    assertThat(java.util.Objects.requireNonNull(values.get(row.field)).toString())
        .isEqualTo(row.value.toString());
  }

  private static NewCredential read(Row row) {
    Map<String, @Nullable Object> settings = new HashMap<>();
    Map<String, @Nullable Object> secret = new HashMap<>();
    settings.put("user", "svc");
    settings.put("database", "dev");
    if (row.warehouse.equals("snowflake")) {
      settings.putAll(Map.of("account", "org-a1", "warehouse", "wh"));
      boolean isKey = row.field.equals("privateKey");
      settings.put("authentication", isKey ? "keyPair" : "password");
      if (!isKey) {
        secret.put("password", "p");
      }
    } else {
      settings.put("host", "db.example.com");
      secret.put("password", "p");
      if (row.warehouse.equals("redshift")) {
        settings.put("authentication", "password");
      }
    }
    boolean isSecret = List.of("password", "privateKey").contains(row.field);
    (isSecret ? secret : settings).put(row.field, row.value);
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put("name", "n");
    body.put("warehouse", row.warehouse);
    body.put("settings", settings);
    body.put("secret", secret);
    return NewCredential.read(Fields.of(body), NetworkRules.STRICT);
  }

  private static String path(String field) {
    boolean isSecret = List.of("password", "privateKey").contains(field);
    return (isSecret ? "secret." : "settings.") + field;
  }

  // Rows about bodies and paths are for the reader of JSON and of routes, not for a field.
  private static Stream<Row> rows() throws IOException {
    try (InputStream file = HostileSettingsTest.class.getResourceAsStream("hostile.tsv")) {
      return new BufferedReader(
              new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))
              .lines()
              .skip(1)
              .map(line -> line.split("\t", -1))
              .filter(cells -> !DIFFERENT.contains(cells[0]))
              .filter(cells -> !cells[2].equals("(body)") && !cells[2].startsWith("(path)"))
              .flatMap(HostileSettingsTest::rows)
              .toList()
              .stream();
    }
  }

  private static Stream<Row> rows(String[] cells) {
    String field = cells[2].replace("(unknown) ", "").replace("private_key", "privateKey");
    String name = field.equals("privateKey_file") ? "private_key_file" : field;
    String warehouses = cells[1].equals("any") ? "postgres|redshift|snowflake" : cells[1];
    return Stream.of(warehouses.split("\\|", -1))
        .map(warehouse -> new Row(cells[0], warehouse, name, value(cells), cells[6]));
  }

  private static Object value(String[] cells) {
    return switch (cells[3]) {
      case "int" -> Long.valueOf(cells[4]);
      case "float" -> new BigDecimal(cells[4]);
      case "dict" -> Map.of("$ne", "");
      default -> unescaped(cells[4]);
    };
  }

  private static String unescaped(String json) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = json.charAt(++i);
      switch (escape) {
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append(escape);
      }
    }
    return text.toString();
  }
}
