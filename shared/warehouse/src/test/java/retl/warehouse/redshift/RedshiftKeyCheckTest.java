package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import retl.core.credential.NetworkRules;
import retl.core.preview.Guard;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Checks of keys by the real driver. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftKeyCheckTest {
  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftKeyCheckTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  private Outcome check(String sql, String... columns) {
    return warehouses.run(
        TestServer.login(redshift.reader(), TestServer.secret()),
        Query.accepted(sql, Warehouse.REDSHIFT),
        new Preview.Wanted.Key("mdl_1", 1, List.of(columns)),
        TestServer.soon(),
        () -> false);
  }

  @Test
  void countsRowsKeysAndNulls() {
    Outcome.Rows outcome =
        TestServer.rows(
            check(
                "SELECT 1 AS id, 'a'::varchar AS \"Part\" UNION ALL SELECT 1, 'a' UNION ALL"
                    + " SELECT 9007199254740993, NULL UNION ALL SELECT 2, 'b'; -- all",
                "Part",
                "id"));

    assertThat(outcome.result().keys()).isEqualTo(new Preview.KeyCounts(4, 2, 1, List.of(2L)));
    assertThat(outcome.rows()).containsExactly("[\"a\",1]");
    assertThat(outcome.result().guards()).containsExactly(Guard.values());
  }

  @Test
  void findsAKeyAndNoRows() {
    assertThat(TestServer.rows(check("SELECT 1 AS a WHERE false", "a")).result().keys())
        .isEqualTo(new Preview.KeyCounts(0, 0, 0, List.of()));
    assertThat(
            TestServer.rows(check("SELECT g FROM generate_series(1, 50) AS g", "g"))
                .result()
                .keys())
        .isEqualTo(new Preview.KeyCounts(50, 50, 0, List.of()));
  }

  @Test
  void saysThatATypeCannotBeCompared() {
    Preview.Failure failure = TestServer.failure(check("SELECT '{}'::json AS k", "k"));

    assertThat(failure.code()).isEqualTo("key_not_comparable");
    assertThat(failure.message()).contains("json");
    assertThat(failure.at()).isNull();
  }
}
