package retl.warehouse.postgres;

import java.util.Map;
import java.util.Set;
import retl.warehouse.PrintedValue;

/** The types of PostgreSQL by their names. */
final class PostgresType {
  private static final Map<String, PrintedValue> BY_NAME =
      Map.ofEntries(
          Map.entry("int2", PrintedValue.SMALL),
          Map.entry("int4", PrintedValue.SMALL),
          Map.entry("oid", PrintedValue.SMALL),
          Map.entry("int8", PrintedValue.BIG),
          Map.entry("float4", PrintedValue.FLOAT),
          Map.entry("float8", PrintedValue.FLOAT),
          Map.entry("numeric", PrintedValue.DECIMAL),
          Map.entry("bool", PrintedValue.BOOLEAN),
          Map.entry("date", PrintedValue.DATE),
          Map.entry("time", PrintedValue.TIME),
          Map.entry("timetz", PrintedValue.TIME),
          Map.entry("timestamp", PrintedValue.TIMESTAMP),
          Map.entry("timestamptz", PrintedValue.TIMESTAMP_WITH_ZONE),
          Map.entry("json", PrintedValue.JSON),
          Map.entry("jsonb", PrintedValue.JSON),
          Map.entry("bytea", PrintedValue.BINARY));

  private static final Map<String, String> FULL_NAMES =
      Map.ofEntries(
          Map.entry("int2", "smallint"),
          Map.entry("int4", "integer"),
          Map.entry("int8", "bigint"),
          Map.entry("float4", "real"),
          Map.entry("float8", "double precision"),
          Map.entry("bool", "boolean"),
          Map.entry("varchar", "character varying"),
          Map.entry("bpchar", "character"),
          Map.entry("char", "\"char\""),
          Map.entry("varbit", "bit varying"),
          Map.entry("time", "time without time zone"),
          Map.entry("timetz", "time with time zone"),
          Map.entry("timestamp", "timestamp without time zone"),
          Map.entry("timestamptz", "timestamp with time zone"));

  private static final Set<String> SIZED = Set.of("varchar", "bpchar", "bit", "varbit");
  private static final Set<String> TIMED = Set.of("time", "timetz", "timestamp", "timestamptz");
  private static final int NO_SIZE = Integer.MAX_VALUE;
  private static final int MICROSECONDS = 6;

  private PostgresType() {}

  /** How values of a type are printed, by the name that the catalog has for it. */
  static PrintedValue of(String catalogName) {
    return BY_NAME.getOrDefault(catalogName, PrintedValue.TEXT);
  }

  /**
   * The name that SQL has for a type, as the server's {@code format_type} writes it.
   *
   * @param precision as the driver has it: digits, characters or bits; 0 or huge when there is none
   * @param scale digits behind the point, or of a second
   */
  static String fullName(String catalogName, int precision, int scale) {
    if (catalogName.startsWith("_")) {
      return fullName(catalogName.substring(1), 0, MICROSECONDS) + "[]";
    }
    String name = FULL_NAMES.getOrDefault(catalogName, catalogName);
    if (catalogName.equals("numeric") && precision > 0) {
      return name + "(" + precision + "," + signed(scale) + ")";
    }
    if (SIZED.contains(catalogName) && precision > 0 && precision != NO_SIZE) {
      return name + "(" + precision + ")";
    }
    if (TIMED.contains(catalogName) && scale < MICROSECONDS) {
      return name.replaceFirst(" ", "(" + scale + ") ");
    }
    return name;
  }

  // The server keeps eleven bits, with a sign since version 15; the driver reads them without one.
  private static int signed(int scale) {
    return scale < 1024 ? scale : scale - 2048;
  }
}
