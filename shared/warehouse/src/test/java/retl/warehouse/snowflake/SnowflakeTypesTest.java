package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Column;

/** How what the server sends for each type becomes JSON, read by the real driver. */
class SnowflakeTypesTest {
  private static final SnowflakeStub STUB = SnowflakeStub.withTls();
  private static final Account ACCOUNT = new Account(STUB);
  private static final String QUERY = "select * from every_type";

  @AfterAll
  static void stop() {
    STUB.close();
  }

  static Stream<Arguments> values() {
    return Stream.of(
        value(column("a", "fixed", 38, 0, 0), "42", "int", "NUMBER(38,0)", "42"),
        value(
            column("a", "fixed", 38, 0, 0),
            "9007199254740992",
            "int",
            "NUMBER(38,0)",
            "9007199254740992"),
        value(
            column("a", "fixed", 38, 0, 0),
            "-9007199254740993",
            "int",
            "NUMBER(38,0)",
            "\"-9007199254740993\""),
        value(
            column("a", "fixed", 38, 0, 0),
            "99999999999999999999999999999999999999",
            "int",
            "NUMBER(38,0)",
            "\"99999999999999999999999999999999999999\""),
        value(column("a", "fixed", 10, 2, 0), "1.10", "decimal", "NUMBER(10,2)", "\"1.10\""),
        value(column("a", "fixed", 10, 2, 0), "-0.05", "decimal", "NUMBER(10,2)", "\"-0.05\""),
        value(
            column("a", "fixed", 38, 37, 0),
            "0.0000000000000000000000000000000000001",
            "decimal",
            "NUMBER(38,37)",
            "\"0.0000000000000000000000000000000000001\""),
        value(column("a", "decfloat", 38, 0, 0), "1.5e100", "decimal", "DECFLOAT", "\"1.5E+100\""),
        value(column("a", "real"), "0.1", "float", "FLOAT", "0.1"),
        value(column("a", "real"), "5000", "float", "FLOAT", "5000"),
        value(column("a", "real"), "1e-07", "float", "FLOAT", "1E-7"),
        value(
            column("a", "real"),
            "1.7976931348623157e+308",
            "float",
            "FLOAT",
            "1.7976931348623157E308"),
        value(column("a", "real"), "NaN", "float", "FLOAT", "\"NaN\""),
        value(column("a", "real"), "inf", "float", "FLOAT", "\"Infinity\""),
        value(column("a", "real"), "-inf", "float", "FLOAT", "\"-Infinity\""),
        value(column("a", "boolean"), "1", "boolean", "BOOLEAN", "true"),
        value(column("a", "boolean"), "0", "boolean", "BOOLEAN", "false"),
        value(
            column("a", "text"),
            "é😀\n\"x\"",
            "string",
            "VARCHAR(16777216)",
            "\"é😀\\n\\\"x\\\"\""),
        value(column("a", "text", 0, 0, 10), "", "string", "VARCHAR(10)", "\"\""),
        value(column("a", "date"), "19782", "date", "DATE", "\"2024-02-29\""),
        value(column("a", "date"), "-719162", "date", "DATE", "\"0001-01-01\""),
        value(column("a", "date"), "-141429", "date", "DATE", "\"1582-10-13\""),
        value(column("a", "date"), "2932896", "date", "DATE", "\"9999-12-31\""),
        value(column("a", "time", 0, 9, 0), "3723.040000000", "time", "TIME(9)", "\"01:02:03.04\""),
        value(column("a", "time", 0, 0, 0), "3600", "time", "TIME(0)", "\"01:00:00\""),
        value(
            column("a", "time", 0, 9, 0),
            "86399.123456789",
            "time",
            "TIME(9)",
            "\"23:59:59.123456789\""),
        value(
            column("a", "timestamp_ntz", 0, 9, 0),
            "1704164645.123456789",
            "datetime",
            "TIMESTAMP_NTZ(9)",
            "\"2024-01-02T03:04:05.123456789\""),
        value(
            column("a", "timestamp_ntz", 0, 0, 0),
            "1711850400",
            "datetime",
            "TIMESTAMP_NTZ(0)",
            "\"2024-03-31T02:00:00\""),
        value(
            column("a", "timestamp_ntz", 0, 9, 0),
            "-62135596800.000000000",
            "datetime",
            "TIMESTAMP_NTZ(9)",
            "\"0001-01-01T00:00:00\""),
        value(
            column("a", "timestamp_ntz", 0, 3, 0),
            "-1.500",
            "datetime",
            "TIMESTAMP_NTZ(3)",
            "\"1969-12-31T23:59:58.5\""),
        value(
            column("a", "timestamp_ltz", 0, 9, 0),
            "1704164645.600000000",
            "datetime",
            "TIMESTAMP_LTZ(9)",
            "\"2024-01-02T03:04:05.6Z\""),
        // The second number is the offset in minutes, beginning at -24 hours.
        value(
            column("a", "timestamp_tz", 0, 9, 0),
            "1704164645.600000000 1560",
            "datetime",
            "TIMESTAMP_TZ(9)",
            "\"2024-01-02T03:04:05.6Z\""),
        value(
            column("a", "variant"),
            "{\n  \"b\": 1.10,\n  \"a\": [1, undefined]\n}",
            "json",
            "VARIANT",
            "{\"b\":1.10,\"a\":[1,null]}"),
        value(
            column("a", "variant"),
            "\"a \\\" undefined\"",
            "json",
            "VARIANT",
            "\"a \\\" undefined\""),
        value(column("a", "variant"), "NaN", "json", "VARIANT", "\"NaN\""),
        value(column("a", "variant"), "-inf", "json", "VARIANT", "\"-Infinity\""),
        value(column("a", "variant"), "{broken", "json", "VARIANT", "\"{broken\""),
        value(column("a", "object"), "{}", "json", "OBJECT", "{}"),
        value(column("a", "map"), "{\"k\":1}", "json", "OBJECT", "{\"k\":1}"),
        value(
            column("a", "array"),
            "[\n  1,\n  undefined,\n  \"x\"\n]",
            "array",
            "ARRAY",
            "[1,null,\"x\"]"),
        value(vector("fixed"), "[1,2,3]", "array", "VECTOR(INT, 3)", "[1,2,3]"),
        value(vector("real"), "[1.5,2.0,-3.25]", "array", "VECTOR(FLOAT, 3)", "[1.5,2.0,-3.25]"),
        value(
            geo("GEOGRAPHY"),
            "{\"coordinates\":[1,2],\"type\":\"Point\"}",
            "json",
            "GEOGRAPHY",
            "{\"coordinates\":[1,2],\"type\":\"Point\"}"),
        value(geo("GEOMETRY"), "POINT(1 2)", "json", "GEOMETRY", "\"POINT(1 2)\""),
        value(
            column("a", "binary", 0, 0, 8_388_608),
            "00FF10",
            "binary",
            "BINARY(8388608)",
            "\"AP8Q\""),
        value(column("a", "uuid"), "0b7a", "string", "UUID", "\"0b7a\""));
  }

  private static Arguments value(
      Map<String, Object> column, String sent, String type, String nativeType, String json) {
    return Arguments.of(column, sent, type, nativeType, json);
  }

  private static Map<String, Object> vector(String element) {
    Map<String, Object> column = column("a", "vector");
    column.put("vectorDimension", 3);
    column.put("fields", List.of(column("", element)));
    return column;
  }

  private static Map<String, Object> geo(String name) {
    Map<String, Object> column = column("a", "object");
    column.put("extTypeName", name);
    return column;
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesEachTypeAsThePageSays(
      Map<String, Object> column, String sent, String type, String nativeType, String json) {
    Outcome.Rows outcome = run(column, sent);

    assertThat(outcome.rows()).containsExactly("[" + json + "]");
    assertThat(outcome.result().columns())
        .containsExactly(new Column("a", Column.Type.of(type), nativeType, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixed",
        "real",
        "boolean",
        "text",
        "date",
        "time",
        "timestamp_ntz",
        "timestamp_ltz",
        "timestamp_tz",
        "variant",
        "object",
        "array",
        "binary",
        "decfloat"
      })
  void writesNullOfEveryType(String type) {
    assertThat(run(column("a", type), null).rows()).containsExactly("[null]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin"})
  void doesNotDependOnWhereItRuns(String zone) {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      STUB.rows(
          QUERY,
          List.of(
              column("d", "date"),
              column("t", "time", 0, 9, 0),
              column("n", "timestamp_ntz", 0, 9, 0),
              column("l", "timestamp_ltz", 0, 9, 0),
              column("z", "timestamp_tz", 0, 9, 0)),
          List.of(
              // A day without a midnight in Brazil, and one that Samoa does not have.
              List.of("17839", "7200.000000000", "1541300400.0", "1541300400.0", "1541300400.0 0"),
              List.of(
                  "15338", "7200.000000000", "1325210400.0", "1325210400.0", "1325210400.0 0")));

      assertThat(Account.rows(ACCOUNT.preview(QUERY, 10)).rows())
          .containsExactly(
              "[\"2018-11-04\",\"02:00:00\",\"2018-11-04T03:00:00\",\"2018-11-04T03:00:00Z\",\"2018-11-04T03:00:00Z\"]",
              "[\"2011-12-30\",\"02:00:00\",\"2011-12-30T02:00:00\",\"2011-12-30T02:00:00Z\",\"2011-12-30T02:00:00Z\"]");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void keepsColumnsOfOneNameApart() {
    STUB.rows(QUERY, List.of(column("x", "text"), column("x", "text")), List.of(List.of("1", "2")));

    assertThat(Account.rows(ACCOUNT.preview(QUERY, 10)).rows()).containsExactly("[\"1\",\"2\"]");
  }

  private static Outcome.Rows run(Map<String, Object> column, @Nullable String sent) {
    List<@Nullable String> row = new ArrayList<>(Collections.singletonList(sent));
    STUB.rows(QUERY, List.of(column), List.of(row));
    return Account.rows(ACCOUNT.preview(QUERY, 10));
  }
}
