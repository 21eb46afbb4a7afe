package retl.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static retl.warehouse.snowflake.SnowflakeStub.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retl.core.credential.SnowflakeSettings;
import retl.core.validation.Check;
import retl.warehouse.snowflake.SnowflakeStub.Context;

/** The checks after the login, on answers as Snowflake's SHOW commands give them. */
class SnowflakeChecksTest {
  /** Whatever else a statement does, a warehouse may have to run for it. */
  private static final Pattern NEEDS_NO_WAREHOUSE =
      Pattern.compile("SHOW .*|SELECT (IS_ROLE_IN_SESSION\\('[^']*'\\)(, )?)+");

  private final SnowflakeStub stub = SnowflakeStub.withTls();
  private final Account account = new Account(stub);

  @BeforeEach
  void allIsWell() {
    warehouse("STARTED", "true");
    schemas("PUBLIC", "_RUDDERSTACK", "INFORMATION_SCHEMA");
    stub.texts("SHOW TERSE SCHEMAS LIKE", List.of("name"), List.of(List.of("_RUDDERSTACK")));
    grants("CREATE TABLE|READER", "USAGE|READER");
    rolesInSession("READER");
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void passesAllThreeInOrderAndNeedsNoWarehouse() {
    List<Check> checks = check(null);

    assertThat(checks).extracting(Check::name).containsExactlyElementsOf(Check.Name.OF_CREDENTIALS);
    assertThat(checks).extracting(Check::status).containsOnly(Check.Status.PASSED);
    assertThat(stub.statements())
        .hasSize(5)
        .allSatisfy(sql -> assertThat(sql).matches(NEEDS_NO_WAREHOUSE));
  }

  @ParameterizedTest
  @CsvSource({"LOADING,, unknown_database", ", SHOP, warehouse_access_denied"})
  void noticesWhatTheLoginKeepsSilentAbout(
      @Nullable String warehouse, @Nullable String database, String code) {
    stub.context(new Context("READER", warehouse, database));

    assertThat(check(null)).singleElement().extracting(Check::code).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "STARTED, false, ",
    "SUSPENDED, true, ",
    "RESUMING, false, ",
    "SUSPENDED, false, warehouse_suspended"
  })
  void tellsOfAWarehouseThatStandsStillForGood(
      String state, String autoResume, @Nullable String code) {
    warehouse(state, autoResume);

    assertThat(check(null).get(1).code()).isEqualTo(code);
  }

  @Test
  void wantsASchemaToRead() {
    schemas("INFORMATION_SCHEMA", "_RUDDERSTACK");

    assertThat(failed(check(null)))
        .containsExactly(
            "no_readable_schema",
            "GRANT USAGE ON ALL SCHEMAS IN DATABASE \"SHOP\" TO ROLE \"READER\";",
            "GRANT SELECT ON ALL TABLES IN DATABASE \"SHOP\" TO ROLE \"READER\";",
            "GRANT SELECT ON ALL VIEWS IN DATABASE \"SHOP\" TO ROLE \"READER\";",
            "GRANT SELECT ON FUTURE TABLES IN DATABASE \"SHOP\" TO ROLE \"READER\";",
            "GRANT SELECT ON FUTURE VIEWS IN DATABASE \"SHOP\" TO ROLE \"READER\";");
  }

  @ParameterizedTest
  @CsvSource({"public, ", "Public, ", "My-Sales, no_readable_schema", "sales, no_readable_schema"})
  void wantsTheSchemaThatTheSettingsName(String schema, @Nullable String code) {
    assertThat(check(schema).get(1).code()).isEqualTo(code);
  }

  @Test
  void wantsTheStateSchema() {
    stub.texts("SHOW TERSE SCHEMAS LIKE", List.of("name"), List.of(List.of("XRUDDERSTACK")));

    assertThat(failed(check(null)))
        .containsExactly(
            "state_schema_missing",
            "CREATE SCHEMA IF NOT EXISTS \"SHOP\".\"_RUDDERSTACK\";",
            "GRANT ALL PRIVILEGES ON SCHEMA \"SHOP\".\"_RUDDERSTACK\" TO ROLE \"READER\";");
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE TABLE|READER, USAGE|READER, ",
    "OWNERSHIP|READER, USAGE|OTHER, ",
    "CREATE TABLE|PARENT, USAGE|READER, ",
    "CREATE TABLE|OTHER, USAGE|READER, state_schema_access_denied",
    "CREATE TABLE|READER, MONITOR|READER, state_schema_access_denied",
    "OWNERSHIP|OTHER, USAGE|OTHER, state_schema_access_denied"
  })
  void wantsToMakeTablesInTheStateSchema(String one, String other, @Nullable String code) {
    grants(one, other);
    rolesInSession("READER", "PARENT");

    assertThat(check(null).getLast().code()).isEqualTo(code);
  }

  @Test
  void reportsAConnectionThatBroke() {
    stub.on("SHOW TERSE SCHEMAS IN", call -> new SnowflakeStub.Answer(400, "no"));

    assertThat(check(null).getLast().code()).isEqualTo("connection_lost");
  }

  @Test
  void asksForTheColumnsOfEachTableOfAQueryAndRunsNothing() {
    stub.rows("SELECT 1 FROM \"ORDERS\"", List.of(column("1", "fixed")), List.of());
    stub.rows("SELECT 1 FROM \"RAW\".\"ORDERS\"", List.of(column("1", "fixed")), List.of());

    List<Check> checks = account.checkQuery("SELECT * FROM orders, raw.orders");

    assertThat(checks).extracting(Check::status).containsOnly(Check.Status.PASSED).hasSize(4);
    assertThat(stub.calls())
        .filteredOn(call -> call.sql().startsWith("SELECT 1 FROM"))
        .hasSize(2)
        .allSatisfy(call -> assertThat(call.body()).containsEntry("describeOnly", "true"));
  }

  @Test
  void namesTheTablesOfAQueryThatTheRoleDoesNotSee() {
    stub.rows("SELECT 1 FROM \"ORDERS\"", List.of(column("1", "fixed")), List.of());
    stub.on(
        "SELECT 1 FROM \"Odd one\"",
        call -> SnowflakeStub.error(2003, "42S02", "SQL compilation error: no such object"));

    List<Check> checks = account.checkQuery("SELECT * FROM orders, \"Odd one\"");

    assertThat(checks.getLast().message()).contains("Odd one").doesNotContain("ORDERS");
    assertThat(failed(checks))
        .containsExactly(
            "table_access_denied",
            "GRANT USAGE ON DATABASE \"SHOP\" TO ROLE \"READER\";",
            "GRANT USAGE ON SCHEMA \"SHOP\".\"PUBLIC\" TO ROLE \"READER\";",
            "GRANT SELECT ON TABLE \"SHOP\".\"PUBLIC\".\"Odd one\" TO ROLE \"READER\"; -- or VIEW");
  }

  private List<Check> check(@Nullable String schema) {
    SnowflakeSettings settings = Account.settings("password", "reader", schema);
    return account.check(settings, Account.PASSWORD);
  }

  /** The code of the last check and the statements of its remedy. */
  private static List<String> failed(List<Check> checks) {
    Check last = checks.getLast();
    List<String> all = new ArrayList<>();
    all.add(String.valueOf(last.code()));
    all.addAll(Objects.requireNonNull(last.remedy()).sql());
    return all;
  }

  private void warehouse(String state, String autoResume) {
    stub.texts(
        "SHOW WAREHOUSES LIKE 'LOADING'",
        List.of("name", "state", "type", "auto_resume"),
        List.of(
            List.of("LOADING_2", "SUSPENDED", "STANDARD", "false"),
            List.of("LOADING", state, "STANDARD", autoResume)));
  }

  private void schemas(String... names) {
    stub.texts(
        "SHOW TERSE SCHEMAS IN DATABASE \"SHOP\"",
        List.of("created_on", "name", "kind", "database_name"),
        List.of(names).stream().map(name -> List.of("", name, "", "SHOP")).toList());
  }

  private void grants(String... privilegeAndRole) {
    stub.texts(
        "SHOW GRANTS ON SCHEMA \"SHOP\".\"_RUDDERSTACK\"",
        List.of("privilege", "granted_on", "name", "granted_to", "grantee_name"),
        List.of(privilegeAndRole).stream()
            .map(it -> it.split("\\|", -1))
            .map(it -> List.of(it[0], "SCHEMA", "SHOP._RUDDERSTACK", "ROLE", it[1]))
            .toList());
  }

  private void rolesInSession(String... roles) {
    Set<String> held = Set.of(roles);
    stub.on(
        "IS_ROLE_IN_SESSION",
        call -> {
          List<String> asked =
              Pattern.compile("'([^']*)'")
                  .matcher(call.sql())
                  .results()
                  .map(it -> it.group(1))
                  .toList();
          return stub.result(
              asked.stream().map(it -> column(it, "boolean")).toList(),
              List.of(asked.stream().map(it -> held.contains(it) ? "1" : "0").toList()));
        });
  }
}
