package retl.warehouse.snowflake;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import net.snowflake.client.api.resultset.FieldMetadata;
import net.snowflake.client.api.resultset.SnowflakeResultSetMetaData;
import retl.core.warehouse.Column;
import retl.warehouse.ResultColumn;
import retl.warehouse.RowWriter;

/**
 * A column of a result, and how its values become JSON.
 *
 * @param kind how a value is read and written
 * @param scale digits behind the point, or of a second
 */
record SnowflakeColumn(Column column, SnowflakeType kind, int scale) implements ResultColumn {
  static List<SnowflakeColumn> of(ResultSetMetaData metadata) throws SQLException {
    List<SnowflakeColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      SnowflakeType kind = SnowflakeType.of(metadata.getColumnTypeName(i));
      int scale = metadata.getScale(i);
      columns.add(
          new SnowflakeColumn(
              new Column(
                  metadata.getColumnLabel(i), kind.type(scale), nativeType(metadata, i), null),
              kind,
              scale));
    }
    return columns;
  }

  // As SQL writes it: the driver has names of its own for some types.
  private static String nativeType(ResultSetMetaData metadata, int index) throws SQLException {
    int scale = metadata.getScale(index);
    String name = metadata.getColumnTypeName(index);
    return switch (name) {
      case "NUMBER" -> name + "(" + metadata.getPrecision(index) + "," + scale + ")";
      case "DOUBLE" -> "FLOAT";
      case "VARCHAR", "CHAR", "BINARY" ->
          metadata.getPrecision(index) > 0 ? name + "(" + metadata.getPrecision(index) + ")" : name;
      case "TIME" -> name + "(" + scale + ")";
      case "TIMESTAMPNTZ" -> "TIMESTAMP_NTZ(" + scale + ")";
      case "TIMESTAMPLTZ" -> "TIMESTAMP_LTZ(" + scale + ")";
      case "TIMESTAMPTZ" -> "TIMESTAMP_TZ(" + scale + ")";
      case "VECTOR" -> vector(metadata.unwrap(SnowflakeResultSetMetaData.class), index);
      default -> name;
    };
  }

  private static String vector(SnowflakeResultSetMetaData metadata, int index) throws SQLException {
    List<FieldMetadata> fields = metadata.getColumnFields(index);
    String element = fields.isEmpty() ? "FLOAT" : fields.getFirst().getTypeName();
    return "VECTOR("
        + (element.startsWith("INT") ? "INT" : "FLOAT")
        + ", "
        + metadata.getVectorDimension(index)
        + ")";
  }

  @Override
  public void write(ResultSet rows, int index, RowWriter.Row row) throws SQLException, IOException {
    kind.write(rows, index, scale, row);
  }
}
