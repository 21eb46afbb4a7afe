package retl.functions.sources;

import java.time.Clock;
import java.util.Map;
import retl.api.Api;
import retl.api.Cursors;
import retl.aws.Clients;
import retl.aws.DynamoSources;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.source.Sources;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Api api;
  private final Sources sources;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables).require(Environment.TABLE, Environment.KEYS_SECRET);
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
    this.sources =
        new Sources(
            new DynamoSources(table, receipts, environment.limits()), Ids.timeOrdered(), clock);
  }

  Api api() {
    return api;
  }

  Sources sources() {
    return sources;
  }
}
