package retl.warehouse.postgres;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgResultSet;
import retl.core.warehouse.Column;
import retl.warehouse.PrintedValue;
import retl.warehouse.ResultColumn;
import retl.warehouse.RowWriter;

/**
 * A column of a result: what it is called, and how its values become JSON. Values are read in the
 * text form that the server prints.
 *
 * @param kind how a value, or for an array each element, is written
 */
record PostgresColumn(Column column, PrintedValue kind) implements ResultColumn {
  static List<PostgresColumn> of(ResultSet rows) throws SQLException {
    ResultSetMetaData metadata = rows.getMetaData();
    PgResultSet result = rows.unwrap(PgResultSet.class);
    TypeInfo types = rows.getStatement().getConnection().unwrap(BaseConnection.class).getTypeInfo();
    List<PostgresColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      // The metadata would first ask the server which columns of tables count by themselves.
      String typeName = Objects.requireNonNullElse(types.getPGType(result.getColumnOID(i)), "");
      boolean isArray = typeName.startsWith("_");
      PrintedValue kind = PostgresType.of(isArray ? typeName.substring(1) : typeName);
      columns.add(
          new PostgresColumn(
              new Column(
                  metadata.getColumnLabel(i),
                  isArray ? Column.Type.ARRAY : kind.type(),
                  PostgresType.fullName(typeName, metadata.getPrecision(i), metadata.getScale(i)),
                  // A column that its table declares NOT NULL is null on the far side of an outer
                  // join.
                  null),
              kind));
    }
    return columns;
  }

  @Override
  public void write(ResultSet rows, int index, RowWriter.Row row) throws SQLException, IOException {
    if (column.type() == Column.Type.ARRAY) {
      Array array = rows.getArray(index);
      writeArray(array, row);
      return;
    }
    String text = rows.getString(index);
    if (text == null) {
      row.writeNull();
    } else {
      kind.write(text, row);
    }
  }

  private void writeArray(@Nullable Array array, RowWriter.Row row)
      throws SQLException, IOException {
    if (array == null) {
      row.writeNull();
      return;
    }
    StringWriter text = new StringWriter();
    appendArray(array, text);
    row.writeJson(text.toString());
  }

  private void appendArray(Array array, StringWriter text) throws SQLException {
    text.append('[');
    // Two columns: the index, and the element; of an array of several dimensions, the arrays
    // inside.
    try (ResultSet elements = array.getResultSet()) {
      boolean isNested = elements.getMetaData().getColumnType(2) == Types.ARRAY;
      String separator = "";
      while (elements.next()) {
        text.append(separator);
        separator = ",";
        String element = elements.getString(2);
        if (element == null) {
          text.append("null");
        } else if (isNested) {
          appendArray(elements.getArray(2), text);
        } else {
          text.append(kind.json(element));
        }
      }
    }
    text.append(']');
  }
}
