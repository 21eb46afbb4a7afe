package retl.functions.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoPreviews;
import retl.aws.DynamoSchedule;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.preview.RunPreview;
import retl.core.schedule.ScheduledValidations;
import retl.core.validation.RunValidation;
import retl.sql.SqlGate;
import retl.warehouse.Connector;
import retl.warehouse.Trust;
import retl.warehouse.Warehouses;
import retl.warehouse.postgres.PostgresConnector;
import retl.warehouse.redshift.Iam;
import retl.warehouse.redshift.RedshiftConnector;
import retl.warehouse.snowflake.SnowflakeConnector;

/** Puts the parts of the workers together, from the environment of the function. */
public final class Wiring {
  /** Where the operator's layer has its authorities, if there is one. */
  private static final Path AUTHORITIES = Path.of("/opt/ca.pem");

  /** Of the ten seconds that a login has, for each try of up to three calls. */
  private static final Duration OF_IAM = Duration.ofSeconds(3);

  private final Scratch scratch;
  private final RunPreview runPreview;
  private final RunValidation runValidation;
  private final ScheduledValidations scheduledValidations;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables).require(Environment.TABLE, Environment.SECRET_PREFIX);
    // Before anything makes a temporary file.
    this.scratch = environment.isLocal() ? Scratch.none() : Scratch.in(Scratch.OF_LAMBDA);
    Clock clock = Clock.systemUTC();
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    Receipts receipts = new Receipts(table, clock);
    DynamoCredentials credentials = new DynamoCredentials(table, receipts);
    SecretsManagerSecrets secrets =
        new SecretsManagerSecrets(
            clients.secrets(),
            environment.get(Environment.SECRET_PREFIX),
            environment.optional(Environment.SECRET_KEY).orElse(null));
    Warehouses warehouses =
        new Warehouses(
            connectors(environment, clients), environment.networkRules(), trust(), clock);
    SqlGate gate = new SqlGate();
    this.runPreview =
        new RunPreview(
            new DynamoPreviews(table, receipts), credentials, secrets, gate, warehouses, clock);
    DynamoValidations validations = new DynamoValidations(table, receipts, clock);
    this.runValidation =
        new RunValidation(
            validations,
            credentials,
            secrets,
            gate,
            warehouses,
            clients.announcer(),
            new DynamoUnfinished(table),
            clock);
    this.scheduledValidations =
        new ScheduledValidations(
            new DynamoSchedule(table, validations, clock),
            credentials,
            runValidation,
            Ids.timeOrdered(),
            clock);
  }

  /** One line for each kind of warehouse. */
  private static List<Connector<?>> connectors(Environment environment, Clients clients) {
    return List.of(
        new PostgresConnector(),
        new RedshiftConnector(iam(environment, clients)),
        environment
            .snowflakeEndpoint()
            .map(endpoint -> SnowflakeConnector.to(endpoint.getHost(), endpoint.getPort()))
            .orElseGet(SnowflakeConnector::new));
  }

  private static Iam iam(Environment environment, Clients clients) {
    return new Iam(
        clients.http(),
        clients.credentials(),
        environment.region(),
        environment.optional(Environment.ROLE_PRINCIPAL).orElse(""),
        environment.listed(Environment.REDSHIFT_ROLES),
        Set.copyOf(environment.listed(Environment.REDSHIFT_WORKSPACES)),
        OF_IAM,
        environment::endpoint);
  }

  private static Trust trust() {
    return Files.exists(AUTHORITIES) ? Trust.with(AUTHORITIES) : Trust.PLATFORM;
  }

  Scratch scratch() {
    return scratch;
  }

  RunPreview runPreview() {
    return runPreview;
  }

  RunValidation runValidation() {
    return runValidation;
  }

  ScheduledValidations scheduledValidations() {
    return scheduledValidations;
  }
}
