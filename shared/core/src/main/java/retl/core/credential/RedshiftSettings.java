package retl.core.credential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.warehouse.Warehouse;

/**
 * Settings of a Redshift warehouse: a cluster, or a Serverless workgroup.
 *
 * @param authentication {@code password}, or {@code iam} for temporary credentials
 * @param sslMode {@code verify-full} or {@code require}
 * @param clusterIdentifier for {@code iam} on a provisioned cluster
 * @param workgroup for {@code iam} on Redshift Serverless
 * @param roleArn a role to take before asking for temporary credentials
 */
public record RedshiftSettings(
    String host,
    int port,
    String database,
    String user,
    String authentication,
    String sslMode,
    @Nullable String clusterIdentifier,
    @Nullable String workgroup,
    @Nullable String region,
    @Nullable String roleArn,
    @Nullable String externalId,
    String stateSchema)
    implements Settings {
  private static final int DEFAULT_PORT = 5439;
  private static final Pattern CLUSTER = Pattern.compile("[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,62}");
  private static final Pattern WORKGROUP = Pattern.compile("[a-z0-9-]{3,64}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-[0-9]");
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]{0,20}:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}");
  // The characters that IAM's AssumeRole allows in an external id.
  private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9_+=,.@:/-]{2,1224}");

  static RedshiftSettings read(Fields fields, NetworkRules rules) {
    RedshiftSettings settings =
        new RedshiftSettings(
            Grammar.host(fields, rules),
            Grammar.port(fields, DEFAULT_PORT),
            Grammar.identifier(fields, "database"),
            Grammar.identifier(fields, "user"),
            Grammar.oneOf(fields, "authentication", List.of("password", "iam"), false),
            Grammar.oneOf(fields, "sslMode", List.of("verify-full", "require"), true),
            Grammar.optionalMatch(
                fields,
                "clusterIdentifier",
                CLUSTER,
                "Give the identifier of the cluster, in lower case."),
            Grammar.optionalMatch(
                fields,
                "workgroup",
                WORKGROUP,
                "Give the name of the Serverless workgroup, in lower case."),
            Grammar.optionalMatch(fields, "region", REGION, "Give a region such as eu-west-1."),
            Grammar.optionalMatch(fields, "roleArn", ROLE, "Give the ARN of an IAM role."),
            Grammar.optionalMatch(
                fields,
                "externalId",
                EXTERNAL_ID,
                "2 to 1224 of letters, digits and _ + = , . @ : / -."),
            Grammar.identifierOr(fields, "stateSchema", "_rudderstack"));
    settings.checkTogether(fields);
    return settings;
  }

  private void checkTogether(Fields fields) {
    boolean iam = authentication.equals("iam");
    if (iam && clusterIdentifier == null && workgroup == null && !fields.isBad("authentication")) {
      fields.bad(
          "clusterIdentifier", Code.MISSING, "For iam, name the cluster here, or the workgroup.");
    }
    if (clusterIdentifier != null && workgroup != null) {
      fields.bad("workgroup", Code.INVALID, "Name either the cluster or the workgroup.");
    }
    if (externalId != null && roleArn == null) {
      fields.bad("externalId", Code.INVALID, "An external id needs a roleArn.");
    }
  }

  @Override
  public Warehouse warehouse() {
    return Warehouse.REDSHIFT;
  }

  @Override
  public SecretShape secretShape() {
    return authentication.equals("iam")
        ? new SecretShape(Set.of(), Set.of())
        : SecretShape.of("password");
  }

  @Override
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("host", host);
    values.put("port", port);
    values.put("database", database);
    values.put("user", user);
    values.put("authentication", authentication);
    values.put("sslMode", sslMode);
    Grammar.putIfSet(values, "clusterIdentifier", clusterIdentifier);
    Grammar.putIfSet(values, "workgroup", workgroup);
    Grammar.putIfSet(values, "region", region);
    Grammar.putIfSet(values, "roleArn", roleArn);
    Grammar.putIfSet(values, "externalId", externalId);
    values.put("stateSchema", stateSchema);
    return values;
  }
}
