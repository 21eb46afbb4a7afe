package retl.functions.models;

import java.time.Clock;
import java.util.Map;
import retl.api.Api;
import retl.api.Cursors;
import retl.aws.Clients;
import retl.aws.DynamoCredentials;
import retl.aws.DynamoMappings;
import retl.aws.DynamoModels;
import retl.aws.DynamoPreviews;
import retl.aws.DynamoSourceUses;
import retl.aws.DynamoSources;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.SecretKeys;
import retl.aws.Table;
import retl.core.Ids;
import retl.core.model.Drafts;
import retl.core.model.ModelChanges;
import retl.core.model.Models;
import retl.core.source.SourceStore;
import retl.sql.SqlGate;

/** Puts the parts of these functions together, from the environment of the function. */
public final class Wiring {
  private final Api api;
  private final Models models;
  private final ModelChanges changes;
  private final SourceStore sources;

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
    Ids ids = Ids.timeOrdered();
    DynamoModels store = new DynamoModels(table, receipts, environment.limits());
    Drafts drafts =
        new Drafts(
            new DynamoCredentials(table, receipts),
            new DynamoPreviews(table, receipts),
            SqlGate.ofTokens(),
            clock);
    this.models = new Models(store, drafts, ids, clock);
    this.changes =
        new ModelChanges(
            store, drafts, new DynamoMappings(table), new DynamoSourceUses(table), ids, clock);
    this.sources = new DynamoSources(table, receipts);
  }

  Api api() {
    return api;
  }

  Models models() {
    return models;
  }

  ModelChanges changes() {
    return changes;
  }

  SourceStore sources() {
    return sources;
  }
}
