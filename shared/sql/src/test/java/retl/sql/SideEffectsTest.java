package retl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.query.Verdict;
import retl.core.warehouse.Warehouse;

/**
 * The list of denied functions against a real server with every extension it brings: whatever
 * PostgreSQL itself calls volatile is denied or known to be harmless.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SideEffectsTest {
  private static final String VOLATILE =
      """
      SELECT DISTINCT proname FROM pg_proc
      WHERE provolatile = 'v' AND prokind = 'f'
        AND prorettype NOT IN
          ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
        AND NOT 'internal'::regtype = ANY (proargtypes::oid[])
      """;

  private final SqlGate gate = SqlGate.ofTokens();
  private final Set<String> harmless = harmless();
  private PostgresServer server;

  @BeforeAll
  void start() throws SQLException {
    server = new PostgresServer();
    try (Connection connection = server.connect(new Properties());
        Statement statement = connection.createStatement()) {
      for (String extension : names("SELECT name FROM pg_available_extensions")) {
        // Those of Perl and Python need libraries that are not there; they bring no function.
        if (!extension.contains("perl") && !extension.contains("python")) {
          statement.execute("CREATE EXTENSION IF NOT EXISTS \"" + extension + "\" CASCADE");
        }
      }
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Set<String> harmless() {
    try (InputStream list =
        Objects.requireNonNull(
            SideEffectsTest.class.getResourceAsStream("harmless-functions.txt"))) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> names(String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = server.connect(new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private boolean accepts(String sql) {
    return gate.judge(sql, Warehouse.POSTGRES) instanceof Verdict.Accepted;
  }

  @Test
  void deniesEveryVolatileFunctionThatIsNotKnownToBeHarmless() throws SQLException {
    List<String> functions = names(VOLATILE);

    assertThat(functions).hasSizeGreaterThan(200);
    assertThat(functions)
        .filteredOn(name -> accepts("SELECT " + name + "(1)") && !harmless.contains(name))
        .isEmpty();
  }

  @Test
  void deniesThemAsAttributesToo() throws SQLException {
    List<String> functions =
        names(VOLATILE + " AND pronargs >= 1 AND pronargs - pronargdefaults <= 1");

    assertThat(functions).hasSizeGreaterThan(50);
    assertThat(functions)
        .filteredOn(name -> accepts("SELECT (x)." + name + " FROM t") && !harmless.contains(name))
        .isEmpty();
  }

  @Test
  void keepsNoHarmlessFunctionThatDoesNotExistOrIsDenied() throws SQLException {
    assertThat(names(VOLATILE)).containsAll(harmless);
    assertThat(harmless).allMatch(name -> accepts("SELECT " + name + "(1)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT (5).pg_sleep",
        "SELECT x.pg_sleep FROM generate_series(1, 5) AS x",
        "SELECT x.\"pg_read_file\" FROM (VALUES ('/etc/passwd')) AS x",
        "SELECT (5) . /* c */ pg_cancel_backend",
        "SELECT pg_catalog.pg_promote()",
        "SELECT PG_Sleep (1)",
        "SELECT \"pg_sleep\"(1)",
      })
  void deniesEveryWayToCallThem(String sql) {
    assertThat(accepts(sql)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_typeof(1), PG_CATALOG.pg_get_indexdef(1), pg_total_relation_size('t')",
        "SELECT u.pg_rating, u.nextval_count FROM t u",
        "SELECT lo.lo_revenue FROM lineorder lo",
        "SELECT 1 AS nextval, 2 AS current_setting",
      })
  void allowsNamesThatOnlyLookLikeThem(String sql) {
    assertThat(accepts(sql)).isTrue();
  }
}
