package retl.core.warehouse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A column that a query gives.
 *
 * @param name as the warehouse reports it; two columns of one query may share a name
 * @param type what its values are in JSON
 * @param nativeType the warehouse's own name of the type
 * @param nullable null when the warehouse does not say
 */
public record Column(String name, Type type, String nativeType, @Nullable Boolean nullable) {

  /** The service's own types, the same for all warehouses. */
  public enum Type {
    INT,
    FLOAT,
    DECIMAL,
    BOOLEAN,
    STRING,
    DATE,
    TIME,
    DATETIME,
    JSON,
    ARRAY,
    BINARY;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The type of this wire name; an unknown one is an error in our own data. */
    public static Type of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }
}
