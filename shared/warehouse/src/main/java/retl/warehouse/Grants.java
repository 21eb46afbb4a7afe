package retl.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import retl.core.query.TableName;
import retl.core.validation.Check.Remedy;

/**
 * What mends a failed check after the login: the exact statements, with the credential's own names.
 * PostgreSQL and Redshift have the same.
 *
 * @param user the one who is granted something
 * @param stateSchema where the state of syncs is kept
 */
public record Grants(String user, String stateSchema) {
  private static final int MAX_SCHEMAS = 10;

  /** An identifier, quoted: a quotation mark inside stands twice. */
  public static String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  /** A table, each part of its name quoted. */
  static String quote(TableName table) {
    return Stream.of(table.catalog(), table.schema(), table.name())
        .filter(Objects::nonNull)
        .map(Grants::quote)
        .collect(Collectors.joining("."));
  }

  /** What lets the user read a table that is there. */
  List<String> ofTable(TableName table) {
    String grantee = quote(user);
    List<String> sql = new ArrayList<>();
    if (table.schema() != null) {
      sql.add("GRANT USAGE ON SCHEMA " + quote(table.schema()) + " TO " + grantee + ";");
    }
    sql.add("GRANT SELECT ON TABLE " + quote(table) + " TO " + grantee + ";");
    return sql;
  }

  /**
   * No schema can be read.
   *
   * @param schemas those that there are, for the grants
   */
  public Fault noSchema(List<String> schemas) {
    String grantee = quote(user);
    List<String> sql = new ArrayList<>();
    for (String schema : schemas.stream().limit(MAX_SCHEMAS).toList()) {
      sql.add("GRANT USAGE ON SCHEMA " + quote(schema) + " TO " + grantee + ";");
      sql.add("GRANT SELECT ON ALL TABLES IN SCHEMA " + quote(schema) + " TO " + grantee + ";");
    }
    return new Fault(
        "no_readable_schema",
        "The user may use no schema of this database.",
        new Remedy(
            "Run these as the owner, for the schemas that your models read."
                + " Tables made later need ALTER DEFAULT PRIVILEGES by the role that makes them.",
            sql));
  }

  /** There is no state schema. */
  public Fault noStateSchema() {
    String schema = quote(stateSchema);
    String grantee = quote(user);
    return new Fault(
        "state_schema_missing",
        "There is no schema " + stateSchema + ", where the state of syncs is kept.",
        new Remedy(
            "Run these as an administrator:",
            List.of(
                "CREATE SCHEMA " + schema + ";",
                "GRANT ALL ON SCHEMA " + schema + " TO " + grantee + ";")));
  }

  /** The state schema belongs to somebody else. */
  public Fault closedStateSchema() {
    String schema = quote(stateSchema);
    String grantee = quote(user);
    return new Fault(
        "state_schema_access_denied",
        "The user may not both use the schema " + stateSchema + " and create tables in it.",
        new Remedy(
            "Run these as the owner of the schema:",
            List.of(
                "GRANT ALL ON SCHEMA " + schema + " TO " + grantee + ";",
                "GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO " + grantee + ";")));
  }
}
