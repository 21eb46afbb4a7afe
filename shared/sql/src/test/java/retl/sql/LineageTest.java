package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.query.Lineage;
import retl.core.query.OutputColumn;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineageTest {
  private final SqlGate gate = new SqlGate();

  @AfterAll
  void close() {
    gate.close();
  }

  private Lineage lineage(String sql, Warehouse dialect) {
    return switch (gate.judge(sql, dialect)) {
      case Verdict.Accepted(var query) -> query.lineage();
      case Verdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  /** {@code name<table.column+table.column}, with {@code ?} where something is not known. */
  private static String show(OutputColumn column) {
    return switch (column) {
      case OutputColumn.Star(var table) -> "*<" + (table == null ? "?" : table);
      case OutputColumn.Named(var name, var sources, var complete) ->
          (name == null ? "?" : name)
              + "<"
              + sources.stream()
                  .map(source -> source.table() + "." + source.name())
                  .collect(Collectors.joining("+"))
              + (complete ? "" : "?");
    };
  }

  private static String columns(Lineage lineage) {
    return lineage.columns().stream().map(LineageTest::show).collect(Collectors.joining(" "));
  }

  private static String tables(Lineage lineage) {
    return lineage.tables().stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1 | `` | ?<",
        "SELECT id FROM users | users | id<users.id",
        "SELECT ID AS \"Id\" FROM Sales.Users u | sales.users | Id<sales.users.id",
        "SELECT u.id, o.total FROM users u JOIN db.shop.orders o ON u.id = o.uid | users db.shop.orders | id<users.id total<db.shop.orders.total",
        "SELECT * FROM users | users | *<users",
        "SELECT u.* FROM users u, orders | users orders | *<users",
        "SELECT * FROM users JOIN orders USING (id) | users orders | *<?",
        "SELECT id FROM users, orders | users orders | id<?",
        "SELECT a + b AS c, count(*) FROM t GROUP BY 1 | t | c<t.a+t.b count<",
        "SELECT a::int, CAST(b AS text), max(c) FROM t | t | a<t.a b<t.b max<t.c",
        "WITH x AS (SELECT id, a + b AS ab FROM t) SELECT * FROM x | t | id<t.id ab<t.a+t.b",
        "WITH x(p, q) AS (SELECT id, a FROM t) SELECT q, p FROM x | t | q<t.a p<t.id",
        "WITH x AS (SELECT * FROM t), y AS (SELECT * FROM x) SELECT id FROM y | t | id<t.id",
        "WITH final AS (SELECT id FROM t) SELECT * FROM final | t | id<t.id",
        "WITH t AS (SELECT * FROM t) SELECT a FROM t | t | a<t.a",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r | `` | n<?",
        "SELECT * FROM (SELECT a AS b FROM t) s | t | b<t.a",
        "SELECT * FROM (SELECT a FROM t) s(z) | t | z<t.a",
        "SELECT a FROM t UNION ALL SELECT b FROM u | t u | a<t.a+u.b",
        "SELECT a, b FROM t UNION ALL SELECT * FROM u | t u | a<t.a? b<t.b?",
        "SELECT (SELECT max(x) FROM u WHERE u.id = t.id) AS m FROM t | u t | m<u.x",
        "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u ORDER BY (SELECT 1 FROM v)) | t u v | a<t.a",
        "SELECT a FROM t ORDER BY (SELECT 1 FROM w) | t w | a<t.a",
        "SELECT v.a, b FROM (VALUES (1, 2)) AS v(a, b) | `` | a<? b<?",
        "VALUES (1, 2) | `` | column1<? column2<?",
        "TABLE users | users | *<users",
        "SELECT x FROM generate_series(1, 2) AS g(x) | `` | x<?",
        "SELECT l.m FROM t, LATERAL (SELECT max(t.a) AS m FROM u) l | t u | m<t.a",
        "SELECT \"a\"\"b\", \"größe\" FROM \"Weird Table\" | Weird Table | a\"b<Weird Table.a\"b größe<Weird Table.größe",
        "SELECT a FROM ONLY t -- c | t | a<t.a",
      })
  void readsTablesAndColumns(String sql, String tables, String columns) {
    Lineage lineage = lineage(sql, Warehouse.POSTGRES);

    assertThat(lineage.parsed()).isTrue();
    assertThat(tables(lineage)).isEqualTo(tables);
    assertThat(columns(lineage)).isEqualTo(columns);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT id, \"id\" FROM db.raw.users | DB.RAW.USERS | ID<DB.RAW.USERS.ID id<DB.RAW.USERS.id",
        "SELECT v:a.b::int AS n, v:c FROM t | T | N<T.V ?<T.V",
        "SELECT t.$1, $2 AS b FROM t | T | $1<T.$1 B<T.$2",
        "SELECT f.value FROM t, LATERAL FLATTEN(input => t.v) f | T | VALUE<?",
        "SELECT * EXCLUDE (a) FROM t | T | *<?",
        "SELECT * FROM t PIVOT (SUM(a) FOR b IN (1, 2)) AS p | T | *<?",
        "SELECT DATEADD(month, 1, d) AS e, CURRENT_DATE AS f FROM t | T | E<T.D F<",
        "SELECT a FROM t SAMPLE (10) QUALIFY ROW_NUMBER() OVER (ORDER BY b) = 1 | T | A<T.A",
        "SELECT a FROM t AT (OFFSET => -60) | T | A<T.A",
        "with final as (select number from t) select number from final | T | NUMBER<T.NUMBER",
      })
  void foldsAndReadsSnowflake(String sql, String tables, String columns) {
    Lineage lineage = lineage(sql, Warehouse.SNOWFLAKE);

    assertThat(lineage.parsed()).isTrue();
    assertThat(tables(lineage)).isEqualTo(tables);
    assertThat(columns(lineage)).isEqualTo(columns);
  }

  @Test
  void takesNestedDataOfRedshiftForNoTable() {
    Lineage lineage = lineage("SELECT o.id FROM users c, c.orders o", Warehouse.REDSHIFT);

    assertThat(tables(lineage)).isEqualTo("users");
    assertThat(columns(lineage)).isEqualTo("id<?");
  }

  @Test
  void saysWhenItCouldNotParse() {
    Lineage lineage = lineage("SELECT * FROM t1 *", Warehouse.POSTGRES);

    assertThat(lineage).isEqualTo(Lineage.UNKNOWN);
    assertThat(lineage.columnsKnown()).isFalse();
  }

  @Test
  void doesNotListColumnsWithoutEnd() {
    StringBuilder doubling = new StringBuilder("WITH c0 AS (SELECT a, b FROM t)");
    for (int i = 1; i < 40; i++) {
      doubling.append(", c%d AS (SELECT x.*, y.* FROM c%d x, c%d y)".formatted(i, i - 1, i - 1));
    }
    Lineage lineage = lineage(doubling + " SELECT * FROM c39", Warehouse.POSTGRES);

    assertThat(lineage.columnsKnown()).isFalse();
    assertThat(lineage.columns()).hasSizeLessThan(2_001);
  }
}
