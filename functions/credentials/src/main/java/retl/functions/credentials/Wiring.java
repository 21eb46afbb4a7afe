package retl.functions.credentials;

import java.time.Clock;
import java.util.Map;
import retl.api.Api;
import retl.api.Cursors;
import retl.api.Log;
import retl.api.Waiting;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModelUses;
import retl.aws.DynamoModels;
import retl.aws.DynamoUnfinished;
import retl.aws.DynamoValidations;
import retl.aws.Environment;
import retl.aws.LambdaJobs;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.credential.Credentials;
import retl.core.credential.NetworkRules;
import retl.core.model.ModelStore;
import retl.core.validation.Validations;
import retl.sql.SqlGate;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Api api;
  private final Credentials credentials;
  private final Validations validations;
  private final ModelStore models;
  private final NetworkRules networkRules;
  private final Waiting waiting;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables)
            .require(
                Environment.TABLE,
                Environment.KEYS_SECRET,
                Environment.SECRET_PREFIX,
                Environment.VALIDATION_FUNCTION);
    Clock clock = Clock.systemUTC();
    Ids ids = Ids.timeOrdered();
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    SecretsManagerClient secretsManager = clients.secrets();
    Receipts receipts = new Receipts(table, clock);
    SecretsManagerSecrets secrets =
        new SecretsManagerSecrets(
            secretsManager,
            environment.get(Environment.SECRET_PREFIX),
            environment.optional(Environment.SECRET_KEY).orElse(null));
    DynamoUnfinished unfinished = new DynamoUnfinished(table);
    DynamoCredentials store = new DynamoCredentials(table, receipts, environment.limits());
    LambdaJobs jobs = clients.jobs(environment.get(Environment.VALIDATION_FUNCTION));
    this.api =
        new Api(
            new Cursors(
                new SecretKeys(
                    () -> secretsManager, environment.get(Environment.KEYS_SECRET), clock),
                clock),
            receipts);
    this.validations =
        new Validations(
            new DynamoValidations(table, receipts, clock),
            store,
            secrets,
            unfinished,
            SqlGate.ofTokens(),
            jobs,
            Log.faults(),
            ids,
            clock);
    DynamoModelUses modelUses = new DynamoModelUses(table);
    this.credentials =
        new Credentials(
            store, secrets, unfinished, modelUses, validations, Log.faults(), ids, clock);
    this.models = new DynamoModels(table, receipts);
    this.networkRules = environment.networkRules();
    this.waiting = new Waiting(clock, Waiting.Sleeper.real());
  }

  Api api() {
    return api;
  }

  Credentials credentials() {
    return credentials;
  }

  Validations validations() {
    return validations;
  }

  ModelStore models() {
    return models;
  }

  NetworkRules networkRules() {
    return networkRules;
  }

  Waiting waiting() {
    return waiting;
  }
}
