package retl.warehouse;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import retl.core.warehouse.Column;

/**
 * How the text that a server prints for a value becomes JSON; one kind for several types. The forms
 * are those of PostgreSQL, and of what descends from it.
 */
public enum PrintedValue {
  /** Whole numbers that every JSON reader reads exactly. */
  SMALL(Column.Type.INT) {
    @Override
    public String json(String text) {
      return text;
    }
  },
  /** Whole numbers of 64 bits: a text where a double could not hold them. */
  BIG(Column.Type.INT) {
    @Override
    public String json(String text) {
      long value = Long.parseLong(text);
      return -EXACT <= value && value <= EXACT ? text : quoted(text);
    }
  },
  FLOAT(Column.Type.FLOAT) {
    @Override
    public String json(String text) {
      return Character.isLetter(text.charAt(text.length() - 1)) ? quoted(text) : text;
    }
  },
  DECIMAL(Column.Type.DECIMAL),
  BOOLEAN(Column.Type.BOOLEAN) {
    @Override
    public String json(String text) {
      return text.equals("t") ? "true" : "false";
    }
  },
  DATE(Column.Type.DATE),
  TIME(Column.Type.TIME),
  TIMESTAMP(Column.Type.DATETIME) {
    @Override
    public String json(String text) {
      return quoted(withT(text));
    }
  },
  /** In UTC, because the session is: the offset that the server prints is always zero. */
  TIMESTAMP_WITH_ZONE(Column.Type.DATETIME) {
    @Override
    public String json(String text) {
      return quoted(withT(text).replace("+00", "Z"));
    }
  },
  JSON(Column.Type.JSON) {
    @Override
    public String json(String text) {
      return text;
    }

    @Override
    public void write(String text, RowWriter.Row row) throws IOException {
      row.writeJson(text);
    }
  },
  BINARY(Column.Type.BINARY) {
    @Override
    public String json(String text) {
      return quoted(base64(text));
    }

    @Override
    public void write(String text, RowWriter.Row row) throws IOException {
      row.writeText(base64(text));
    }
  },
  /** Everything else stands as the server prints it. */
  TEXT(Column.Type.STRING) {
    @Override
    public void write(String text, RowWriter.Row row) throws IOException {
      row.writeText(text);
    }
  };

  /** The largest whole number up to which a double holds every one: 2^53. */
  private static final long EXACT = 1L << 53;

  private final Column.Type type;

  PrintedValue(Column.Type type) {
    this.type = type;
  }

  public Column.Type type() {
    return type;
  }

  /** A value as a JSON text. */
  public String json(String text) {
    return quoted(text);
  }

  /** Writes a value into a row. */
  public void write(String text, RowWriter.Row row) throws IOException {
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

  // Bytes are printed as hex digits; PostgreSQL's have \x before them.
  private static String base64(String text) {
    int from = text.startsWith("\\x") ? 2 : 0;
    byte[] bytes = HexFormat.of().parseHex(text, from, text.length());
    return Base64.getEncoder().encodeToString(bytes);
  }
}
