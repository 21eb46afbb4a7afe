package retl.warehouse.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.NetworkRules;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Grants;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** The checks against a real server: each failure has its code, and its remedy mends it. */
@ExtendWith(TestServer.Shared.class)
class PostgresChecksTest {
  private static final String ODD_DATABASE = "Sales & 50% db";
  private static final String ODD_USER = "Ana.Maria+x@example.com";
  private static final String ODD_SCHEMA = "My-State $1";

  private final Warehouses warehouses = TestServer.warehouses(NetworkRules.LOCAL);
  private final TestServer server;

  PostgresChecksTest(TestServer server) {
    this.server = server;
  }

  @BeforeAll
  static void makeRolesAndDatabases(TestServer server) throws SQLException {
    for (String user :
        List.of(ODD_USER, "no_login", "shut_out", "in_clear", "crowded", "no_database", "locked")) {
      server.createUser(user);
    }
    server.run(
        "ALTER ROLE no_login NOLOGIN",
        "ALTER ROLE crowded CONNECTION LIMIT 0",
        "SET password_encryption = 'md5'; CREATE ROLE old_fashioned LOGIN PASSWORD 'p'",
        "CREATE DATABASE " + Grants.quote(ODD_DATABASE),
        "CREATE DATABASE not_for_all",
        "REVOKE CONNECT ON DATABASE not_for_all FROM PUBLIC",
        "CREATE DATABASE no_schemas",
        "CREATE DATABASE state_schema",
        "CREATE SCHEMA _rudderstack",
        "GRANT ALL ON SCHEMA _rudderstack TO reader");
    server.runIn(
        "no_schemas",
        List.of(
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "CREATE SCHEMA \"Odd \"\"one\"",
            "CREATE TABLE public.t AS SELECT 1 AS a"));
  }

  @Test
  void passesAllThreeInOrder() {
    List<Check> checks = check(server.reader());

    assertThat(checks).extracting(Check::name).containsExactlyElementsOf(Check.Name.OF_CREDENTIALS);
    assertThat(checks).extracting(Check::status).containsOnly(Check.Status.PASSED);
    assertThat(checks)
        .allSatisfy(
            check -> {
              assertThat(check.code()).isNull();
              assertThat(check.durationMs()).isNotNull().isNotNegative();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "no_login, postgres, access_denied, connection",
    "crowded, postgres, too_many_connections, connection",
    "no_database, not_for_all, database_access_denied, connection",
    "locked, no_schemas, no_readable_schema, listSchemas",
    "locked, state_schema, state_schema_missing, stateSchema",
    "'" + ODD_USER + "', '" + ODD_DATABASE + "', state_schema_missing, stateSchema"
  })
  void mendsWhatItFindsByItsOwnStatements(String user, String database, String code, String name)
      throws SQLException {
    PostgresSettings settings = server.settings(user, database);
    if (user.equals(ODD_USER)) {
      settings =
          new PostgresSettings(
              settings.host(), settings.port(), database, user, settings.sslMode(), ODD_SCHEMA);
    }

    Check failed = check(settings).getLast();
    assertThat(failed.status()).isEqualTo(Check.Status.FAILED);
    assertThat(failed.code()).isEqualTo(code);
    assertThat(failed.name().wireName()).isEqualTo(name);
    assertThat(failed.message()).isNotBlank();

    server.runIn(database, remedyOf(failed));
    assertThat(check(settings))
        .anySatisfy(
            check -> {
              assertThat(check.name()).isEqualTo(failed.name());
              assertThat(check.status()).isEqualTo(Check.Status.PASSED);
            });
  }

  @Test
  void mendsAStateSchemaOfSomebodyElse() throws SQLException {
    server.createUser("stranger");
    server.run("CREATE SCHEMA \"Theirs\"");
    PostgresSettings of = server.settings("stranger", "postgres");
    PostgresSettings settings =
        new PostgresSettings(
            of.host(), of.port(), of.database(), of.user(), of.sslMode(), "Theirs");

    Check failed = check(settings).getLast();
    assertThat(failed.code()).isEqualTo("state_schema_access_denied");

    server.run(remedyOf(failed).toArray(String[]::new));
    assertThat(check(settings).getLast().status()).isEqualTo(Check.Status.PASSED);
  }

  @Test
  void mendsAWrongPasswordByANewOne() throws SQLException {
    server.createUser("forgetful");
    PostgresSettings settings = server.settings("forgetful", "postgres");

    Check failed = check(settings, TestServer.secret("wrong")).getFirst();
    assertThat(failed.code()).isEqualTo("authentication_failed");

    server.run(remedyOf(failed).getFirst().replace("<new password>", "wrong"));
    assertThat(check(settings, TestServer.secret("wrong")).getFirst().status())
        .isEqualTo(Check.Status.PASSED);
  }

  @Test
  void mendsAnOldPasswordHash() throws SQLException {
    PostgresSettings settings = server.settings("old_fashioned", "postgres");

    Check failed = check(settings, TestServer.secret("p")).getFirst();
    assertThat(failed.code()).isEqualTo("authentication_method");

    server.run(
        remedyOf(failed).stream()
            .map(sql -> sql.replace("<password>", "p"))
            .toArray(String[]::new));
    assertThat(check(settings, TestServer.secret("p")).getFirst().status())
        .isEqualTo(Check.Status.PASSED);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, postgres, authentication_failed",
    "reader, nowhere, unknown_database",
    "shut_out, postgres, access_denied",
    "in_clear, postgres, authentication_method"
  })
  void tellsApartWhyALoginFailed(String user, String database, String code) {
    List<Check> checks = check(server.settings(user, database));

    assertThat(checks).singleElement().extracting(Check::code).isEqualTo(code);
    assertThat(checks.toString()).doesNotContain("FATAL").doesNotContain("org.postgresql");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, require, PASSED,",
    "127.0.0.1, require, PASSED,",
    "localhost, verify-full, PASSED,",
    "127.0.0.1, verify-full, FAILED, tls_failed"
  })
  void usesTlsAsTheSettingsSay(String host, String sslMode, Check.Status status, String code)
      throws SQLException {
    Check check = check(server.settings(host, "reader", "postgres", sslMode)).getFirst();

    assertThat(check.status()).isEqualTo(status);
    assertThat(check.code()).isEqualTo(code);
  }

  @Test
  void namesTheTablesOfAQueryThatCannotBeRead() throws SQLException {
    server.createUser("curious");
    server.run(
        "CREATE SCHEMA \"Vault\"",
        "CREATE TABLE \"Vault\".t (a int)",
        "CREATE TABLE in_part (a int, b int)",
        "GRANT SELECT (a) ON in_part TO curious",
        "CREATE TABLE locked_up (a int)",
        "CREATE VIEW locked_view AS SELECT 1 AS a",
        "GRANT ALL ON SCHEMA _rudderstack TO curious");
    PostgresSettings settings = server.settings("curious", "postgres");
    String sql =
        "WITH own AS (SELECT 1) SELECT * FROM own, in_part, locked_up, locked_view, \"Vault\".t,"
            + " nowhere.x, pg_catalog.pg_class";

    Check failed = checkQuery(settings, sql).getLast();
    assertThat(failed.name()).isEqualTo(Check.Name.QUERY_TABLES);
    assertThat(failed.code()).isEqualTo("table_access_denied");
    assertThat(failed.message())
        .contains("locked_up, locked_view, Vault.t")
        .contains("nowhere.x")
        .doesNotContain("in_part", "own", "pg_class");

    server.run(remedyOf(failed).toArray(String[]::new));
    Check missing = checkQuery(settings, sql).getLast();
    assertThat(missing.code()).isEqualTo("unknown_table");
    assertThat(missing.message()).contains("nowhere.x").doesNotContain("locked_up");
    assertThat(checkQuery(settings, sql.replace("nowhere.x, ", "")))
        .extracting(Check::status)
        .containsOnly(Check.Status.PASSED)
        .hasSize(4);
  }

  /** It reads no row, so a view that would change something does not. */
  @Test
  void findsOutWithoutReading() throws SQLException {
    server.run(
        "CREATE TABLE read_traces (a int)",
        "CREATE FUNCTION traced() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS"
            + " $$ BEGIN INSERT INTO read_traces VALUES (1); RETURN 1; END $$",
        "CREATE VIEW tracing AS SELECT traced() AS a",
        "GRANT SELECT ON tracing TO reader");

    assertThat(checkQuery(server.reader(), "SELECT * FROM tracing").getLast().status())
        .isEqualTo(Check.Status.PASSED);
    assertThat(server.ask("SELECT count(*) FROM read_traces")).containsExactly("0");
  }

  @Test
  void saysThatItCannotTellTheTablesOfATextThatIsNoTree() {
    List<Check> ended = new ArrayList<>();
    warehouses.check(
        TestServer.login(server.reader(), TestServer.secret()),
        new Query("SELECT 1", Warehouse.POSTGRES),
        TestServer.soon(),
        ended::add);

    assertThat(ended.getLast().code()).isEqualTo("tables_not_known");
  }

  private List<Check> checkQuery(PostgresSettings settings, String sql) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(
        TestServer.login(settings, TestServer.secret()),
        Query.accepted(sql, Warehouse.POSTGRES),
        TestServer.soon(),
        ended::add);
    return ended;
  }

  private List<Check> check(PostgresSettings settings) {
    return check(settings, TestServer.secret());
  }

  private List<Check> check(PostgresSettings settings, Secret secret) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(TestServer.login(settings, secret), null, TestServer.soon(), ended::add);
    return ended;
  }

  private static java.util.List<String> remedyOf(Check failed) {
    return java.util.Objects.requireNonNull(failed.remedy()).sql();
  }
}
