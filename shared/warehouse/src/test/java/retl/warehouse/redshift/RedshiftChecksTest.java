package retl.warehouse.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.NetworkRules;
import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Grants;
import retl.warehouse.Query;
import retl.warehouse.TestServer;
import retl.warehouse.Warehouses;

/** The checks through the real driver: each failure has its code, and its remedy mends it. */
@ExtendWith(RedshiftServer.Shared.class)
class RedshiftChecksTest {
  private static final String ODD_DATABASE = "Sales & 50% r db";
  private static final String ODD_USER = "Ana.Maria+r@example.com";

  private final Warehouses warehouses = RedshiftServer.warehouses(NetworkRules.LOCAL);
  private final RedshiftServer redshift;

  RedshiftChecksTest(RedshiftServer redshift) {
    this.redshift = redshift;
  }

  @BeforeAll
  static void makeUsersAndDatabases(RedshiftServer redshift) throws SQLException {
    TestServer server = redshift.server();
    for (String user : List.of(ODD_USER, "r_crowded", "r_no_database", "r_locked", "r_forgetful")) {
      server.createUserOfOldDriver(user);
    }
    server.run(
        "ALTER ROLE r_crowded CONNECTION LIMIT 0",
        "CREATE DATABASE " + Grants.quote(ODD_DATABASE),
        "CREATE DATABASE r_not_for_all",
        "REVOKE CONNECT ON DATABASE r_not_for_all FROM PUBLIC",
        "CREATE DATABASE r_no_schemas",
        "CREATE DATABASE r_state_schema",
        "CREATE SCHEMA r_state",
        "GRANT ALL ON SCHEMA r_state TO " + RedshiftServer.READER,
        "CREATE SCHEMA r_theirs");
    server.runIn(
        "r_no_schemas",
        List.of(
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "CREATE SCHEMA \"Odd \"\"one\"",
            "CREATE TABLE public.t AS SELECT 1 AS a"));
  }

  @Test
  void passesAllThreeInOrder() {
    List<Check> checks = check(withStateSchema(redshift.reader(), "R_State"));

    assertThat(checks).extracting(Check::name).containsExactlyElementsOf(Check.Name.OF_CREDENTIALS);
    assertThat(checks).extracting(Check::status).containsOnly(Check.Status.PASSED);
  }

  @ParameterizedTest
  @CsvSource({
    "r_locked, r_no_schemas, no_readable_schema, listSchemas",
    "r_locked, r_state_schema, state_schema_missing, stateSchema",
    "'" + ODD_USER + "', '" + ODD_DATABASE + "', state_schema_missing, stateSchema"
  })
  void mendsWhatItFindsByItsOwnStatements(String user, String database, String code, String name)
      throws SQLException {
    RedshiftSettings settings = redshift.settings(user, database);

    Check failed = check(settings).getLast();
    assertThat(failed.code()).isEqualTo(code);
    assertThat(failed.name().wireName()).isEqualTo(name);

    redshift.server().runIn(database, remedyOf(failed));
    assertThat(check(settings))
        .anySatisfy(
            check -> {
              assertThat(check.name()).isEqualTo(failed.name());
              assertThat(check.status()).isEqualTo(Check.Status.PASSED);
            });
  }

  @Test
  void mendsAStateSchemaOfSomebodyElse() throws SQLException {
    RedshiftSettings settings = withStateSchema(redshift.reader(), "r_theirs");

    Check failed = check(settings).getLast();
    assertThat(failed.code()).isEqualTo("state_schema_access_denied");

    redshift.server().run(remedyOf(failed).toArray(String[]::new));
    assertThat(check(settings).getLast().status()).isEqualTo(Check.Status.PASSED);
  }

  @ParameterizedTest
  @CsvSource({
    "redshift_reader, nowhere, unknown_database",
    "r_crowded, postgres, too_many_connections",
    "r_no_database, r_not_for_all, database_access_denied",
    "reader, postgres, connection_failed"
  })
  void tellsApartWhyALoginFailed(String user, String database, String code) {
    List<Check> checks = check(redshift.settings(user, database));

    assertThat(checks).singleElement().extracting(Check::code).isEqualTo(code);
    assertThat(checks.toString()).doesNotContain("FATAL").doesNotContain("amazon.redshift");
  }

  @Test
  void tellsAWrongPassword() {
    List<Check> checks =
        check(redshift.settings("r_forgetful", "postgres"), TestServer.secret("wrong"));

    Check failed = checks.getFirst();
    assertThat(failed.code()).isEqualTo("authentication_failed");
    assertThat(remedyOf(failed))
        .containsExactly("ALTER USER \"r_forgetful\" PASSWORD '<new password>';");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, require, PASSED,",
    "127.0.0.1, require, PASSED,",
    "localhost, verify-full, PASSED,",
    "127.0.0.1, verify-full, FAILED, tls_failed"
  })
  void usesTlsAsTheSettingsSay(String host, String sslMode, Check.Status status, String code) {
    Check check =
        check(
                RedshiftServer.settings(
                    host, redshift.port(), RedshiftServer.READER, "postgres", sslMode))
            .getFirst();

    assertThat(check.status()).isEqualTo(status);
    assertThat(check.code()).isEqualTo(code);
  }

  @Test
  void namesTheTablesOfAQueryThatCannotBeRead() throws SQLException {
    redshift.server().createUserOfOldDriver("r_curious");
    redshift
        .server()
        .run(
            "CREATE SCHEMA r_vault",
            "CREATE TABLE r_vault.t (a int)",
            "CREATE TABLE r_open (a int)",
            "GRANT SELECT ON r_open TO r_curious",
            "GRANT ALL ON SCHEMA r_state TO r_curious");
    RedshiftSettings settings =
        withStateSchema(redshift.settings("r_curious", "postgres"), "r_state");
    String sql = "SELECT * FROM r_open, r_vault.t";

    Check failed = checkQuery(settings, sql).getLast();
    assertThat(failed.code()).isEqualTo("table_access_denied");
    assertThat(remedyOf(failed))
        .containsExactly(
            "GRANT USAGE ON SCHEMA \"r_vault\" TO \"r_curious\";",
            "GRANT SELECT ON TABLE \"r_vault\".\"t\" TO \"r_curious\";");

    redshift.server().run(remedyOf(failed).toArray(String[]::new));
    assertThat(checkQuery(settings, sql).getLast().status()).isEqualTo(Check.Status.PASSED);
    assertThat(checkQuery(settings, "SELECT * FROM r_nowhere").getLast().code())
        .isEqualTo("unknown_table");
  }

  private List<Check> checkQuery(RedshiftSettings settings, String sql) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(
        TestServer.login(settings, TestServer.secret()),
        Query.accepted(sql, Warehouse.REDSHIFT),
        TestServer.soon(),
        ended::add);
    return ended;
  }

  private static RedshiftSettings withStateSchema(RedshiftSettings settings, String stateSchema) {
    return RedshiftServer.settings(
        settings.host(),
        settings.port(),
        settings.user(),
        settings.database(),
        settings.sslMode(),
        stateSchema);
  }

  private List<Check> check(RedshiftSettings settings) {
    return check(settings, TestServer.secret());
  }

  private List<Check> check(RedshiftSettings settings, Secret secret) {
    List<Check> ended = new ArrayList<>();
    warehouses.check(TestServer.login(settings, secret), null, TestServer.soon(), ended::add);
    return ended;
  }

  private static List<String> remedyOf(Check failed) {
    return Objects.requireNonNull(failed.remedy()).sql();
  }
}
