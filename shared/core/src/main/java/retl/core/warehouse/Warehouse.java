package retl.core.warehouse;

import java.util.Optional;

/**
 * The warehouses that the service connects to; each is also the SQL dialect its queries are read
 * in.
 */
public enum Warehouse {
  SNOWFLAKE("snowflake", "Snowflake"),
  REDSHIFT("redshift", "Redshift"),
  POSTGRES("postgres", "PostgreSQL");

  private final String wireName;
  private final String title;

  Warehouse(String wireName, String title) {
    this.wireName = wireName;
    this.title = title;
  }

  /** The name in the API, in stored items and in files: lower case. */
  public String wireName() {
    return wireName;
  }

  /** The name as its vendor writes it, for messages. */
  public String title() {
    return title;
  }

  /** The warehouse of this wire name, spelled exactly so; empty for any other text. */
  public static Optional<Warehouse> of(String wireName) {
    for (Warehouse warehouse : values()) {
      if (warehouse.wireName.equals(wireName)) {
        return Optional.of(warehouse);
      }
    }
    return Optional.empty();
  }
}
