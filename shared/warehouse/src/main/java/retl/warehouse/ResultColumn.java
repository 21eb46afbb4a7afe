package retl.warehouse;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import retl.core.warehouse.Column;

/** A column of a result: what it is called, and how its values become JSON. */
public interface ResultColumn {

  Column column();

  /**
   * Writes the value of this column in the current row.
   *
   * @param index where the column stands, from 1; names may be there twice
   */
  void write(ResultSet rows, int index, RowWriter.Row row) throws SQLException, IOException;
}
