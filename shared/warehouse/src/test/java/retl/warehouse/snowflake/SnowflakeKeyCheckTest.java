package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Column;

/** Checks of keys by the real driver. */
class SnowflakeKeyCheckTest {
  private static final String QUERY = "select \"Part\", id from orders";

  private final SnowflakeStub stub = SnowflakeStub.withTls();
  private final Account account = new Account(stub);

  @AfterEach
  void stop() {
    stub.close();
  }

  private Outcome check() {
    return account.run(
        QUERY + "; -- all", new Preview.Wanted.Key("mdl_1", 1, List.of("Part", "ID")));
  }

  private static List<Map<String, Object>> columns() {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (String name : List.of("ROW_COUNT", "DISTINCT_KEYS", "NULL_KEYS", "COPIES")) {
      columns.add(column(name, "fixed", 38, 0, 0));
    }
    columns.add(column("Part", "text"));
    columns.add(column("ID", "fixed", 38, 0, 0));
    return columns;
  }

  @Test
  void countsRowsKeysAndNulls() {
    stub.rows(
        "retl_key_groups",
        columns(),
        List.of(
            List.of("5000000000", "7", "2", "4", "a", "9007199254740993"),
            List.of("5000000000", "7", "2", "3", "b", "1")));

    Outcome.Rows outcome = Account.rows(check());

    assertThat(outcome.result().keys())
        .isEqualTo(new Preview.KeyCounts(5_000_000_000L, 7, 2, List.of(4L, 3L)));
    assertThat(outcome.rows()).containsExactly("[\"a\",\"9007199254740993\"]", "[\"b\",1]");
    assertThat(outcome.result().columns()).extracting(Column::name).containsExactly("Part", "ID");
    assertThat(outcome.result().guards())
        .containsExactly(Guard.STATEMENT_GATE, Guard.SINGLE_STATEMENT, Guard.SERVER_TIMEOUT);
  }

  @Test
  void findsAKey() {
    stub.rows(
        "retl_key_groups", columns(), List.of(Arrays.asList("3", "3", "0", null, null, null)));

    Outcome.Rows outcome = Account.rows(check());

    assertThat(outcome.result().keys()).isEqualTo(new Preview.KeyCounts(3, 3, 0, List.of()));
    assertThat(outcome.rows()).isEmpty();
  }

  @Test
  void sendsOneStatementWithTheNamesAsTheWarehouseSpellsThem() {
    stub.rows(
        "retl_key_groups", columns(), List.of(Arrays.asList("3", "3", "0", null, null, null)));
    check();

    assertThat(stub.statements())
        .singleElement()
        .asString()
        .contains(" q.\"Part\" AS k0, q.\"ID\" AS k1", "(\n" + QUERY + "\n) AS q ");
  }
}
