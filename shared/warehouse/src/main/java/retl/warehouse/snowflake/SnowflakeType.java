package retl.warehouse.snowflake;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Column;
import retl.warehouse.RowWriter;

/**
 * How the values of a type are read and become JSON; one kind for several types. Values are read as
 * what they are and printed here: what the driver prints depends on settings of the account.
 */
enum SnowflakeType {
  /** A whole number when the scale is 0, as Snowflake's integers are. */
  NUMBER(Column.Type.DECIMAL),
  /** Decimal digits with an exponent, and no scale. */
  DECFLOAT(Column.Type.DECIMAL),
  FLOAT(Column.Type.FLOAT),
  BOOLEAN(Column.Type.BOOLEAN),
  DATE(Column.Type.DATE),
  TIME(Column.Type.TIME),
  TIMESTAMP_NTZ(Column.Type.DATETIME),
  TIMESTAMP_WITH_ZONE(Column.Type.DATETIME),
  JSON(Column.Type.JSON),
  ARRAY(Column.Type.ARRAY),
  BINARY(Column.Type.BINARY),
  /** Everything else stands as the driver prints it. */
  TEXT(Column.Type.STRING);

  /** The largest whole number up to which a double holds every one: 2^53. */
  private static final BigInteger EXACT = BigInteger.TWO.pow(53);

  /** Hours, minutes and seconds always, digits of a second where there are any. */
  private static final DateTimeFormatter CLOCK =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter DATE_AND_CLOCK =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(CLOCK)
          .toFormatter(Locale.ROOT);

  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private static final Map<String, SnowflakeType> BY_NAME =
      Map.ofEntries(
          Map.entry("NUMBER", NUMBER),
          Map.entry("DECFLOAT", DECFLOAT),
          Map.entry("DOUBLE", FLOAT),
          Map.entry("BOOLEAN", BOOLEAN),
          Map.entry("DATE", DATE),
          Map.entry("TIME", TIME),
          Map.entry("TIMESTAMPNTZ", TIMESTAMP_NTZ),
          Map.entry("TIMESTAMPLTZ", TIMESTAMP_WITH_ZONE),
          Map.entry("TIMESTAMPTZ", TIMESTAMP_WITH_ZONE),
          Map.entry("VARIANT", JSON),
          Map.entry("OBJECT", JSON),
          Map.entry("GEOGRAPHY", JSON),
          Map.entry("GEOMETRY", JSON),
          Map.entry("ARRAY", ARRAY),
          Map.entry("VECTOR", ARRAY),
          Map.entry("BINARY", BINARY));

  private final Column.Type type;

  SnowflakeType(Column.Type type) {
    this.type = type;
  }

  /** A semi-structured value as it is printed. */
  private record Variant(String text) {}

  /** The kind of a type by the name that the driver has for it. */
  static SnowflakeType of(String name) {
    return BY_NAME.getOrDefault(name, TEXT);
  }

  /**
   * What the values are in JSON.
   *
   * @param scale digits behind the point
   */
  Column.Type type(int scale) {
    return this == NUMBER && scale == 0 ? Column.Type.INT : type;
  }

  /** Writes the value of a column in the current row. */
  void write(ResultSet rows, int index, int scale, RowWriter.Row row)
      throws SQLException, IOException {
    Object value = read(rows, index);
    if (value == null || rows.wasNull()) {
      row.writeNull();
      return;
    }
    switch (value) {
      case BigDecimal number when scale == 0 -> writeWhole(number.toBigIntegerExact(), row);
      case BigDecimal number ->
          row.writeText(number.setScale(scale, RoundingMode.UNNECESSARY).toPlainString());
      case Double number -> writeFloat(number, row);
      case Boolean truth -> row.writeBoolean(truth);
      case LocalTime time -> row.writeText(time.format(CLOCK));
      case LocalDateTime time -> row.writeText(time.format(DATE_AND_CLOCK));
      case OffsetDateTime time -> row.writeText(time.format(DATE_AND_CLOCK) + "Z");
      case Variant(String text) -> writeVariant(text, row);
      case byte[] bytes -> row.writeText(Base64.getEncoder().encodeToString(bytes));
      default -> row.writeText(value.toString());
    }
  }

  private @Nullable Object read(ResultSet rows, int index) throws SQLException {
    return switch (this) {
      case NUMBER -> rows.getBigDecimal(index);
      case DECFLOAT -> printed(rows.getBigDecimal(index));
      case FLOAT -> rows.getDouble(index);
      case BOOLEAN -> rows.getBoolean(index);
      // The days since 1970: JDBC's own date is a time of day in the JVM's zone.
      case DATE -> LocalDate.ofEpochDay(rows.getInt(index));
      // As text: the session prints all its digits, and JDBC's own time has milliseconds alone.
      case TIME -> time(rows.getString(index));
      case TIMESTAMP_NTZ -> dateTime(rows, index);
      case TIMESTAMP_WITH_ZONE -> inUtc(dateTime(rows, index));
      case JSON, ARRAY -> variant(rows.getString(index));
      case BINARY -> rows.getBytes(index);
      case TEXT -> rows.getString(index);
    };
  }

  private static void writeWhole(BigInteger number, RowWriter.Row row) throws IOException {
    if (number.abs().compareTo(EXACT) <= 0) {
      row.writeNumber(number.toString());
    } else {
      row.writeText(number.toString());
    }
  }

  private static void writeFloat(double number, RowWriter.Row row) throws IOException {
    if (Double.isFinite(number)) {
      row.writeNumber(Double.toString(number).replaceFirst("\\.0(?=E|$)", ""));
    } else {
      row.writeText(Double.toString(number));
    }
  }

  private static void writeVariant(String text, RowWriter.Row row) throws IOException {
    String json = VariantJson.of(text);
    if (json == null) {
      row.writeText(text);
    } else {
      row.writeJson(json);
    }
  }

  private static @Nullable String printed(@Nullable BigDecimal value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable LocalTime time(@Nullable String text) {
    return text == null ? null : LocalTime.parse(text);
  }

  private static @Nullable Variant variant(@Nullable String text) {
    return text == null ? null : new Variant(text);
  }

  private static @Nullable OffsetDateTime inUtc(@Nullable LocalDateTime value) {
    return value == null ? null : value.atOffset(ZoneOffset.UTC);
  }

  // The driver moves what was before October 1582, so that the fields of the old calendar are those
  // that the warehouse has.
  private static @Nullable LocalDateTime dateTime(ResultSet rows, int index) throws SQLException {
    Timestamp value = rows.getTimestamp(index, new GregorianCalendar(UTC, Locale.ROOT));
    if (value == null) {
      return null;
    }
    Calendar fields = new GregorianCalendar(UTC, Locale.ROOT);
    fields.setTimeInMillis(value.getTime());
    return LocalDateTime.of(
        fields.get(Calendar.YEAR),
        fields.get(Calendar.MONTH) + 1,
        fields.get(Calendar.DAY_OF_MONTH),
        fields.get(Calendar.HOUR_OF_DAY),
        fields.get(Calendar.MINUTE),
        fields.get(Calendar.SECOND),
        value.getNanos());
  }
}
