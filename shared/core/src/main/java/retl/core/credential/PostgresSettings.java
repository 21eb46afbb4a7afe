package retl.core.credential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.warehouse.Warehouse;

/**
 * Settings of a PostgreSQL warehouse.
 *
 * @param sslMode {@code verify-full}, {@code require}, or {@code disable} where the operator allows
 *     it
 */
public record PostgresSettings(
    String host, int port, String database, String user, String sslMode, String stateSchema)
    implements Settings {
  private static final int DEFAULT_PORT = 5432;

  static PostgresSettings read(Fields fields, NetworkRules rules) {
    PostgresSettings settings =
        new PostgresSettings(
            Grammar.host(fields, rules),
            Grammar.port(fields, DEFAULT_PORT),
            Grammar.identifier(fields, "database"),
            Grammar.identifier(fields, "user"),
            Grammar.oneOf(fields, "sslMode", List.of("verify-full", "require", "disable"), true),
            Grammar.identifierOr(fields, "stateSchema", "_rudderstack"));
    if (settings.sslMode.equals("disable") && !rules.plaintext()) {
      fields.bad("sslMode", Code.INVALID, "Connections without TLS are closed by the operator.");
    }
    return settings;
  }

  @Override
  public Warehouse warehouse() {
    return Warehouse.POSTGRES;
  }

  @Override
  public SecretShape secretShape() {
    return SecretShape.of("password");
  }

  @Override
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("host", host);
    values.put("port", port);
    values.put("database", database);
    values.put("user", user);
    values.put("sslMode", sslMode);
    values.put("stateSchema", stateSchema);
    return values;
  }
}
