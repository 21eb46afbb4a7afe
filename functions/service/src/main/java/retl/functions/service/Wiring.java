package retl.functions.service;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import retl.api.Api;
import retl.api.Cursors;
import retl.aws.Audits;
import retl.aws.Clients;
import retl.aws.DynamoTokens;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Audit;
import retl.core.Ids;
import retl.core.token.TokenStore;
import retl.core.token.Tokens;
import retl.functions.service.provider.IdentityProvider;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Clock clock = Clock.systemUTC();
  private final Api api;
  private final Tokens tokens;
  private final Tokens rehearsedTokens;
  private final Optional<IdentityProvider> provider;
  private final Audit.Store audits;

  public Wiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables).require(Environment.TABLE, Environment.KEYS_SECRET);
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    Receipts receipts = new Receipts(table, clock);
    SecretKeys keys =
        new SecretKeys(clients::secrets, environment.get(Environment.KEYS_SECRET), clock);
    this.api = new Api(new Cursors(keys, clock), receipts);
    TokenStore store = new DynamoTokens(table, receipts, environment.limits());
    Ids ids = Ids.timeOrdered();
    this.tokens = new Tokens(store, keys, ids, clock);
    this.rehearsedTokens = new Tokens(store, keys.rehearsal(), ids, clock);
    this.provider = IdentityProvider.of(environment, store::isOpen, clock);
    this.audits = new Audits(table);
  }

  Api api() {
    return api;
  }

  Tokens tokens() {
    return tokens;
  }

  /** The same tokens by keys that are none: it recognises nobody. */
  Tokens rehearsedTokens() {
    return rehearsedTokens;
  }

  /** Who signs tokens beside us; empty when nobody is configured. */
  Optional<IdentityProvider> provider() {
    return provider;
  }

  Audit.Store audits() {
    return audits;
  }

  Clock clock() {
    return clock;
  }
}
