package retl.warehouse.snowflake;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import retl.core.credential.SnowflakeSettings;
import retl.core.query.TableName;
import retl.core.validation.Check.Remedy;
import retl.warehouse.Fault;

/**
 * What mends a failed check: the exact statements, with the credential's own names. {@code
 * docs/credentials.md} prints the same ones.
 */
final class SnowflakeRemedies {
  private static final String AS_ADMINISTRATOR = "Run these as an administrator:";

  private SnowflakeRemedies() {}

  static Fault unknownAccount() {
    return new Fault(
        "unknown_account",
        "There is no Snowflake account of this identifier.",
        new Remedy(
            "Give what this query prints, or the locator with its region, such as"
                + " xy12345.eu-central-1:",
            List.of("SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME();")));
  }

  static Fault wrongLogin(SnowflakeSettings settings) {
    String user = Names.quoted(settings.user());
    return settings.authentication().equals("token")
        ? new Fault(
            "authentication_failed",
            "Snowflake does not take this user with this token.",
            new Remedy(
                "Check the user, and whether the token has expired or was made for another role. To"
                    + " make a new one, run this as an administrator:",
                List.of(
                    "ALTER USER "
                        + user
                        + " ADD PROGRAMMATIC ACCESS TOKEN RETL_MODELS ROLE_RESTRICTION = "
                        + Names.literal(role(settings))
                        + ";")))
        : new Fault(
            "authentication_failed",
            "Snowflake does not take this user with this password.",
            new Remedy(
                "Check user and password. To set a new password, run this as an administrator:",
                List.of("ALTER USER " + user + " SET PASSWORD = '<new password>';")));
  }

  static Fault wrongKey(SnowflakeSettings settings) {
    return new Fault(
        "authentication_failed",
        "Snowflake does not take this user with this private key.",
        new Remedy(
            "Check user and account, and give the user the public half of the key:",
            List.of(
                "ALTER USER "
                    + Names.quoted(settings.user())
                    + " SET RSA_PUBLIC_KEY = '<public key>';")));
  }

  static Fault secondFactor(SnowflakeSettings settings) {
    return new Fault(
        "authentication_method",
        "Snowflake wants a second factor of this user, which nobody can give here.",
        new Remedy(
            "Use a key pair with a user of the type that services have:",
            List.of(
                "ALTER USER "
                    + Names.quoted(settings.user())
                    + " SET TYPE = SERVICE, RSA_PUBLIC_KEY = '<public key>';")));
  }

  static Fault lockedUser(SnowflakeSettings settings) {
    String user = Names.quoted(settings.user());
    return new Fault(
        "user_locked",
        "The user is locked or disabled.",
        new Remedy(
            AS_ADMINISTRATOR,
            List.of(
                "ALTER USER " + user + " SET MINS_TO_UNLOCK = 0;",
                "ALTER USER " + user + " SET DISABLED = FALSE;")));
  }

  static Fault networkPolicy(SnowflakeSettings settings) {
    return new Fault(
        "network_policy",
        "A network policy of the account or of the user does not let this service in.",
        new Remedy(
            "Add the addresses that this service calls from to the policy that one of these names:",
            List.of(
                "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER "
                    + Names.quoted(settings.user())
                    + ";",
                "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT;",
                "ALTER NETWORK POLICY <policy> SET ALLOWED_IP_LIST ="
                    + " (<those it has>, '<address>');")));
  }

  static Fault networkPolicyNeeded(SnowflakeSettings settings) {
    return new Fault(
        "network_policy",
        "Snowflake takes a token only from a user with a network policy, and this user has none.",
        new Remedy(
            "Give the user a policy with the addresses that this service calls from:",
            List.of(
                "CREATE NETWORK POLICY RETL_MODELS ALLOWED_IP_LIST = ('<address>');",
                "ALTER USER "
                    + Names.quoted(settings.user())
                    + " SET NETWORK_POLICY = RETL_MODELS;")));
  }

  static Fault unknownRole(SnowflakeSettings settings) {
    String role = role(settings);
    return new Fault(
        "role_denied",
        "The user does not have the role " + role + ", or there is none of this name.",
        new Remedy(
            AS_ADMINISTRATOR,
            List.of(
                "CREATE ROLE IF NOT EXISTS " + Names.exact(role) + ";",
                "GRANT ROLE "
                    + Names.exact(role)
                    + " TO USER "
                    + Names.quoted(settings.user())
                    + ";")));
  }

  /**
   * @param role that the session has
   */
  static Fault unknownWarehouse(SnowflakeSettings settings, String role) {
    return new Fault(
        "warehouse_access_denied",
        "There is no warehouse "
            + Names.stored(settings.virtualWarehouse())
            + " that the role "
            + role
            + " may use.",
        new Remedy(
            "Check the name; then run this as an administrator:",
            List.of(
                "GRANT USAGE ON WAREHOUSE "
                    + Names.quoted(settings.virtualWarehouse())
                    + " TO ROLE "
                    + Names.exact(role)
                    + ";")));
  }

  static Fault suspendedWarehouse(SnowflakeSettings settings) {
    String warehouse = Names.quoted(settings.virtualWarehouse());
    return new Fault(
        "warehouse_suspended",
        "The warehouse "
            + Names.stored(settings.virtualWarehouse())
            + " is suspended and does not resume by itself.",
        new Remedy(
            "Let it resume when there is a query:",
            List.of("ALTER WAREHOUSE " + warehouse + " SET AUTO_RESUME = TRUE;")));
  }

  static Fault unknownDatabase(SnowflakeSettings settings, String role) {
    return new Fault(
        "unknown_database",
        "There is no database "
            + Names.stored(settings.database())
            + " that the role "
            + role
            + " may use.",
        new Remedy(
            "Check the name; then run this as an administrator:",
            List.of(
                "GRANT USAGE ON DATABASE "
                    + Names.quoted(settings.database())
                    + " TO ROLE "
                    + Names.exact(role)
                    + ";")));
  }

  /** No schema can be read, or not the one that the settings name. */
  static Fault noSchema(SnowflakeSettings settings, String role) {
    String schema = settings.schema();
    String database = "DATABASE " + Names.quoted(settings.database());
    String to = " TO ROLE " + Names.exact(role) + ";";
    String where = schema == null ? database : "SCHEMA " + inDatabase(settings, schema);
    List<String> sql = new ArrayList<>();
    sql.add("GRANT USAGE ON " + (schema == null ? "ALL SCHEMAS IN " + database : where) + to);
    for (String what : List.of("ALL TABLES", "ALL VIEWS", "FUTURE TABLES", "FUTURE VIEWS")) {
      sql.add("GRANT SELECT ON " + what + " IN " + where + to);
    }
    return new Fault(
        "no_readable_schema",
        schema == null
            ? "The role " + role + " may use no schema of this database."
            : "The role " + role + " may not use the schema " + Names.stored(schema) + ".",
        new Remedy("Run these as the owner, for the schemas that your models read.", sql));
  }

  static Fault noStateSchema(SnowflakeSettings settings, String role) {
    String schema = inDatabase(settings, settings.stateSchema());
    return new Fault(
        "state_schema_missing",
        "There is no schema "
            + Names.stored(settings.stateSchema())
            + ", where the state of syncs is kept, or the role "
            + role
            + " may not see it.",
        new Remedy(
            AS_ADMINISTRATOR,
            List.of(
                "CREATE SCHEMA IF NOT EXISTS " + schema + ";",
                "GRANT ALL PRIVILEGES ON SCHEMA "
                    + schema
                    + " TO ROLE "
                    + Names.exact(role)
                    + ";")));
  }

  static Fault closedStateSchema(SnowflakeSettings settings, String role) {
    String schema = inDatabase(settings, settings.stateSchema());
    return new Fault(
        "state_schema_access_denied",
        "The role "
            + role
            + " may not both use the schema "
            + Names.stored(settings.stateSchema())
            + " and create tables in it.",
        new Remedy(
            "Run these as the owner of the schema:",
            List.of(
                "GRANT ALL PRIVILEGES ON SCHEMA " + schema + " TO ROLE " + Names.exact(role) + ";",
                "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA "
                    + schema
                    + " TO ROLE "
                    + Names.exact(role)
                    + ";")));
  }

  /** A schema's name as the settings have it, with its database. */
  static String inDatabase(SnowflakeSettings settings, String schema) {
    return Names.quoted(settings.database()) + "." + Names.quoted(schema);
  }

  /**
   * What lets the role read a table, whose schema and database are those of the settings if unsaid.
   */
  static List<String> ofTable(SnowflakeSettings settings, String role, TableName table) {
    String catalog =
        Names.exact(Objects.requireNonNullElse(table.catalog(), Names.stored(settings.database())));
    String usual = settings.schema();
    String schema =
        catalog
            + "."
            + Names.exact(
                Objects.requireNonNullElse(
                    table.schema(), usual == null ? "PUBLIC" : Names.stored(usual)));
    String to = " TO ROLE " + Names.exact(role) + ";";
    return List.of(
        "GRANT USAGE ON DATABASE " + catalog + to,
        "GRANT USAGE ON SCHEMA " + schema + to,
        "GRANT SELECT ON TABLE " + schema + "." + Names.exact(table.name()) + to + " -- or VIEW");
  }

  /** The role that the settings ask for. */
  static String role(SnowflakeSettings settings) {
    String role = settings.role();
    return role == null ? "PUBLIC" : Names.stored(role);
  }
}
