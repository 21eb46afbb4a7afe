package retl.warehouse.redshift;

import java.util.Map;
import retl.warehouse.PrintedValue;

/**
 * A type of Redshift.
 *
 * @param sqlName the name that SQL has for it
 * @param kind how its values are printed
 * @param size what its name says of its size
 */
record RedshiftType(String sqlName, PrintedValue kind, Size size) {

  /** What stands in brackets behind a name. */
  private enum Size {
    NONE,
    LENGTH,
    DIGITS
  }

  /** By the name that the driver has. */
  private static final Map<String, RedshiftType> TYPES =
      Map.ofEntries(
          Map.entry("int2", plain("smallint", PrintedValue.SMALL)),
          Map.entry("int4", plain("integer", PrintedValue.SMALL)),
          Map.entry("oid", plain("oid", PrintedValue.BIG)),
          Map.entry("int8", plain("bigint", PrintedValue.BIG)),
          Map.entry("float4", plain("real", PrintedValue.FLOAT)),
          Map.entry("float8", plain("double precision", PrintedValue.FLOAT)),
          Map.entry("numeric", new RedshiftType("numeric", PrintedValue.DECIMAL, Size.DIGITS)),
          Map.entry("bool", plain("boolean", PrintedValue.BOOLEAN)),
          Map.entry("varchar", sized("character varying", PrintedValue.TEXT)),
          Map.entry("bpchar", sized("character", PrintedValue.TEXT)),
          Map.entry("char", plain("\"char\"", PrintedValue.TEXT)),
          Map.entry("date", plain("date", PrintedValue.DATE)),
          Map.entry("time", plain("time without time zone", PrintedValue.TIME)),
          Map.entry("timetz", plain("time with time zone", PrintedValue.TIME)),
          Map.entry("timestamp", plain("timestamp without time zone", PrintedValue.TIMESTAMP)),
          Map.entry(
              "timestamptz", plain("timestamp with time zone", PrintedValue.TIMESTAMP_WITH_ZONE)),
          Map.entry("intervaly2m", plain("interval year to month", PrintedValue.TEXT)),
          Map.entry("intervald2s", plain("interval day to second", PrintedValue.TEXT)),
          Map.entry("super", plain("super", PrintedValue.JSON)),
          Map.entry("varbyte", sized("varbyte", PrintedValue.BINARY)));

  private static final int NO_SIZE = Integer.MAX_VALUE;

  private static RedshiftType plain(String sqlName, PrintedValue kind) {
    return new RedshiftType(sqlName, kind, Size.NONE);
  }

  private static RedshiftType sized(String sqlName, PrintedValue kind) {
    return new RedshiftType(sqlName, kind, Size.LENGTH);
  }

  /** The type of this name; whatever is not known is read as text. */
  static RedshiftType of(String driverName) {
    RedshiftType type = TYPES.get(driverName);
    return type == null ? plain(driverName, PrintedValue.TEXT) : type;
  }

  /**
   * The name with its size.
   *
   * @param precision as the driver has it: digits, characters or bytes; 0 or huge when there is
   *     none
   * @param scale digits behind the point
   */
  String fullName(int precision, int scale) {
    boolean isKnown = precision > 0 && precision != NO_SIZE;
    return switch (size) {
      case NONE -> sqlName;
      case LENGTH -> isKnown ? sqlName + "(" + precision + ")" : sqlName;
      case DIGITS -> isKnown ? sqlName + "(" + precision + "," + scale + ")" : sqlName;
    };
  }
}
