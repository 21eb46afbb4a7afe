package retl.warehouse.postgres;

import java.util.ArrayList;
import java.util.List;
import retl.core.credential.PostgresSettings;
import retl.core.validation.Check.Remedy;
import retl.warehouse.Fault;

/**
 * What mends a failed check after the login: the exact statements, with the credential's own names.
 */
final class PostgresRemedies {
  private static final int MAX_SCHEMAS = 10;

  private PostgresRemedies() {}

  /** An identifier, quoted: a quotation mark inside stands twice. */
  static String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  /**
   * No schema can be read.
   *
   * @param schemas those that there are, for the grants
   */
  static Fault noSchema(PostgresSettings settings, List<String> schemas) {
    String user = quote(settings.user());
    List<String> sql = new ArrayList<>();
    for (String schema : schemas.stream().limit(MAX_SCHEMAS).toList()) {
      sql.add("GRANT USAGE ON SCHEMA " + quote(schema) + " TO " + user + ";");
      sql.add("GRANT SELECT ON ALL TABLES IN SCHEMA " + quote(schema) + " TO " + user + ";");
    }
    return new Fault(
        "no_readable_schema",
        "The user may use no schema of this database.",
        new Remedy(
            "Run these as the owner, for the schemas that your models read."
                + " Tables made later need ALTER DEFAULT PRIVILEGES by the role that makes them.",
            sql));
  }

  static Fault noStateSchema(PostgresSettings settings) {
    String schema = quote(settings.stateSchema());
    String user = quote(settings.user());
    return new Fault(
        "state_schema_missing",
        "There is no schema " + settings.stateSchema() + ", where the state of syncs is kept.",
        new Remedy(
            "Run these as an administrator:",
            List.of(
                "CREATE SCHEMA " + schema + ";",
                "GRANT ALL ON SCHEMA " + schema + " TO " + user + ";")));
  }

  static Fault closedStateSchema(PostgresSettings settings) {
    String schema = quote(settings.stateSchema());
    String user = quote(settings.user());
    return new Fault(
        "state_schema_access_denied",
        "The user may not both use the schema "
            + settings.stateSchema()
            + " and create tables in it.",
        new Remedy(
            "Run these as the owner of the schema:",
            List.of(
                "GRANT ALL ON SCHEMA " + schema + " TO " + user + ";",
                "GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO " + user + ";")));
  }
}
