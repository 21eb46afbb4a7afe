package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** Every type: those that PostgreSQL has too by the real driver, the others as they are printed. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftTypesTest {
  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftTypesTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "42::smallint | int | smallint | 42",
        "(-2147483648)::integer | int | integer | -2147483648",
        "9007199254740992::bigint | int | bigint | 9007199254740992",
        "9007199254740993::bigint | int | bigint | \"9007199254740993\"",
        "'-9223372036854775808'::bigint | int | bigint | \"-9223372036854775808\"",
        "0.1::real | float | real | 0.1",
        "0.1::double precision | float | double precision | 0.1",
        "1e300::double precision | float | double precision | 1.0E300",
        "5000::double precision | float | double precision | 5000.0",
        "'NaN'::double precision | float | double precision | \"NaN\"",
        "'-Infinity'::double precision | float | double precision | \"-Infinity\"",
        "1.10::numeric(10,2) | decimal | numeric(10,2) | \"1.10\"",
        "12345678901234567890.123456789::numeric | decimal | numeric | \"12345678901234567890.123456789\"",
        "true | boolean | boolean | true",
        "false | boolean | boolean | false",
        "'é😀'::varchar(10) | string | character varying(10) | \"é😀\"",
        "'abc'::char(5) | string | character(5) | \"abc  \"",
        "'2024-02-29'::date | date | date | \"2024-02-29\"",
        "'01:02:03.04'::time | time | time without time zone | \"01:02:03.04\"",
        "'01:02:00+05:30'::timetz | time | time with time zone | \"01:02:00+05:30\"",
        "'2024-01-02 03:04:05.123456'::timestamp | datetime | timestamp without time zone | \"2024-01-02T03:04:05.123456\"",
        "'2024-01-02 03:04:05.6+02'::timestamptz | datetime | timestamp with time zone | \"2024-01-02T01:04:05.6Z\"",
        "'x'::text | string | text | \"x\"",
        "NULL::integer | int | integer | null"
      })
  void showsATypeThatPostgresHasToo(
      String expression, String type, String nativeType, String json) {
    Outcome.Rows outcome = run("SELECT " + expression + " AS v");

    assertThat(outcome.result().columns())
        .containsExactly(new Column("v", Column.Type.of(type), nativeType, null));
    assertThat(outcome.rows()).containsExactly("[" + json + "]");
  }

  /** The text is what Redshift prints for such a value; the number is what it calls the type. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "4000 | {\"a\":[1,1.10]} | json | super | {\"a\":[1,1.10]}",
        "4000 | \"text\" | json | super | \"text\"",
        "4000 | 12 | json | super | 12",
        "6551 | 00ff10 | binary | varbyte | \"AP8Q\"",
        "3999 | 0101000000000000000000F03F0000000000000040 | string | geometry | \"0101000000000000000000F03F0000000000000040\"",
        "3001 | 0101000000000000000000F03F0000000000000040 | string | geography | \"0101000000000000000000F03F0000000000000040\"",
        "1188 | 1 year 2 mons | string | interval year to month | \"1 year 2 mons\"",
        "1190 | 3 days 04:05:06 | string | interval day to second | \"3 days 04:05:06\"",
        "2935 | AQI= | string | hllsketch | \"AQI=\"",
        "9999 | new  | string | unknown | \"new\""
      })
  void showsATypeOfRedshift(int number, String text, String type, String nativeType, String json) {
    Outcome.Rows outcome = run("SELECT '" + text + "'::text AS oid" + number);

    assertThat(outcome.result().columns())
        .containsExactly(new Column("oid" + number, Column.Type.of(type), nativeType, null));
    assertThat(outcome.rows()).containsExactly("[" + json + "]");
  }

  private Outcome.Rows run(String sql) {
    return TestServer.rows(
        warehouses.run(
            TestServer.login(redshift.reader(), TestServer.secret()),
            new Query(sql, Warehouse.REDSHIFT),
            new Preview.Wanted.Rows(1),
            TestServer.soon(),
            () -> false));
  }
}
