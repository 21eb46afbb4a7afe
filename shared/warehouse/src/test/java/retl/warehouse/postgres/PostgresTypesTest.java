package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retl.core.credential.NetworkRules;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner.Outcome;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** What a value of each type is in JSON. */
@ExtendWith(TestServer.Shared.class)
class PostgresTypesTest {
  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresTypesTest(TestServer server) {
    this.server = server;
  }

  @BeforeAll
  static void makeTypes(TestServer server) throws SQLException {
    server.run(
        "CREATE TYPE mood AS ENUM ('sad', 'so so', 'o\"k')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE DOMAIN code AS varchar(3)",
        "CREATE TYPE \"My Type\" AS (a int, b text)");
  }

  private record Fact(String sql, String nativeType, String type, String json) {
    @Override
    public String toString() {
      return sql;
    }
  }

  private static Fact fact(String sql, String nativeType, String type, String json) {
    return new Fact(sql, nativeType, type, json);
  }

  static Stream<Fact> numbers() {
    return Stream.of(
        fact("(-32768)::int2", "smallint", "int", "-32768"),
        fact("2147483647", "integer", "int", "2147483647"),
        fact("4294967295::oid", "oid", "int", "4294967295"),
        fact("9007199254740991", "bigint", "int", "9007199254740991"),
        fact("9007199254740992", "bigint", "int", "9007199254740992"),
        fact("9007199254740993", "bigint", "int", "\"9007199254740993\""),
        fact("-9007199254740992", "bigint", "int", "-9007199254740992"),
        fact("-9007199254740993", "bigint", "int", "\"-9007199254740993\""),
        fact("9223372036854775807", "bigint", "int", "\"9223372036854775807\""),
        fact("(-9223372036854775808)::int8", "bigint", "int", "\"-9223372036854775808\""),
        fact("0.1", "numeric", "decimal", "\"0.1\""),
        fact("1.10::numeric(10,2)", "numeric(10,2)", "decimal", "\"1.10\""),
        fact("12300::numeric(3,-2)", "numeric(3,-2)", "decimal", "\"12300\""),
        fact("0.00012::numeric(2,5)", "numeric(2,5)", "decimal", "\"0.00012\""),
        fact("1e40::numeric", "numeric", "decimal", "\"1" + "0".repeat(40) + "\""),
        fact("'NaN'::numeric", "numeric", "decimal", "\"NaN\""),
        fact("'-Infinity'::numeric", "numeric", "decimal", "\"-Infinity\""),
        fact("1.5::float4", "real", "float", "1.5"),
        fact("'NaN'::float4", "real", "float", "\"NaN\""),
        fact("0.1::float8", "double precision", "float", "0.1"),
        fact("5000::float8", "double precision", "float", "5000"),
        fact("'-0'::float8", "double precision", "float", "-0"),
        fact("1e-7::float8", "double precision", "float", "1e-07"),
        fact("1e300::float8", "double precision", "float", "1e+300"),
        fact("'Infinity'::float8", "double precision", "float", "\"Infinity\""),
        fact("'-Infinity'::float8", "double precision", "float", "\"-Infinity\""),
        fact("'NaN'::float8", "double precision", "float", "\"NaN\""),
        fact("12.5::money", "money", "string", "\"$12.50\""),
        fact("7::positive", "integer", "int", "7"));
  }

  static Stream<Fact> texts() {
    return Stream.of(
        fact("true", "boolean", "boolean", "true"),
        fact("1 = 2", "boolean", "boolean", "false"),
        fact("'é😀\"\\'::text", "text", "string", "\"é😀\\\"\\\\\""),
        fact("E'a\\nb\\r\\tc\\x01'::text", "text", "string", "\"a\\nb\\r\\tc\\u0001\""),
        fact("''::text", "text", "string", "\"\""),
        fact("'abc'", "text", "string", "\"abc\""),
        fact("'abc'::varchar", "character varying", "string", "\"abc\""),
        fact("'abc'::varchar(5)", "character varying(5)", "string", "\"abc\""),
        fact("'abc'::char(5)", "character(5)", "string", "\"abc  \""),
        fact("'abc'::bpchar", "character", "string", "\"abc\""),
        fact("'abc'::name", "name", "string", "\"abc\""),
        fact("'a'::\"char\"", "\"char\"", "string", "\"a\""),
        fact("'ab'::code", "character varying(3)", "string", "\"ab\""),
        fact("'so so'::mood", "mood", "string", "\"so so\""),
        fact("'o\"k'::mood", "mood", "string", "\"o\\\"k\""),
        fact("B'0101'", "bit", "string", "\"0101\""),
        fact("B'1'::bit(1)", "bit(1)", "string", "\"1\""),
        fact("B'0101'::varbit", "bit varying", "string", "\"0101\""),
        fact("ROW(1, 'a b')::\"My Type\"", "My Type", "string", "\"(1,\\\"a b\\\")\""),
        fact("ROW(1, 'x')", "record", "string", "\"(1,x)\""),
        fact("int4range(1, 5)", "int4range", "string", "\"[1,5)\""),
        fact("'{[1,2)}'::int4multirange", "int4multirange", "string", "\"{[1,2)}\""),
        fact("'192.168.0.1/24'::inet", "inet", "string", "\"192.168.0.1/24\""),
        fact("'10.0.0.0/8'::cidr", "cidr", "string", "\"10.0.0.0/8\""),
        fact("'08:00:2b:01:02:03'::macaddr", "macaddr", "string", "\"08:00:2b:01:02:03\""),
        fact("'(1,2)'::point", "point", "string", "\"(1,2)\""),
        fact("'a & b'::tsquery", "tsquery", "string", "\"'a' & 'b'\""),
        fact("'pg_class'::regclass", "regclass", "string", "\"pg_class\""),
        fact("'<a>1</a>'::xml", "xml", "string", "\"<a>1</a>\""),
        fact(
            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid",
            "uuid",
            "string",
            "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
        fact("'\\x00ff10'::bytea", "bytea", "binary", "\"AP8Q\""),
        fact("''::bytea", "bytea", "binary", "\"\""));
  }

  static Stream<Fact> times() {
    String plain = "timestamp without time zone";
    String zoned = "timestamp with time zone";
    return Stream.of(
        fact("'2024-02-29'::date", "date", "date", "\"2024-02-29\""),
        fact("'infinity'::date", "date", "date", "\"infinity\""),
        fact("'0044-03-15 BC'::date", "date", "date", "\"0044-03-15 BC\""),
        fact("'12345-01-02'::date", "date", "date", "\"12345-01-02\""),
        fact("'24:00'::time", "time without time zone", "time", "\"24:00:00\""),
        fact("'01:02:03.04'::time", "time without time zone", "time", "\"01:02:03.04\""),
        fact("'01:02:03.5'::time(0)", "time(0) without time zone", "time", "\"01:02:04\""),
        fact("'01:02+05:30'::timetz", "time with time zone", "time", "\"01:02:00+05:30\""),
        fact("'2024-01-02 03:04:05'::timestamp", plain, "datetime", "\"2024-01-02T03:04:05\""),
        fact(
            "'2024-01-02 03:04:05.123456'::timestamp",
            plain,
            "datetime",
            "\"2024-01-02T03:04:05.123456\""),
        fact("'infinity'::timestamp", plain, "datetime", "\"infinity\""),
        fact("'0044-03-15 1:02 BC'::timestamp", plain, "datetime", "\"0044-03-15T01:02:00 BC\""),
        fact(
            "'2024-01-02 03:04:05.6+02'::timestamptz",
            zoned,
            "datetime",
            "\"2024-01-02T01:04:05.6Z\""),
        fact("'-infinity'::timestamptz", zoned, "datetime", "\"-infinity\""),
        fact(
            "'0044-03-15 1:02+00 BC'::timestamptz",
            zoned,
            "datetime",
            "\"0044-03-15T01:02:00Z BC\""),
        fact(
            "'2024-01-02 03:04:05.67+00'::timestamptz(1)",
            "timestamp(1) with time zone",
            "datetime",
            "\"2024-01-02T03:04:05.7Z\""),
        fact(
            "'1 year 2 days 03:04:05.5'::interval",
            "interval",
            "string",
            "\"1 year 2 days 03:04:05.5\""));
  }

  static Stream<Fact> structures() {
    return Stream.of(
        fact(
            "'{\"a\": 1.10,\n \"a\":\r\n [null]}'::json",
            "json",
            "json",
            "{\"a\": 1.10,  \"a\":   [null]}"),
        fact(
            "'{\"b\": 1.10, \"a\": \"x\\ny\"}'::jsonb",
            "jsonb",
            "json",
            "{\"a\": \"x\\ny\", \"b\": 1.10}"),
        fact("'null'::jsonb", "jsonb", "json", "null"),
        fact("'\"text\"'::json", "json", "json", "\"text\""),
        fact("'12345678901234567890'::json", "json", "json", "12345678901234567890"),
        fact("ARRAY[1,NULL,3]", "integer[]", "array", "[1,null,3]"),
        fact("ARRAY[9007199254740993,1]", "bigint[]", "array", "[\"9007199254740993\",1]"),
        fact("'{}'::int[]", "integer[]", "array", "[]"),
        fact("ARRAY[[1,2],[3,4]]", "integer[]", "array", "[[1,2],[3,4]]"),
        fact("ARRAY[[['a'],[NULL]]]", "text[]", "array", "[[[\"a\"],[null]]]"),
        fact("'[2:3]={7,8}'::int[]", "integer[]", "array", "[7,8]"),
        fact(
            "ARRAY['a\"b', '{c,d}', '', 'NULL', NULL, 'e\\f']",
            "text[]",
            "array",
            "[\"a\\\"b\",\"{c,d}\",\"\",\"NULL\",null,\"e\\\\f\"]"),
        fact("ARRAY[1.10,'NaN']::numeric[]", "numeric[]", "array", "[\"1.10\",\"NaN\"]"),
        fact(
            "ARRAY[1.5,'Infinity']::float8[]", "double precision[]", "array", "[1.5,\"Infinity\"]"),
        fact("ARRAY[true,false,NULL]", "boolean[]", "array", "[true,false,null]"),
        fact(
            "ARRAY['2024-01-02 03:04+02'::timestamptz]",
            "timestamp with time zone[]",
            "array",
            "[\"2024-01-02T01:04:00Z\"]"),
        fact(
            "ARRAY['2024-01-02'::date,'infinity']",
            "date[]",
            "array",
            "[\"2024-01-02\",\"infinity\"]"),
        fact("ARRAY['{\"a\":\n1.10}'::json]", "json[]", "array", "[{\"a\": 1.10}]"),
        fact("ARRAY['{\"a\":[1,2]}'::jsonb,NULL]", "jsonb[]", "array", "[{\"a\": [1, 2]},null]"),
        fact("ARRAY['\\x00ff'::bytea]", "bytea[]", "array", "[\"AP8=\"]"),
        fact("ARRAY['sad','o\"k']::mood[]", "mood[]", "array", "[\"sad\",\"o\\\"k\"]"),
        fact("ARRAY['a'::varchar(3)]", "character varying[]", "array", "[\"a\"]"),
        fact("ARRAY[7::positive]", "positive[]", "array", "[\"7\"]"),
        fact("'1 2'::int2vector", "int2vector", "string", "\"1 2\""),
        fact("ARRAY[ROW(1,'x')::\"My Type\"]", "My Type[]", "array", "[\"(1,x)\"]"),
        fact(
            "ARRAY['(1,1),(0,0)'::box,'(3,3),(2,2)']",
            "box[]",
            "array",
            "[\"(1,1),(0,0)\",\"(3,3),(2,2)\"]"),
        fact("NULL::int[]", "integer[]", "array", "null"),
        fact("NULL", "text", "string", "null"),
        fact("NULL::int", "integer", "int", "null"),
        fact("NULL::json", "json", "json", "null"));
  }

  @ParameterizedTest
  @MethodSource({"numbers", "texts", "times", "structures"})
  void writesEachTypeAsTheContractSays(Fact fact) {
    Outcome.Rows rows = run("SELECT " + fact.sql() + " AS v", 1);

    assertThat(rows.rows()).containsExactly("[" + fact.json() + "]");
    assertThat(rows.result().columns())
        .containsExactly(new Column("v", Column.Type.of(fact.type()), fact.nativeType(), null));
  }

  @Test
  void keepsColumnNamesAsTheyAre() {
    Outcome.Rows rows =
        run("SELECT 1 AS a, 2 AS a, 3, 4 AS \"\uD83D\uDE00 b\", 5 AS \" \", 6 AS \"q\"\"uote\"", 1);

    assertThat(rows.rows()).containsExactly("[1,2,3,4,5,6]");
    assertThat(rows.result().columns())
        .extracting(Column::name)
        .containsExactly("a", "a", "?column?", "\uD83D\uDE00 b", " ", "q\"uote");
  }

  @Test
  void givesRowsOfNoColumns() {
    Outcome.Rows rows = run("SELECT FROM generate_series(1, 2)", 5);

    assertThat(rows.rows()).containsExactly("[]", "[]");
    assertThat(rows.result().columns()).isEmpty();
  }

  @Test
  void writesAVoidResultAsAnEmptyText() {
    assertThat(run("SELECT pg_notify('c', 'x') AS v", 1).rows()).isEqualTo(List.of("[\"\"]"));
  }

  private Outcome.Rows run(String sql, int limit) {
    return TestServer.rows(
        warehouses.run(
            TestServer.login(server.reader(), TestServer.secret()),
            new Query(sql, Warehouse.POSTGRES),
            new Preview.Wanted.Rows(limit),
            TestServer.soon(),
            () -> false));
  }
}
