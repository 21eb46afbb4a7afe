package retl.warehouse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows as the JSON texts of arrays, within budgets: a value of at most 8 KiB, a row of about
 * a megabyte, and 16 MiB in all. A text has no line breaks outside its JSON strings, so a row is a
 * line.
 */
public final class RowWriter {
  /** In bytes of UTF-8; a longer value is cut. */
  public static final int MAX_CELL = 8 * 1024;

  private static final int MAX_ROW = 1024 * 1024;
  private static final long MAX_ROWS = 16L * 1024 * 1024;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final List<String> rows = new ArrayList<>();
  private long size;
  private int truncatedCells;

  /** Writes one row; false, and nothing of it kept, when there is no room for it any more. */
  public boolean write(Cells cells) throws SQLException, IOException {
    int truncatedBefore = truncatedCells;
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartArray();
      cells.write(new Row(json));
      json.writeEndArray();
    }
    String line = text.toString();
    int length = bytes(line);
    if (size + length > MAX_ROWS) {
      truncatedCells = truncatedBefore;
      return false;
    }
    size += length;
    rows.add(line);
    return true;
  }

  private static int bytes(String text) {
    return text.codePoints().map(RowWriter::bytes).sum();
  }

  private static int bytes(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** The rows so far. */
  public List<String> rows() {
    return List.copyOf(rows);
  }

  /** How many rows there are so far. */
  public int count() {
    return rows.size();
  }

  /** How many values were cut. */
  public int truncatedCells() {
    return truncatedCells;
  }

  /** Writes the values of one row, one after the other. */
  @FunctionalInterface
  public interface Cells {
    void write(Row row) throws SQLException, IOException;
  }

  /** The row that is being written. */
  public final class Row {
    private final JsonGenerator json;
    private int budget = MAX_ROW;

    private Row(JsonGenerator json) {
      this.json = json;
    }

    public void writeNull() throws IOException {
      json.writeNull();
    }

    public void writeBoolean(boolean value) throws IOException {
      json.writeBoolean(value);
    }

    /** A number in the digits that it has: the text must be a JSON number. */
    public void writeNumber(String digits) throws IOException {
      json.writeNumber(digits);
    }

    /** A text, cut at a character when it is too long. */
    public void writeText(String value) throws IOException {
      int end = fitting(value);
      json.writeString(end == value.length() ? value : cut(value, end));
    }

    /** A JSON value as it is, digits and all; one that is too long stands as a text, cut. */
    public void writeJson(String value) throws IOException {
      int end = fitting(value);
      if (end == value.length()) {
        // A JSON string has no raw line breaks, so these stand between tokens.
        json.writeRawValue(value.replace('\n', ' ').replace('\r', ' '));
      } else {
        json.writeString(cut(value, end));
      }
    }

    private String cut(String value, int end) {
      truncatedCells++;
      return value.substring(0, end) + "…";
    }

    // How many UTF-16 units fit into the budgets, whole characters only.
    private int fitting(String value) {
      int allowed = Math.max(0, Math.min(MAX_CELL, budget));
      int bytes = 0;
      int end = 0;
      while (end < value.length()) {
        int codePoint = value.codePointAt(end);
        int size = bytes(codePoint);
        if (bytes + size > allowed) {
          break;
        }
        bytes += size;
        end += Character.charCount(codePoint);
      }
      budget -= bytes;
      return end;
    }
  }
}
