package retl.functions.credentials;

import java.time.Clock;
import java.util.Map;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoModelUses;
import retl.aws.DynamoUnfinished;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretsManagerSecrets;
import retl.aws.Table;
import retl.core.credential.Sweeper;

/** Puts the parts of the sweeper together, from the environment of the function. */
public final class SweepWiring {
  private final Sweeper sweeper;

  public SweepWiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables).require(Environment.TABLE, Environment.SECRET_PREFIX);
    Clock clock = Clock.systemUTC();
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    this.sweeper =
        new Sweeper(
            new DynamoUnfinished(table),
            new DynamoCredentials(table, new Receipts(table, clock)),
            new SecretsManagerSecrets(
                clients.secrets(), environment.get(Environment.SECRET_PREFIX), null),
            new DynamoModelUses(table),
            clients.announcer(),
            clock);
  }

  Sweeper sweeper() {
    return sweeper;
  }
}
