package retl.functions.service;

import java.time.Clock;
import java.util.Map;
import retl.aws.Clients;
import retl.aws.DynamoTokens;
import retl.aws.Environment;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.token.Tokens;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Tokens tokens;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables).require(Environment.TABLE, Environment.KEYS_SECRET);
    Clients clients = new Clients(environment);
    this.tokens =
        new Tokens(
            new DynamoTokens(new Table(clients.dynamo(), environment.get(Environment.TABLE))),
            new SecretKeys(clients.secrets(), environment.get(Environment.KEYS_SECRET), Clock.systemUTC()),
            Ids.timeOrdered(),
            Clock.systemUTC());
  }

  Tokens tokens() {
    return tokens;
  }
}
