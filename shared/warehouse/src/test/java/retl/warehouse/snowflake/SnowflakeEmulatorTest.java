package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.validation.Check;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/**
 * A second opinion: an emulator that nobody here wrote, at the port that the property {@code
 * snowflakeEmulator} names. It sends Arrow where Snowflake sends JSON, so the same values are read
 * in another way.
 */
@EnabledIfSystemProperty(named = "snowflakeEmulator", matches = "\\d+")
class SnowflakeEmulatorTest {
  private final Warehouses warehouses =
      Account.warehouses(
          SnowflakeConnector.to("127.0.0.1", Integer.getInteger("snowflakeEmulator", 0)),
          NetworkRules.LOCAL);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1                                          | int      | 1",
        "9007199254740993                           | int      | \"9007199254740993\"",
        "1.50::number(10,2)                         | decimal  | \"1.50\"",
        "0.1::float                                 | float    | 0.1",
        "'NaN'::float                               | float    | \"NaN\"",
        "true                                       | boolean  | true",
        "'é😀'                                      | string   | \"é😀\"",
        "null::varchar                              | string   | null",
        "'2024-02-29'::date                         | date     | \"2024-02-29\"",
        "'01:02:03'::time                           | time     | \"01:02:03\"",
        "'2024-01-02 03:04:05.123456'::timestamp_ntz | datetime | \"2024-01-02T03:04:05.123456\"",
        "'2024-01-02 03:04:05.6 +02:00'::timestamp_tz | datetime | \"2024-01-02T01:04:05.6Z\"",
        "parse_json('{\"a\":[1,null]}')             | json     | {\"a\":[1,null]}"
      })
  void givesTheSameValuesInArrow(String expression, String type, String json) {
    Outcome.Rows outcome = Account.rows(preview("select " + expression + " as a"));

    assertThat(outcome.rows()).containsExactly("[" + json + "]");
    assertThat(outcome.result().columns().getFirst().type().wireName()).isEqualTo(type);
  }

  @Test
  void runsWhatTheGateLetsThroughAndSaysWhetherThereIsMore() {
    Outcome.Rows outcome =
        Account.rows(preview("-- all\nselect n from (values (1), (2), (3)) as t(n) // of them\n;"));

    assertThat(outcome.rows()).containsExactly("[1]", "[2]");
    assertThat(outcome.result().limited()).isTrue();
  }

  @Test
  void hearsWhatTheWarehouseSaysOfAQuery() {
    assertThat(Account.failure(preview("select * from shop.information_schema.nowhere")).message())
        .containsIgnoringCase("nowhere");
  }

  @Test
  void listsSchemasAndMissesTheStateSchema() {
    List<Check> ended = new ArrayList<>();
    warehouses.check(
        TestServer.login(Account.SETTINGS, Account.PASSWORD), null, Account.soon(), ended::add);

    assertThat(ended)
        .extracting(Check::status)
        .containsExactly(Check.Status.PASSED, Check.Status.PASSED, Check.Status.FAILED);
    assertThat(ended.getLast().code()).isEqualTo("state_schema_missing");
  }

  @Test
  void checksAKey() {
    Preview.Wanted key = new Preview.Wanted.Key("mdl_1", 1, List.of("ID", "Part"));
    Outcome.Rows outcome =
        Account.rows(
            run(
                "with q as (select * from (values (1, 'a'), (1, 'a'), (2, null), (3, 'b')) as t(id, p))"
                    + " select id, p as \"Part\" from q -- all",
                key));

    assertThat(outcome.result().keys()).isEqualTo(new Preview.KeyCounts(4, 2, 1, List.of(2L)));
    assertThat(outcome.rows()).containsExactly("[1,\"a\"]");
  }

  private Outcome preview(String sql) {
    return run(sql, new Preview.Wanted.Rows(2));
  }

  private Outcome run(String sql, Preview.Wanted wanted) {
    return warehouses.run(
        TestServer.login(Account.SETTINGS, Account.PASSWORD),
        Account.accepted(sql),
        wanted,
        Instant.now().plusSeconds(60),
        () -> false);
  }
}
