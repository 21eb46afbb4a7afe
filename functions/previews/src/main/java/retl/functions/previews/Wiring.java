package retl.functions.previews;

import java.time.Clock;
import java.util.Map;
import retl.api.Api;
import retl.api.Cursors;
import retl.api.Log;
import retl.api.Waiting;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModels;
import retl.aws.DynamoPreviews;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.model.KeyChecks;
import retl.core.preview.Previews;
import retl.sql.SqlGate;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Api api;
  private final Previews previews;
  private final KeyChecks keyChecks;
  private final Waiting waiting;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables)
            .require(Environment.TABLE, Environment.KEYS_SECRET, Environment.PREVIEW_FUNCTION);
    Clock clock = Clock.systemUTC();
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    Receipts receipts = new Receipts(table, clock);
    this.api =
        new Api(
            new Cursors(
                new SecretKeys(clients::secrets, environment.get(Environment.KEYS_SECRET), clock),
                clock),
            receipts);
    DynamoModels models = new DynamoModels(table, receipts);
    this.previews =
        new Previews(
            new DynamoPreviews(table, receipts, environment.limits()),
            new DynamoCredentials(table, receipts),
            models,
            SqlGate.ofTokens(),
            clients.jobs(environment.get(Environment.PREVIEW_FUNCTION)),
            Log.faults(),
            Ids.timeOrdered(),
            clock);
    this.keyChecks = new KeyChecks(models, previews);
    this.waiting = new Waiting(clock, Waiting.Sleeper.real());
  }

  Api api() {
    return api;
  }

  Previews previews() {
    return previews;
  }

  KeyChecks keyChecks() {
    return keyChecks;
  }

  Waiting waiting() {
    return waiting;
  }
}
