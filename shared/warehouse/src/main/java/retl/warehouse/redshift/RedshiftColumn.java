package retl.warehouse.redshift;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import retl.core.warehouse.Column;
import retl.warehouse.PrintedValue;
import retl.warehouse.ResultColumn;
import retl.warehouse.RowWriter;

/** A column of a result. Values are read in the text form that the server prints. */
record RedshiftColumn(Column column, PrintedValue kind) implements ResultColumn {
  static List<RedshiftColumn> of(ResultSetMetaData metadata) throws SQLException {
    List<RedshiftColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      RedshiftType type = RedshiftType.of(nameOf(metadata, i));
      columns.add(
          new RedshiftColumn(
              new Column(
                  metadata.getColumnLabel(i),
                  type.kind().type(),
                  type.fullName(metadata.getPrecision(i), metadata.getScale(i)),
                  // A column that its table declares NOT NULL is null on the far side of an outer
                  // join.
                  null),
              type.kind()));
    }
    return columns;
  }

  // The driver knows no type that is newer than itself; its values can be read as text all the
  // same.
  private static String nameOf(ResultSetMetaData metadata, int column) {
    try {
      return metadata.getColumnTypeName(column);
    } catch (SQLException e) {
      return "unknown";
    }
  }

  @Override
  public void write(ResultSet rows, int index, RowWriter.Row row) throws SQLException, IOException {
    String text = rows.getString(index);
    if (text == null) {
      row.writeNull();
    } else {
      kind.write(text, row);
    }
  }
}
