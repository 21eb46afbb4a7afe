package retl.core.credential;

import java.util.Map;
import java.util.Set;
import retl.core.Fields;
import retl.core.warehouse.Warehouse;

/**
 * How to reach a warehouse, without the secret: one record per warehouse, each field checked by a
 * closed grammar before anything is looked up, opened or written.
 */
public sealed interface Settings permits PostgresSettings, RedshiftSettings, SnowflakeSettings {

  Warehouse warehouse();

  /** The schema that holds the sync state; the service may create tables only there. */
  String stateSchema();

  /**
   * The fields as the API and the store have them, in their order, without those that are not set.
   */
  Map<String, Object> values();

  /** Where the warehouse is: its host or, on Snowflake, the account. */
  default String place() {
    Map<String, Object> values = values();
    return values.getOrDefault("host", values.getOrDefault("account", "")).toString();
  }

  /** The fields that the secret must have and those it may have. */
  SecretShape secretShape();

  /** Reads settings of this warehouse from their fields, noting each bad one. */
  static Settings read(Warehouse warehouse, Fields fields, NetworkRules rules) {
    Settings settings =
        switch (warehouse) {
          case POSTGRES -> PostgresSettings.read(fields, rules);
          case REDSHIFT -> RedshiftSettings.read(fields, rules);
          case SNOWFLAKE -> SnowflakeSettings.read(fields);
        };
    fields.close();
    return settings;
  }

  /** Which fields a secret has. */
  record SecretShape(Set<String> required, Set<String> optional) {
    static SecretShape of(String required) {
      return new SecretShape(Set.of(required), Set.of());
    }
  }
}
