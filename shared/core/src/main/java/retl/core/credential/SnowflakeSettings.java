package retl.core.credential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.warehouse.Warehouse;

/**
 * Settings of a Snowflake warehouse. The host is never given: it follows from the account.
 *
 * @param account the account identifier, with organization or region as Snowflake writes it
 * @param virtualWarehouse the virtual warehouse that runs queries
 * @param authentication {@code keyPair}, {@code password} or {@code token} (programmatic access
 *     token)
 */
public record SnowflakeSettings(
    String account,
    String user,
    @Nullable String role,
    String virtualWarehouse,
    String database,
    @Nullable String schema,
    String authentication,
    String stateSchema)
    implements Settings {
  private static final int MAX_ACCOUNT = 255;
  private static final Pattern ACCOUNT =
      Pattern.compile(
          "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,3}");

  static SnowflakeSettings read(Fields fields) {
    return new SnowflakeSettings(
        account(fields),
        Grammar.identifier(fields, "user"),
        object(fields, "role", Grammar.optionalIdentifier(fields, "role")),
        required(fields, "warehouse"),
        required(fields, "database"),
        object(fields, "schema", Grammar.optionalIdentifier(fields, "schema")),
        Grammar.oneOf(fields, "authentication", List.of("keyPair", "password", "token"), false),
        Grammar.identifierOr(fields, "stateSchema", "_RUDDERSTACK"));
  }

  private static String account(Fields fields) {
    String account = fields.text("account", MAX_ACCOUNT);
    boolean isHost = account.contains("snowflakecomputing");
    if (!fields.isBad("account") && (isHost || !ACCOUNT.matcher(account).matches())) {
      fields.bad(
          "account",
          Code.INVALID,
          "Give the account identifier alone, such as myorg-account1 or xy12345.eu-central-1.");
    }
    return account;
  }

  private static String required(Fields fields, String field) {
    String value = Grammar.identifier(fields, field);
    object(fields, field, value);
    return value;
  }

  // Unlike a user, which may be an e-mail address, an object's name does not begin with a digit.
  private static @Nullable String object(Fields fields, String field, @Nullable String value) {
    if (value != null && !value.isEmpty() && Character.isDigit(value.charAt(0))) {
      fields.bad(field, Code.INVALID, "It must begin with a letter or _.");
    }
    return value;
  }

  @Override
  public Warehouse warehouse() {
    return Warehouse.SNOWFLAKE;
  }

  @Override
  public SecretShape secretShape() {
    return authentication.equals("keyPair")
        ? new SecretShape(Set.of("privateKey"), Set.of("privateKeyPassphrase"))
        : SecretShape.of(authentication);
  }

  @Override
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("account", account);
    values.put("user", user);
    Grammar.putIfSet(values, "role", role);
    values.put("warehouse", virtualWarehouse);
    values.put("database", database);
    Grammar.putIfSet(values, "schema", schema);
    values.put("authentication", authentication);
    values.put("stateSchema", stateSchema);
    return values;
  }
}
