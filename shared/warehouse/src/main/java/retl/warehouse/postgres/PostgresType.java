package retl.warehouse.postgres;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import retl.core.warehouse.Column;
import retl.warehouse.RowWriter;

/** How the text that PostgreSQL prints for a value becomes JSON; one kind for several types. */
enum PostgresType {
  /** Whole numbers that every JSON reader reads exactly. */
  SMALL(Column.Type.INT) {
    @Override
    String json(String text) {
      return text;
    }
  },
  /** Whole numbers of 64 bits: a text where a double could not hold them. */
  BIG(Column.Type.INT) {
    @Override
    String json(String text) {
      long value = Long.parseLong(text);
      return -EXACT <= value && value <= EXACT ? text : quoted(text);
    }
  },
  FLOAT(Column.Type.FLOAT) {
    @Override
    String json(String text) {
      return Character.isLetter(text.charAt(text.length() - 1)) ? quoted(text) : text;
    }
  },
  DECIMAL(Column.Type.DECIMAL),
  BOOLEAN(Column.Type.BOOLEAN) {
    @Override
    String json(String text) {
      return text.equals("t") ? "true" : "false";
    }
  },
  DATE(Column.Type.DATE),
  TIME(Column.Type.TIME),
  TIMESTAMP(Column.Type.DATETIME) {
    @Override
    String json(String text) {
      return quoted(withT(text));
    }
  },
  /** In UTC, because the session is: the offset that the server prints is always zero. */
  TIMESTAMP_WITH_ZONE(Column.Type.DATETIME) {
    @Override
    String json(String text) {
      return quoted(withT(text).replace("+00", "Z"));
    }
  },
  JSON(Column.Type.JSON) {
    @Override
    String json(String text) {
      return text;
    }

    @Override
    void write(String text, RowWriter.Row row) throws IOException {
      row.writeJson(text);
    }
  },
  BINARY(Column.Type.BINARY) {
    @Override
    String json(String text) {
      return quoted(base64(text));
    }

    @Override
    void write(String text, RowWriter.Row row) throws IOException {
      row.writeText(base64(text));
    }
  },
  /** Everything else stands as the server prints it. */
  TEXT(Column.Type.STRING) {
    @Override
    void write(String text, RowWriter.Row row) throws IOException {
      row.writeText(text);
    }
  };

  /** The largest whole number up to which a double holds every one: 2^53. */
  private static final long EXACT = 1L << 53;

  private static final Map<String, PostgresType> BY_NAME =
      Map.ofEntries(
          Map.entry("int2", SMALL),
          Map.entry("int4", SMALL),
          Map.entry("serial", SMALL),
          Map.entry("smallserial", SMALL),
          Map.entry("oid", SMALL),
          Map.entry("int8", BIG),
          Map.entry("bigserial", BIG),
          Map.entry("float4", FLOAT),
          Map.entry("float8", FLOAT),
          Map.entry("numeric", DECIMAL),
          Map.entry("bool", BOOLEAN),
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("timetz", TIME),
          Map.entry("timestamp", TIMESTAMP),
          Map.entry("timestamptz", TIMESTAMP_WITH_ZONE),
          Map.entry("json", JSON),
          Map.entry("jsonb", JSON),
          Map.entry("bytea", BINARY));

  private static final Map<String, String> FULL_NAMES =
      Map.ofEntries(
          Map.entry("int2", "smallint"),
          Map.entry("smallserial", "smallint"),
          Map.entry("int4", "integer"),
          Map.entry("serial", "integer"),
          Map.entry("int8", "bigint"),
          Map.entry("bigserial", "bigint"),
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

  private final Column.Type type;

  PostgresType(Column.Type type) {
    this.type = type;
  }

  Column.Type type() {
    return type;
  }

  /** The kind of a type by the name that the catalog has for it. */
  static PostgresType of(String catalogName) {
    return BY_NAME.getOrDefault(catalogName, TEXT);
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

  /** A value as a JSON text. */
  String json(String text) {
    return quoted(text);
  }

  /** Writes a value into a row. */
  void write(String text, RowWriter.Row row) throws IOException {
    row.writeJson(json(text));
  }

  private static String quoted(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  private static String withT(String text) {
    int space = text.indexOf(' ');
    boolean isTime =
        space > 0 && space + 1 < text.length() && Character.isDigit(text.charAt(space + 1));
    return isTime ? text.substring(0, space) + "T" + text.substring(space + 1) : text;
  }

  // The server prints bytea as \x and hex digits, its default since version 9.0.
  private static String base64(String text) {
    byte[] bytes = HexFormat.of().parseHex(text, 2, text.length());
    return Base64.getEncoder().encodeToString(bytes);
  }
}
